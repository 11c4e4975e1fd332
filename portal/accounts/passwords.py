"""Passwords: how they are kept, and which may be chosen."""

from __future__ import annotations

import secrets
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from portal.errors import FieldError
from portal.policy import policy

ALPHABET = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # without letters that look alike
KINDS = (str.isupper, str.islower, str.isdigit, lambda character: not character.isalnum())
HASHER = PasswordHasher()


def one_time_password() -> str:
    """A password that is told once and must be changed at its first use."""
    return "".join(secrets.choice(ALPHABET) for _ in range(14))


def hash_password(password: str) -> str:
    return HASHER.hash(password)


def password_matches(password_hash: str, password: str) -> bool:
    """Whether this is the password; it takes as long whatever the answer is."""
    try:
        return HASHER.verify(password_hash, password)
    except (VerificationError, InvalidHashError):
        return False


def outdated(password_hash: str) -> bool:
    """True for a hash that was made with weaker parameters than today's."""
    return HASHER.check_needs_rehash(password_hash)


@cache
def nobodys_hash() -> str:
    """Verified where there is no account, so that it takes as long as where there is one."""
    return hash_password(secrets.token_urlsafe(24))


def check_password(password: str, *, name: str, field: str = "new_password") -> FieldError | None:
    """What is wrong with a password that someone wants to choose, or None."""
    rules = policy().staff
    lowered = password.lower()
    if not password:
        return FieldError(field, "required")
    if len(password) < rules.password_min:
        return FieldError(field, "password_short", {"limit": rules.password_min, "length": len(password)})
    if len(password) > rules.password_max:
        return FieldError(field, "too_long", {"limit": rules.password_max, "length": len(password)})
    if name.lower() in lowered:
        return FieldError(field, "password_name")
    if any(word in lowered for word in rules.password_common):
        return FieldError(field, "password_common")
    return _too_simple(password, field)


def _too_simple(password: str, field: str) -> FieldError | None:
    rules = policy().staff
    kinds = sum(any(map(kind, password)) for kind in KINDS)
    if kinds < rules.password_kinds or len(set(password)) < rules.password_distinct:
        values = {"kinds": rules.password_kinds, "distinct": rules.password_distinct}
        return FieldError(field, "password_simple", values)
    return None
