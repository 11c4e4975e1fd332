"""Whether two editions are one text as it was issued once: what is published again, put right, or given in
full where a digest stood, is no new text."""

from __future__ import annotations

import unicodedata
from datetime import date
from typing import Protocol


class Issued(Protocol):
    """An edition, or the row of one."""

    @property
    def document_number(self) -> str: ...
    @property
    def issued_on(self) -> date | None: ...


def is_same_issue(one: Issued, other: Issued) -> bool:
    """True for two editions of one instrument that were issued as one: by the number of the document,
    whatever brackets and spaces it was typed with. Where either has none the day of issue decides, which must
    then be known unless neither has a number.
    """
    numbers = _number(one.document_number), _number(other.document_number)
    if all(numbers):
        return numbers[0] == numbers[1]
    if any(numbers) and one.issued_on is None:
        return False
    return one.issued_on == other.issued_on


_BRACKETS = str.maketrans("〔【[〈", "((((") | str.maketrans("〕】]〉", "))))")


def _number(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).translate(_BRACKETS).split())
