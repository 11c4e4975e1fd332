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
