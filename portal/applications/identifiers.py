"""Identifiers as parties type them: brought to one form, and held against their check characters. Pure.

Each ``read_…`` gives the identifier in its one form, or raises IdentifierError whose ``word`` names what
is wrong in the table of errors.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from bot.personal_data import is_identity_card

CODE_CHARACTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""GB 32100: the letters I, O, Z, S and V are left out."""

_BODY_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_SEPARATORS = re.compile(r"[\s\-‐‑–—·.]+")
_MOBILE = re.compile(r"(?:\+?(?:00)?86)?(1[3-9][0-9]{9})")
_LANDLINE = re.compile(r"(010|02[0-9]|0[3-9][0-9]{2})-?([2-9][0-9]{6,7})(?:[-转]([0-9]{1,6}))?")


class IdentifierError(ValueError):
    """An identifier cannot be right; ``word`` says why, as a row of the table of errors."""

    def __init__(self, word: str) -> None:
        super().__init__(word)
        self.word = word


@dataclass(frozen=True, slots=True)
class CreditCode:
    """``legacy``: the registration number of 15 digits from before the codes. ``body_differs``: the
    organisation code inside fails its own check, as some old ones do, which is no reason to refuse."""

    code: str
    legacy: bool = False
    body_differs: bool = False


def half_width(text: str) -> str:
    """Full-width digits and letters as their plain ones, without outer blanks."""
    return unicodedata.normalize("NFKC", text).strip()


def read_credit_code(text: str) -> CreditCode:
    """统一社会信用代码 (GB 32100-2015), or the old registration number of 15 digits."""
    code = _SEPARATORS.sub("", half_width(text)).upper()
    if len(code) == 15 and code.isascii() and code.isdigit():
        if not _registration_number_holds(code):
            raise IdentifierError("credit_code_check")
        return CreditCode(code, legacy=True)
    if len(code) != 18:
        raise IdentifierError("credit_code_length")
    if code_check(code[:17]) == code[17]:
        return CreditCode(code, body_differs=not _body_holds(code[8:17]))
    if code[:17].isdigit() and is_identity_card(code):
        raise IdentifierError("credit_code_is_identity_card")
    if any(character not in CODE_CHARACTERS for character in code):
        raise IdentifierError("credit_code_characters")
    raise IdentifierError("credit_code_check")


def code_check(first: str) -> str | None:
    """The 18th character that belongs to the first 17 of a credit code; None where one is not allowed."""
    if any(character not in CODE_CHARACTERS for character in first):
        return None
    total = sum(CODE_CHARACTERS.index(c) * pow(3, place, 31) for place, c in enumerate(first))
    return CODE_CHARACTERS[(31 - total % 31) % 31]


def read_phone(text: str) -> str:
    """A mobile number as 11 digits, or a landline as 区号-号码, with an extension where there is one."""
    plain = half_width(text)
    if mobile := _MOBILE.fullmatch(re.sub(r"[\s\-()]", "", plain)):
        return mobile[1]
    if landline := _LANDLINE.fullmatch(re.sub(r"[\s()]", "", plain.replace(")", "-"))):
        area, number, extension = landline.groups()
        return f"{area}-{number}" + (f"-{extension}" if extension else "")
    raise IdentifierError("phone")


def mask_phone(phone: str) -> str:
    """``138****5678``; of a landline the last four digits are left out."""
    if _MOBILE.fullmatch(phone):
        return f"{phone[:3]}****{phone[-4:]}"
    area, _, rest = phone.partition("-")
    number, dash, extension = rest.partition("-")
    return f"{area}-{number[:-4]}****{dash}{extension}"


def mask_credit_code(code: str) -> str:
    """The first two and the last four characters."""
    return f"{code[:2]}{'*' * (len(code) - 6)}{code[-4:]}"


def mask_name(name: str) -> str:
    """The first character of a person's name; of a longer one the first two and the last."""
    if len(name) <= 1:
        return name
    return f"{name[0]}{'*' * (len(name) - 1)}" if len(name) <= 4 else f"{name[:2]}{'*' * 3}{name[-1]}"


def _body_holds(body: str) -> bool:
    """Whether the organisation code (GB 11714) at places 9 to 17 agrees with its own check character."""
    total = sum(CODE_CHARACTERS.index(c) * weight for c, weight in zip(body[:8], _BODY_WEIGHTS, strict=True))
    return body[8] == "0123456789X"[(11 - total % 11) % 11]


def _registration_number_holds(number: str) -> bool:
    """The check digit of the old registration numbers (ISO 7064, MOD 11,10)."""
    carried = 10
    for digit in number[:14]:
        carried = ((carried + int(digit)) % 10 or 10) * 2 % 11
    return (carried + int(number[14])) % 10 == 1
