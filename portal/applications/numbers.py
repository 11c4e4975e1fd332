"""The number of an application and its access code."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass

from sqlalchemy import String, text, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from portal.database import Base

from .identifiers import half_width

PREFIX = "RW"
ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # without 0, 1, I and O, which look alike
CODE_LENGTH = 12
_SEPARATORS = re.compile(r"[\s\-‐‑–—·]+")
_NUMBER = re.compile(r"RW[0-9]{4}-[0-9]{6,9}")
_COST = {"n": 2**14, "r": 8, "p": 1, "dklen": 32}


class NumberSequence(Base):
    """How far the numbers of one prefix and year have got; taking one puts writers in line."""

    __tablename__ = "number_sequences"

    prefix: Mapped[str] = mapped_column(String(20), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last: Mapped[int]


def next_number(session: Session, year: int, prefix: str = PREFIX) -> str:
    """The next number (``RW2026-000001``), in the act's own transaction, so that none is left out."""
    return f"{prefix}{year}-{next_in_line(session, prefix, year):06d}"


def next_in_line(session: Session, prefix: str, year: int) -> int:
    """The next place in the sequence of one prefix and year; whoever comes next waits for the commit."""
    session.execute(
        text(
            "INSERT INTO number_sequences (prefix, year, last) VALUES (:prefix, :year, 0)"
            " ON CONFLICT DO NOTHING"
        ),
        {"prefix": prefix, "year": year},
    )
    return session.execute(
        update(NumberSequence)
        .where(NumberSequence.prefix == prefix, NumberSequence.year == year)
        .values(last=NumberSequence.last + 1)
        .returning(NumberSequence.last)
    ).scalar_one()


def read_number(typed: str) -> str | None:
    """A number as people type it, in its one form; None where it cannot be one."""
    number = half_width(typed).upper().replace(" ", "").replace("–", "-").replace("—", "-")
    return number if _NUMBER.fullmatch(number) else None


@dataclass(frozen=True, slots=True)
class AccessCode:
    """What proves a party to be itself: 60 random bits in three groups. Shown once, kept as a hash."""

    text: str

    @classmethod
    def make(cls) -> AccessCode:
        letters = "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))
        return cls("-".join(letters[i : i + 4] for i in range(0, CODE_LENGTH, 4)))

    @staticmethod
    def tidy(typed: str) -> str:
        """A code as someone typed it, in the form in which it was made."""
        letters = _SEPARATORS.sub("", half_width(typed)).upper()
        return "-".join(letters[i : i + 4] for i in range(0, len(letters), 4))

    def __repr__(self) -> str:
        return "AccessCode(…)"

    def hash(self) -> str:
        salt = secrets.token_hex(16)
        return f"{salt}${_scrypt(self.text, salt)}"


_NOBODY = "00000000000000000000000000000000$" + "0" * 64


def code_matches(typed: str, kept: str | None) -> bool:
    """Whether ``typed`` is the code that ``kept`` is the hash of.

    It takes as long for an application that does not exist (``kept`` is None) as for a wrong code.
    """
    salt, _, expected = (kept or _NOBODY).partition("$")
    letters = _SEPARATORS.sub("", half_width(typed)).upper()[: CODE_LENGTH * 4]
    same = hmac.compare_digest(_scrypt(letters, salt), expected)
    return same and kept is not None


def _scrypt(code: str, salt: str) -> str:
    letters = code.replace("-", "").encode("utf-8", "replace")
    return hashlib.scrypt(letters, salt=bytes.fromhex(salt), **_COST).hex()
