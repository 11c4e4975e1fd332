"""What may be handed in, and how much of it: data (``limits.json``)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

MIB = 1024 * 1024


class FileKind(StrEnum):
    JPG = "jpg"
    PNG = "png"
    PDF = "pdf"
    DOCX = "docx"
    MP4 = "mp4"
    MP3 = "mp3"


@dataclass(frozen=True, slots=True)
class Limits:
    """``files`` and ``total_mib`` are for one application, ``request_mib`` for all that one form sends,
    ``free_mib`` what must stay free on the disk; the ``unpacked`` ones are for what a docx holds;
    ``orphan_hours``: after how long a file that belongs to nothing is swept away."""

    kinds_mib: Mapping[str, int]
    mime: Mapping[str, str]
    mp4_brands: tuple[str, ...]
    files: int
    total_mib: int
    request_mib: int
    free_mib: int
    unpacked_mib: int
    unpacked_entries: int
    scan_seconds: int
    orphan_hours: int

    @property
    def largest(self) -> int:
        """The bytes of the largest file of any kind."""
        return max(self.kinds_mib.values()) * MIB

    @property
    def kinds(self) -> str:
        return "、".join(self.kinds_mib)

    @property
    def accept(self) -> str:
        """What a file chooser offers first."""
        return ",".join(f".{kind}" for kind in self.kinds_mib) + ",.jpeg"


@cache
def limits() -> Limits:
    told = json.loads(Path(__file__).with_name("limits.json").read_text("utf-8"))
    return Limits(**{**told, "mp4_brands": tuple(told["mp4_brands"])})
