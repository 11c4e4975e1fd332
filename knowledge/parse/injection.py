"""Cells made to act on whoever opens the table: refused, not read."""

from __future__ import annotations

import re

from .errors import UnreadableDocument

_REACHES_OUT = re.compile(
    r"(?i)\b(?:HYPERLINK|WEBSERVICE|IMPORTXML|IMPORTDATA|IMPORTHTML|IMPORTFEED|IMPORTRANGE|IMAGE|DDE|RTD"
    r"|CALL|EXEC|REGISTER|SHELL)\s*\(|\|\s*['‘’]|\b(?:cmd|powershell|msexcel|mshta|rundll32)\b[^|]*\|"
)
_FORMULA = re.compile(
    r"[=＝]\s*\S|@\s*[A-Za-z]{2,}\s*\(|[+＋\-－]\s*(?:\d+\s*[+\-*/]\s*)*[A-Za-z]+\d*\s*[(|!]"
)


def is_injected(text: str) -> bool:
    """True for a text that a spreadsheet would take for a formula, or that starts another program."""
    bare = text.lstrip("\t\r\n '‘\ufeff")
    return bool(_FORMULA.match(bare)) or reaches_out(bare)


def reaches_out(formula: str) -> bool:
    """True for a formula that starts another program or sends for something outside its table."""
    bare = formula.lstrip("\t\r\n '‘\ufeff")
    return bare[:1] in ("=", "＝", "+", "＋", "-", "－", "@") and bool(_REACHES_OUT.search(bare))


def injected(row: int, column: int) -> UnreadableDocument:
    return UnreadableDocument(
        f"第 {row} 行第 {column} 列像是公式，打开表格的人可能因此受害，请改成文字后再导入。",
        f"Row {row}, column {column} looks like a formula that could harm whoever opens the table; "
        "turn it into text and try again.",
    )
