"""A page of a PDF as a picture, drawn in a process of its own that is kept small and short.

What draws is a large library in another language, and what it draws comes from anywhere: a file that brings
it down, or makes it use more than it may, takes only that process along.
"""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from threading import BoundedSemaphore

from .errors import UnreadableDocument

_PROGRAM = Path(__file__).with_name("pdf_drawing.py")
_PNG = b"\x89PNG\r\n\x1a\n"
_AT_ONCE = BoundedSemaphore(2)  # of one worker: the others wait for their turn


@dataclass(frozen=True, slots=True)
class Bounds:
    """``width`` and ``pixels`` are the most that a picture has, ``seconds`` of processor and ``mib`` of
    memory the most that drawing it may take; by the clock it may take twice the seconds."""

    width: int
    pixels: int
    seconds: int
    mib: int


def draw_page(content: bytes, number: int, bounds: Bounds) -> bytes:
    """The page ``number`` (from 1) of a PDF as PNG; UnreadableDocument where bounds do not allow it."""
    told = (number, bounds.width, bounds.pixels, bounds.seconds, bounds.mib)
    # -I: nothing of the place where it runs is imported; no environment: it is told no secrets
    command = [sys.executable, "-I", str(_PROGRAM), *map(str, told)]
    if not _AT_ONCE.acquire(timeout=2 * bounds.seconds):
        raise _undrawn()
    try:
        done = subprocess.run(  # noqa: S603  our own program
            command, input=content, capture_output=True, env={}, timeout=2 * bounds.seconds, check=False
        )
    except (subprocess.TimeoutExpired, OSError):
        raise _undrawn() from None
    finally:
        _AT_ONCE.release()
    if done.returncode != 0 or not done.stdout.startswith(_PNG):
        raise _undrawn()
    return done.stdout


def _undrawn() -> UnreadableDocument:
    return UnreadableDocument("这一页画不出来，请看文字。", "This page cannot be drawn; read its text.")
