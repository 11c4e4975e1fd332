"""What a bundle is made of: files with names of our own making, and the lines of its catalogue."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO

FORMAT = "rouwen-case/1"
MANIFEST = "manifest.json"
CATALOGUE = "catalogue.json"
JOURNAL = "record/journal.json"
DOCUMENTS = "documents/"
BLOCK = 64 * 1024


@dataclass(frozen=True, slots=True)
class Part:
    """One file of a bundle, dated as what it holds. ``content`` is opened when its turn comes; what is
    compressed by nature is not ``packed`` again."""

    path: str
    at: datetime
    content: Callable[[], Iterable[bytes]]
    packed: bool = True


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the catalogue (目录). ``name`` is what people call it: the number of a document, what a
    party called its file; ``digest`` what the record says of its content; without ``paths`` it is gone."""

    group: str
    title: str
    name: str
    at: datetime
    paths: tuple[str, ...]
    size: int = 0
    digest: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Contents:
    """Everything that goes into a bundle; ``size`` is about how many bytes that will be."""

    number: str
    parts: tuple[Part, ...]
    size: int


def json_part(path: str, at: datetime, told: object) -> Part:
    return bytes_part(path, at, (json.dumps(told, ensure_ascii=False, indent=2) + "\n").encode("utf-8"))


def bytes_part(path: str, at: datetime, content: bytes) -> Part:
    return Part(path, at, lambda: (content,))


def blocks(content: BinaryIO) -> Iterator[bytes]:
    """A file piece by piece, closed at its end."""
    with content:
        while block := content.read(BLOCK):
            yield block
