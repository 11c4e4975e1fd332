"""Why a file cannot be read, in one sentence for a person."""

from __future__ import annotations


class UnreadableDocument(Exception):  # noqa: N818 - the name says what is wrong
    """A file that cannot be turned into clauses; the message is one clear sentence.

    ``str(error)`` is Chinese, ``error.english`` the same in English.
    """

    def __init__(self, chinese: str, english: str) -> None:
        super().__init__(chinese)
        self.chinese = chinese
        self.english = english


MAX_LINES = 30_000
MAX_LINE = 200_000
MAX_CHARACTERS = 3_000_000


def too_complex() -> UnreadableDocument:
    """What is said of a document beyond any that an authority issues."""
    return UnreadableDocument(
        "文件内容过大或过于复杂，请拆分后再导入。",
        "The document is too large or too complex; split it and try again.",
    )


def damaged(chinese: str, english: str) -> UnreadableDocument:
    """What is said of a file whose format is broken: ``damaged("网页", "web page")``."""
    return UnreadableDocument(f"{chinese}已损坏，无法读取。", f"The {english} is damaged and cannot be read.")
