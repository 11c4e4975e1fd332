"""Pages of a PDF are drawn at a bounded size, in bounded memory and time, whatever the file is."""

from __future__ import annotations

import io
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest
from PIL import Image

from knowledge.parse.errors import UnreadableDocument
from knowledge.parse.pdf_drawing import scale_of
from knowledge.parse.pdf_page import Bounds, draw_page

from .hostile_pages import HOSTILE, page

ROOT = Path(__file__).parents[2]
BOUNDS = Bounds(width=600, pixels=600_000, seconds=3, mib=384)
MEGABYTES = 400


def size_of(picture: bytes) -> tuple[int, int]:
    return Image.open(io.BytesIO(picture)).size


def test_a_page_is_drawn_as_wide_as_asked_with_what_stands_on_it():
    picture = Image.open(io.BytesIO(draw_page(page(), 1, BOUNDS))).convert("L")
    assert picture.size == (600, 850)
    assert picture.getextrema() == (0, 255), "paper and ink"


@pytest.mark.parametrize("number", [0, 2])
def test_a_page_that_the_file_does_not_have_is_not_drawn(number: int):
    with pytest.raises(UnreadableDocument, match="画不出来"):
        draw_page(page(), number, BOUNDS)


@pytest.mark.parametrize("case", HOSTILE)
def test_a_hostile_page_is_drawn_small_or_refused_in_bounded_time(case: str):
    content = HOSTILE[case]()
    started = time.monotonic()
    with suppress(UnreadableDocument):
        wide, high = size_of(draw_page(content, 1, BOUNDS))
        assert 1 <= wide <= BOUNDS.width + 1
        assert wide * high <= BOUNDS.pixels * 1.01 + wide + high
    assert time.monotonic() - started < 2 * BOUNDS.seconds + 2


def test_hostile_pages_are_drawn_within_bounds_of_memory(tmp_path: Path):
    """The peak is that of the processes that draw: they are the only children."""
    for number, make in enumerate(HOSTILE.values()):
        (tmp_path / f"{number}.pdf").write_bytes(make())
    program = f"""
import resource
from pathlib import Path
from knowledge.parse.errors import UnreadableDocument
from knowledge.parse.pdf_page import Bounds, draw_page
for file in sorted(Path({str(tmp_path)!r}).iterdir()):
    try:
        draw_page(file.read_bytes(), 1, {BOUNDS!r})
    except UnreadableDocument:
        continue
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024)
"""
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True, timeout=180
    )
    assert int(done.stdout) < MEGABYTES


@pytest.mark.parametrize(
    ("wide", "high"), [(595, 842), (1e7, 1e7), (1, 14_400), (1e9, 1), (0.01, 0.01), (3e38, 3e38)]
)
def test_no_box_makes_a_picture_beyond_the_limits(wide: float, high: float):
    scale = scale_of(wide, high, 600, 600_000)
    assert wide * scale <= 600.001
    assert high * scale <= 2400.001
    assert wide * high * scale**2 <= 600_001


@pytest.mark.parametrize("box", [(0, 10), (float("nan"), 10), (float("inf"), 10), (-5, 10)])
def test_a_box_that_is_none_is_no_page(box: tuple[float, float]):
    with pytest.raises(ValueError, match="no page box"):
        scale_of(*box, 600, 600_000)
