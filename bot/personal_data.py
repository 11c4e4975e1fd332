"""Personal data in a text: found by shape and check digit, and masked before anything is stored or logged."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache

from .cues import WORDING


class PersonalKind(StrEnum):
    IDENTITY_CARD = "identity_card"
    CREDIT_CODE = "credit_code"
    BANK_CARD = "bank_card"
    MOBILE = "mobile"
    LANDLINE = "landline"
    EMAIL = "email"
    PLATE = "plate"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class PersonalData:
    """One piece of personal data: where it stands and what is shown instead."""

    kind: PersonalKind
    start: int
    end: int
    masked: str


_CARD_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CODE_CHARACTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_GAP = r"[\s-]?"

_PATTERNS: tuple[tuple[PersonalKind, re.Pattern[str]], ...] = (
    (PersonalKind.IDENTITY_CARD, re.compile(r"(?<![0-9A-Za-z])[1-9](?:\s?\d){16}\s?[\dXx](?![0-9A-Za-z])")),
    (
        PersonalKind.CREDIT_CODE,
        re.compile(r"(?<![0-9A-Za-z])[0-9A-HJ-NPQRTUWXY]{18}(?![0-9A-Za-z])", re.IGNORECASE),
    ),
    (PersonalKind.BANK_CARD, re.compile(r"(?<!\d)[3-9]\d{3}(?:[\s-]?\d){12,15}(?!\d)")),
    (
        PersonalKind.MOBILE,
        re.compile(rf"(?<![0-9])(?:(?:\+|00)?86{_GAP})?1[3-9]\d{_GAP}\d{{4}}{_GAP}\d{{4}}(?!\d)"),
    ),
    (PersonalKind.LANDLINE, re.compile(r"(?<!\d)(?:0\d{2,3}[\s-]?)[2-9]\d{6,7}(?!\d)")),
    (PersonalKind.EMAIL, re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")),
    (
        PersonalKind.PLATE,
        re.compile(
            r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-Za-z][·•.\s-]?"
            r"[A-HJ-NP-Za-hj-np-z0-9]{4,5}[A-HJ-NP-Za-hj-np-z0-9挂学警港澳]"
        ),
    ),
)


def mask_personal_data(text: str) -> str:
    """``text`` with all personal data masked; what is left shows only enough to recognise one's own."""
    for found in reversed(personal_data(text)):
        text = text[: found.start] + found.masked + text[found.end :]
    return text


def personal_data(text: str) -> tuple[PersonalData, ...]:
    """Every piece of personal data in ``text``, in order, none overlapping another."""
    found: list[PersonalData] = []
    for candidate in (*_by_shape(text), *_names(text)):
        if all(candidate.end <= other.start or candidate.start >= other.end for other in found):
            found.append(candidate)
    return tuple(sorted(found, key=lambda piece: piece.start))


def _by_shape(text: str) -> Iterator[PersonalData]:
    for kind, pattern in _PATTERNS:
        for match in pattern.finditer(text):
            written = re.sub(r"[\s-]", "", match[0])
            if _CHECKS.get(kind, _any)(written):
                yield PersonalData(kind, match.start(), match.end(), _MASKS[kind](written))


def _any(_written: str) -> bool:
    return True


def is_identity_card(written: str) -> bool:
    """A resident identity number: a real birth date, and the check digit of GB 11643."""
    return _born(written) is not None and written[17].upper() == _card_check(written)


def _looks_like_identity_card(written: str) -> bool:
    """Also one with a slip in it: it is no less personal."""
    return _born(written) is not None


def _born(written: str) -> date | None:
    try:
        return date(int(written[6:10]), int(written[10:12]), int(written[12:14]))
    except ValueError:
        return None


def _card_check(written: str) -> str:
    total = sum(int(digit) * weight for digit, weight in zip(written[:17], _CARD_WEIGHTS, strict=True))
    return "10X98765432"[total % 11]


def is_credit_code(written: str) -> bool:
    """A unified social credit code with the check character of GB 32100."""
    code = written.upper()
    if any(char not in _CODE_CHARACTERS for char in code) or (code.isdigit() and _born(code)):
        return False
    total = sum(_CODE_CHARACTERS.index(char) * pow(3, place, 31) for place, char in enumerate(code[:17]))
    return _CODE_CHARACTERS[(31 - total % 31) % 31] == code[17]


def is_bank_card(written: str) -> bool:
    """Luhn's check."""
    digits = [int(char) for char in reversed(written)]
    doubled = (sum(divmod(2 * digit, 10)) for digit in digits[1::2])
    return len(set(written)) > 1 and (sum(digits[0::2]) + sum(doubled)) % 10 == 0


def _names(text: str) -> Iterator[PersonalData]:
    """Names that the writer announces: 我叫王小明, 姓名：欧阳小明."""
    for match in _name_pattern().finditer(text):
        surname, given = match["surname"], match["given"]
        yield PersonalData(
            PersonalKind.NAME, match.start("surname"), match.end("given"), surname + "*" * len(given)
        )


@lru_cache(maxsize=1)
def _name_pattern() -> re.Pattern[str]:
    words = json.loads((WORDING / "names.json").read_text(encoding="utf-8"))
    return re.compile(
        rf"(?:{words['announced']})\s*(?P<surname>{words['double']}|[{words['single']}])"
        rf"(?!{words['titles']})(?P<given>[\u4e00-\u9fff]{{1,2}})(?={words['after']})"
    )


def _middle(keep_start: int, keep_end: int) -> Callable[[str], str]:
    def masked(written: str) -> str:
        hidden = len(written) - keep_start - keep_end
        return written[:keep_start] + "*" * hidden + written[len(written) - keep_end :]

    return masked


def _email(written: str) -> str:
    user, _, host = written.partition("@")
    return f"{user[0]}***@{host}"


_CHECKS: dict[PersonalKind, Callable[[str], bool]] = {
    PersonalKind.IDENTITY_CARD: _looks_like_identity_card,
    PersonalKind.CREDIT_CODE: is_credit_code,
    PersonalKind.BANK_CARD: is_bank_card,
}
_MASKS: dict[PersonalKind, Callable[[str], str]] = {
    PersonalKind.IDENTITY_CARD: _middle(6, 4),
    PersonalKind.CREDIT_CODE: _middle(4, 4),
    PersonalKind.BANK_CARD: _middle(4, 4),
    PersonalKind.MOBILE: lambda written: _middle(3, 4)(written[-11:]),
    PersonalKind.LANDLINE: _middle(4, 2),
    PersonalKind.EMAIL: _email,
    PersonalKind.PLATE: _middle(2, 2),
}
