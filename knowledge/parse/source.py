"""From bytes to lines: which format a file is in, and who reads it."""

from __future__ import annotations

from .document import Line, Source


def read(content: bytes, filename: str, encoding: str | None = None) -> Source:
    return Source(tuple(Line(n, t) for n, t in enumerate(content.decode("utf-8").split("\n"), 1)))
