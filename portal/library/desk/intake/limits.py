"""How much may be brought in, and how long it waits: data (``limits.json``)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

MIB = 1024 * 1024
KINDS = ("docx", "pdf", "txt", "md", "html", "htm", "xlsx", "csv")
"""What can be read, as a file chooser offers it."""


@dataclass(frozen=True, slots=True)
class Limits:
    """``files`` and ``request_mib`` are for one form, ``file_mib`` for one file, ``pasted`` the characters of
    a pasted text; ``folder_entries``: how many files and folders of a dropped folder are looked at;
    ``waiting``: how many imports one editor may have open, which are swept after ``pending_days`` without a
    change; ``shown``: how many lines and clauses a preview shows; ``pages``: how many pages of a PDF are
    drawn, each with at most ``page_width`` and ``page_pixels`` and within ``page_seconds`` of a processor
    and ``page_mib`` of memory; ``longest``: the characters of each field."""

    files: int
    folder_entries: int
    file_mib: int
    request_mib: int
    pasted: int
    waiting: int
    pending_days: int
    shown: int
    pages: int
    page_width: int
    page_pixels: int
    page_seconds: int
    page_mib: int
    longest: Mapping[str, int]

    @property
    def accept(self) -> str:
        return ",".join(f".{kind}" for kind in KINDS)


@cache
def limits() -> Limits:
    return Limits(**json.loads(Path(__file__).with_name("limits.json").read_text("utf-8")))
