"""The Word layouts of an agency: ``<data>/templates/<agency>/<kind>.docx`` instead of the shipped one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from portal.settings import Settings

from .kinds import FieldKind, Kind, kind_of
from .sheet import Sheet, compose
from .word import LayoutError, holes, word_of

FOLDER = "templates"
MAX_LAYOUT = 2 * 1024 * 1024
SPECIMEN = "样本"


@dataclass(frozen=True, slots=True)
class Layout:
    """``content`` is None for the layout that ships; ``trouble`` says why an agency's own is not used."""

    content: bytes | None = None
    trouble: str = ""


def layout_of(settings: Settings, agency: str, kind: str) -> Layout:
    """The layout of an agency for a kind of document; one that cannot be used is passed over, and why."""
    path = _path(settings, agency, kind)
    if path is None or not path.is_file():
        return Layout()
    try:
        content = path.read_bytes()
        check_layout(content, kind)
    except OSError:
        return Layout(trouble="文书版式文件读不出来，已改用自带的版式。")
    except LayoutError as wrong:
        return Layout(trouble=f"{wrong}已改用自带的版式。")
    return Layout(content)


def check_layout(content: bytes, kind: str) -> None:
    """Raises LayoutError, in one sentence, unless documents of the kind can be made with the layout."""
    if len(content) > MAX_LAYOUT:
        raise LayoutError(f"文书版式不能超过 {MAX_LAYOUT // 1024 // 1024} MB。")
    if not content.startswith(b"PK"):
        raise LayoutError("文书版式应为 Word 文件（.docx）。")
    wanted = kind_of(kind)
    sheet, fields = _specimen(wanted)
    known = {*sheet.to_json(), *fields, "number", "signed_by_agency", "signed_by_party"}
    unknown = sorted(holes(content) - known)
    if unknown:
        raise LayoutError(f"文书版式里的“{unknown[0]}”不是“{wanted.title}”的内容，请核对名称。")
    if "number" not in holes(content):
        raise LayoutError("文书版式里没有文号（number）的位置。")
    word_of(sheet, SPECIMEN, fields, content)


def layouts_in_trouble(settings: Settings) -> dict[str, str]:
    """What is wrong with which layout of which agency, by the path below the folder of layouts."""
    folder = settings.data / FOLDER
    found: dict[str, str] = {}
    for path in sorted(folder.glob("*/*.docx")) if folder.is_dir() else ():
        name = f"{path.parent.name}/{path.name}"
        try:
            kind_of(path.stem)
        except KeyError:
            found[name] = f"没有名为 {path.stem} 的文书。"
            continue
        trouble = layout_of(settings, path.parent.name, path.stem).trouble
        if trouble:
            found[name] = trouble
    return found


def _path(settings: Settings, agency: str, kind: str) -> Path | None:
    """Where the layout would lie; None for an agency whose name is not the name of a folder."""
    if not agency or agency in (".", "..") or "\x00" in agency or Path(agency).name != agency:
        return None
    return settings.data / FOLDER / agency / f"{kind_of(kind).id}.docx"


def _specimen(kind: Kind) -> tuple[Sheet, dict[str, object]]:
    """A document of the kind in which every field holds something."""
    plain: dict[FieldKind, object] = {
        FieldKind.LINES: [SPECIMEN],
        FieldKind.OFFICERS: [f"{SPECIMEN} 1", f"{SPECIMEN} 2"],
        FieldKind.DAY: "2026-01-01",
    }
    fields = {f.id: next(iter(f.choices), plain.get(f.kind, SPECIMEN)) for f in kind.fields}
    names = ("party", "identity", "agency", "application", "applied_on")
    facts = dict.fromkeys(names, SPECIMEN)
    return compose(kind, fields, facts=facts, on=date(2026, 1, 1), replaces=SPECIMEN), fields
