"""Draws one page of a PDF as a picture: a program of its own, which ``pdf_page`` runs.

The file comes in on standard input, the picture (PNG) goes out on standard output. What the file may make
it use of memory and time is set before anything reads it, and the kernel ends it beyond that.
Arguments: the page from 1; the widest picture and its most pixels; seconds of processor; MiB of memory.
"""

from __future__ import annotations

import math
import resource
import sys
from typing import Any

_TALLEST = 4  # a page is drawn at most so many times as long as the widest picture
_LEAST = 1e-3  # points: a page box smaller than that, or no number, is no page


def main(arguments: list[str]) -> int:
    """0 where a picture was written; anything else where there is none."""
    number, width, pixels, seconds, mib = map(int, arguments)
    resource.setrlimit(resource.RLIMIT_AS, (mib << 20, mib << 20))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))  # it writes no file

    import pypdfium2

    document = pypdfium2.PdfDocument(sys.stdin.buffer.read())
    if not 1 <= number <= len(document):
        return 1
    page = document[number - 1]
    wide, high = page.get_size()
    picture = page.render(scale=scale_of(wide, high, width, pixels), may_draw_forms=False)
    _write(picture.to_pil())
    return 0


def scale_of(wide: float, high: float, width: int, pixels: int) -> float:
    """How much larger than its size in points a page is drawn; ValueError for a box that is none."""
    if not (math.isfinite(wide) and math.isfinite(high)) or min(wide, high) < _LEAST:
        raise ValueError("no page box")
    return min(width / wide, _TALLEST * width / high, math.sqrt(pixels / (wide * high)))


def _write(picture: Any) -> None:  # noqa: ANN401  a picture of the vendor's own library
    picture.save(sys.stdout.buffer, format="PNG")
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
