"""An identity service on loopback: real HTTP, real signatures, and whatever may be wrong with either."""

from __future__ import annotations

import base64
import hashlib
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey

CLIENT, SECRET = "rouwen", "loopback-secret"
SUBJECT, NAME = "u-3301", "王某"

Change = Callable[[dict[str, Any]], None]


def nothing(_told: dict[str, Any]) -> None:
    return None


@dataclass
class Identity:
    """``change`` spoils the claims before they are signed, ``sign`` signs them otherwise, ``about`` is put
    over what the service says of itself; ``answers`` gives fixed answers by path."""

    address: str = ""
    key: ECKey = field(default_factory=lambda: ECKey.generate_key("P-256", {"kid": "one"}))
    subject: str = SUBJECT
    claims: dict[str, Any] = field(default_factory=lambda: {"name": NAME})
    change: Change = nothing
    sign: Callable[[dict[str, Any]], str] | None = None
    about: dict[str, Any] = field(default_factory=dict)
    userinfo: dict[str, Any] = field(default_factory=dict)
    answers: dict[str, tuple[int, bytes]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)

    def describe(self) -> dict[str, Any]:
        paths = {"authorization_endpoint": "authorize", "token_endpoint": "token", "jwks_uri": "keys"}
        paths |= {"userinfo_endpoint": "userinfo", "end_session_endpoint": "end"}
        told = {name: f"{self.address}/{path}" for name, path in paths.items()}
        return {"issuer": self.address, **told, **self.about}

    def agree(self, address: str, **more: str) -> str:
        """The person signs in at the address that they were sent to; where that sends them back."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        assert asked["client_id"] == CLIENT
        assert asked["response_type"] == "code"
        assert asked["code_challenge_method"] == "S256"
        assert "openid" in asked["scope"].split()
        code = f"code-{len(self.codes)}"
        self.codes[code] = asked
        answer = {"code": code, "state": asked["state"], **more}
        return f"{asked['redirect_uri']}?{urlencode(answer)}"

    def token(self, form: dict[str, str], authorization: str) -> tuple[int, dict[str, Any]]:
        basic = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        proven = authorization == f"Basic {basic}" or form.get("client_secret") == SECRET
        asked = self.codes.pop(form.get("code", ""), None)
        if not proven or asked is None or form["redirect_uri"] != asked["redirect_uri"]:
            return 400, {"error": "invalid_grant"}
        digest = hashlib.sha256(form["code_verifier"].encode()).digest()
        if base64.urlsafe_b64encode(digest).rstrip(b"=").decode() != asked["code_challenge"]:
            return 400, {"error": "invalid_grant"}
        now = int(time.time())
        claims = {
            "iss": self.address,
            "sub": self.subject,
            "aud": CLIENT,
            "iat": now,
            "exp": now + 300,
            "nonce": asked["nonce"],
            **self.claims,
        }
        self.change(claims)
        signed = self.sign(claims) if self.sign else self.signed(claims)
        return 200, {"access_token": "at", "token_type": "Bearer", "expires_in": 300, "id_token": signed}

    def signed(self, claims: dict[str, Any], key: ECKey | None = None) -> str:
        used = key or self.key
        return jwt.encode({"alg": "ES256", "kid": used.kid}, claims, used)


def unsigned(claims: dict[str, Any]) -> str:
    parts = (json.dumps({"alg": "none", "typ": "JWT"}), json.dumps(claims), "")
    return ".".join(base64.urlsafe_b64encode(part.encode()).rstrip(b"=").decode() for part in parts)


@contextmanager
def serving() -> Iterator[Identity]:
    """The service while it runs; it is stopped and joined at the end."""
    identity = Identity()

    class Answering(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = urlsplit(self.path).path
            if path == "/authorize":
                self.send_back()
                return
            told = {"/.well-known/openid-configuration": identity.describe, "/keys": self.keys}
            told["/userinfo"] = lambda: {"sub": identity.subject, **identity.userinfo}
            self.say(path, 200, told[path]() if path in told else {})

        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            form = {n: v[0] for n, v in parse_qs(self.rfile.read(length).decode()).items()}
            self.say("/token", *identity.token(form, self.headers.get("Authorization", "")))

        def send_back(self) -> None:
            """A browser that comes here has signed in at once."""
            self.send_response(302)
            self.send_header("Location", identity.agree(self.path))
            self.send_header("Content-Length", "0")
            self.end_headers()

        def keys(self) -> dict[str, Any]:
            return {"keys": [{**identity.key.as_dict(private=False), "use": "sig"}]}

        def say(self, path: str, status: int, told: dict[str, Any]) -> None:
            identity.asked.append(path)
            status, body = identity.answers.get(path, (status, json.dumps(told).encode()))
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            return None

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    identity.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield identity
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
