"""What a sign-in through the identity service comes to: someone, nobody, or no answer."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field


class ServiceDown(Exception):  # noqa: N818  named for what the party is told
    """The identity service does not answer, or not as one; the message is for the operator's log."""


class SignInRefused(Exception):  # noqa: N818  named for what the party is told
    """What came back proves nobody; the message is one word for the operator's log."""


@dataclass(frozen=True, slots=True)
class Pending:
    """A sign-in on its way: what must come back with it, and what only this portal knows."""

    state: str = field(repr=False)
    nonce: str = field(repr=False)
    verifier: str = field(repr=False)

    @classmethod
    def make(cls) -> Pending:
        return cls(secrets.token_urlsafe(24), secrets.token_urlsafe(24), secrets.token_urlsafe(48))


@dataclass(frozen=True, slots=True)
class Identity:
    """Who signed in: ``subject`` is the service's own name for them, which nobody else has there."""

    subject: str = field(repr=False)
    name: str = field(repr=False)
