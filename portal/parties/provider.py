"""The identity service (OpenID Connect) as the portal talks to it; the only file that knows Authlib.

Authorization code with PKCE. What comes back counts only with the state, the nonce and the verifier that
went out, in a token that the service itself signed, for this portal, just now.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from portal.database import now
from portal.settings import Oidc, is_safe_service

from .identity import Identity, Pending, ServiceDown, SignInRefused
from .keeping import KEPT_SECONDS, Kept

if TYPE_CHECKING:
    from authlib.integrations.requests_client import OAuth2Session

SCOPE = "openid profile"
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
"""Signatures by a key that the service alone holds; ``none`` and shared secrets are not among them."""
TIMEOUT = 6.0
LEEWAY = 60
KEYS_AGAIN_SECONDS = 30
MAX_SUBJECT = 255


class IdentityService:
    """One service. What it says of itself and its keys are fetched when needed and kept for an hour."""

    def __init__(self, oidc: Oidc) -> None:
        self.issuer = oidc.issuer
        self._oidc = oidc
        self._about = Kept(self._checked_about)
        self._keys = Kept(lambda: self._fetch(self._about()["jwks_uri"]))

    def way_in(self, callback: str, pending: Pending) -> str:
        """Where the party signs in; ServiceDown where the service cannot be asked."""
        with self._client(callback) as client:
            address: str = client.create_authorization_url(
                self._about()["authorization_endpoint"],
                state=pending.state,
                nonce=pending.nonce,
                code_verifier=pending.verifier,
            )[0]
        return address

    def identify(self, callback: str, returned: Mapping[str, str], pending: Pending) -> Identity:
        """Who came back. ``returned`` is the query of the address they came to, its state checked before.

        SignInRefused where it proves nobody, ServiceDown where the service could not be asked.
        """
        self._check_sender(returned)
        code = returned.get("code", "")
        if not code:
            raise SignInRefused("no_code")
        with self._client(callback) as client:
            token = self._token(client, code, pending)
            claims = self._claims(token, pending)
            name = claims.get("name") or self._name(client, token, claims["sub"])
        return Identity(claims["sub"], name if isinstance(name, str) else "")

    def way_out(self, back: str) -> str:
        """Where the party signs out of the service itself; empty where it names no such place, or is down."""
        try:
            place = self._about().get("end_session_endpoint")
        except ServiceDown:
            return ""
        if not isinstance(place, str) or not is_safe_service(place):
            return ""
        query = urlencode({"client_id": self._oidc.client_id, "post_logout_redirect_uri": back})
        return f"{place}{'&' if '?' in place else '?'}{query}"

    def _client(self, callback: str) -> OAuth2Session:
        from authlib.integrations.requests_client import OAuth2Session

        client = OAuth2Session(
            self._oidc.client_id,
            self._oidc.client_secret,
            scope=SCOPE,
            redirect_uri=callback,
            code_challenge_method="S256",
            default_timeout=TIMEOUT,
        )
        client.trust_env = False  # neither a .netrc nor anything else adds to what is sent
        return client

    def _check_sender(self, returned: Mapping[str, str]) -> None:
        """The service names itself where it can (RFC 9207), so that no other can answer in its place."""
        named = self._about().get("authorization_response_iss_parameter_supported") is True
        if returned.get("iss", self.issuer if not named else "") != self.issuer:
            raise SignInRefused("issuer")

    def _token(self, client: OAuth2Session, code: str, pending: Pending) -> dict[str, Any]:
        from authlib.integrations.base_client import OAuthError

        about = self._about()
        ways = about.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
        if "client_secret_basic" not in ways and "client_secret_post" in ways:
            client.token_endpoint_auth_method = "client_secret_post"  # noqa: S105  the name of a way
        try:
            token: dict[str, Any] = client.fetch_token(
                about["token_endpoint"],
                grant_type="authorization_code",
                code=code,
                code_verifier=pending.verifier,
                redirect_uri=client.redirect_uri,
                allow_redirects=False,
            )
        except OAuthError as refused:
            raise SignInRefused("code") from refused
        except (OSError, ValueError) as failed:
            raise ServiceDown(f"token: {type(failed).__name__}") from failed
        return token

    def _claims(self, token: Mapping[str, Any], pending: Pending) -> dict[str, Any]:
        """The claims of the token, every one of them checked (OpenID Connect Core 3.1.3.7)."""
        from authlib.oidc.core import CodeIDToken
        from joserfc.errors import JoseError

        header, told = self._verified(token.get("id_token"))
        claims = CodeIDToken(
            told,
            header,
            options={
                "iss": {"essential": True, "value": self.issuer},
                "aud": {"essential": True, "value": self._oidc.client_id},
                "nonce": {"essential": True, "value": pending.nonce},
            },
            params={
                "client_id": self._oidc.client_id,
                "nonce": pending.nonce,
                "access_token": token.get("access_token"),
            },
        )
        try:
            claims.validate(now=int(now().timestamp()), leeway=LEEWAY)
        except (JoseError, TypeError, ValueError) as wrong:
            raise SignInRefused(f"claims: {type(wrong).__name__}") from wrong
        if not isinstance(claims["sub"], str) or not 0 < len(claims["sub"]) <= MAX_SUBJECT:
            raise SignInRefused("subject")
        return dict(claims)

    def _verified(self, id_token: object) -> tuple[dict[str, Any], dict[str, Any]]:
        """Header and claims of a token that one of the service's keys signed; asks for its keys once more
        where none did, since they change."""
        from joserfc.errors import JoseError
        from joserfc.jwk import KeySet
        from joserfc.jwt import decode

        if not isinstance(id_token, str):
            raise SignInRefused("no_token")
        for age in (KEPT_SECONDS, KEYS_AGAIN_SECONDS):
            try:
                keys = KeySet.import_key_set(self._keys(age))
                token = decode(id_token, keys, algorithms=ALGORITHMS)
            except (JoseError, TypeError, ValueError, KeyError) as wrong:
                refused = SignInRefused(f"signature: {type(wrong).__name__}")
            else:
                return dict(token.header), token.claims
        raise refused

    def _name(self, client: OAuth2Session, token: Mapping[str, Any], subject: str) -> object:
        """The name from where many services keep it. It is only for filling in: without it nothing fails."""
        place = self._about().get("userinfo_endpoint")
        if not isinstance(place, str) or not is_safe_service(place) or not token.get("access_token"):
            return ""
        try:
            told = client.get(place, allow_redirects=False).json()
        except Exception:  # whatever a service that proved the person makes of this further question
            return ""
        return told.get("name") if isinstance(told, dict) and told.get("sub") == subject else ""

    def _checked_about(self) -> dict[str, Any]:
        about = self._fetch(f"{self.issuer.rstrip('/')}/.well-known/openid-configuration")
        if about.get("issuer") != self.issuer:
            raise ServiceDown("discovery: another issuer")
        for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
            place = about.get(name)
            if not isinstance(place, str) or not is_safe_service(place):
                raise ServiceDown(f"discovery: {name}")
        return about

    def _fetch(self, address: str) -> dict[str, Any]:
        with self._client("") as client:
            try:
                answer = client.get(address, withhold_token=True, allow_redirects=False)
                told = answer.json() if answer.status_code == 200 else None
            except (OSError, ValueError) as failed:
                raise ServiceDown(f"fetch: {type(failed).__name__}") from failed
        if not isinstance(told, dict):
            raise ServiceDown("fetch: no JSON object")
        return told
