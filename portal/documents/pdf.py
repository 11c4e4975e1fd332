"""Documents as PDF, tagged and to be kept (PDF/A, PDF/UA), where this machine has a Chinese font."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .issuing import sheet_of
from .models import Document
from .sheet import Sheet

if TYPE_CHECKING:
    from collections.abc import Sequence

MIME = "application/pdf"
_SOURCE = Path(__file__).with_name("document.typ")
_FONTS = Path(__file__).with_name("fonts.json")
_STANDARDS: tuple[list[str], ...] = (["a-2a", "ua-1"], ["a-2a"], ["ua-1"], [])


class PdfUnavailable(Exception):  # noqa: N818  named for what the reader is told
    """This machine has no Chinese font: Word and the printed page remain."""


@dataclass(frozen=True, slots=True)
class _Faces:
    fonts: Any
    families: tuple[str, ...]


def pdf(document: Document) -> bytes:
    """The document as PDF; PdfUnavailable without a font."""
    return pdf_of(sheet_of(document), document.number, document.issued_on)


def pdf_of(sheet: Sheet, number: str, on: date, *, folders: Sequence[Path] | None = None) -> bytes:
    """A sheet as PDF, by the strictest standard that its characters allow."""
    import typst

    faces = _faces(tuple(folders) if folders is not None else usual_folders())
    if faces is None:
        raise PdfUnavailable
    said = {
        **sheet.to_json(),
        "number": number,
        "date": [on.year, on.month, on.day],
        "fonts": list(faces.families),
    }
    compiler = typst.Compiler(
        _SOURCE.read_bytes(),
        font_paths=faces.fonts,
        ignore_system_fonts=True,
        sys_inputs={"said": json.dumps(said, ensure_ascii=False)},
    )
    for standards in _STANDARDS:
        try:
            made = compiler.compile(format="pdf", pdf_standards=standards)  # type: ignore[arg-type]
        except typst.TypstError:
            if not standards:
                raise
            continue  # a rare character that no font here has: kept as a blank box, but not by that standard
        assert isinstance(made, bytes)
        return made
    raise AssertionError("the last standard is none")


def pdf_possible() -> bool:
    """Whether this machine can make PDF at all."""
    return _faces(usual_folders()) is not None


def usual_folders() -> tuple[Path, ...]:
    """Where systems keep their fonts."""
    return tuple(Path(folder).expanduser() for folder in json.loads(_FONTS.read_text("utf-8"))["folders"])


@lru_cache(maxsize=4)
def _faces(folders: tuple[Path, ...]) -> _Faces | None:
    """The Chinese fonts in these folders, the best for documents first."""
    told = json.loads(_FONTS.read_text("utf-8"))
    homes = {
        found.parent
        for folder in folders
        if folder.is_dir()
        for pattern in told["files"]
        for found in folder.rglob(pattern)
    }
    if not homes:
        return None
    import typst

    fonts = typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[str(home) for home in sorted(homes)],
    )
    known = set(fonts.families())
    families = tuple(family for family in told["families"] if family in known)
    return _Faces(fonts, families) if families else None
