"""An exemption list from a csv or xlsx file, as agencies make them.

Title rows stand above the header, one cell is shared by many rows, notes follow the table, section
rows name a field, three lists sit on three sheets. What is not taken is named in ``left_out``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from ..exemption import ListItem, ListOutcome
from .commas import read_commas
from .conditions import parse_conditions
from .errors import UnreadableDocument
from .grid import Grid
from .header import Header, find_header, outcome_in
from .list_words import pattern
from .workbook import read_workbook

_WORKBOOKS = (".xlsx", ".xlsm", ".xls")
_NOT_TABLE = (
    "没有找到清单表格：需要有一行表头，至少写明事项（违法行为）和适用条件。",
    "No list was found: it needs a header row that names at least the matter and the conditions.",
)

_EITHER = "outcome_or_benchmark"
"""Columns such as 裁量标准: in one list they hold 不予处罚, in another 处二百元以下罚款."""

_BROKEN = re.compile(r"(?<![。；;：:\n])[^\S\n]*\n\s*(?![（(]?[0-9一二三四五六七八九十①-⑳]+[)）、.．])")
"""A line that a narrow cell breaks; where a sentence ends, or a count begins, the break is meant."""

_SHOWN = 60
"""So much of a remark that is left out is told."""


@dataclass(frozen=True, slots=True)
class ParsedList:
    """What a file holds: its items, the words around the table, and all that was not taken.

    ``titles`` are the lines above the table, ``notes`` those under it; ``columns`` maps our column
    names to the headings as printed; ``list_ids`` are the ids that the file itself gives.
    """

    items: tuple[ListItem, ...]
    titles: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    columns: Mapping[str, str] = field(default_factory=dict)
    list_ids: tuple[str, ...] = ()
    source_titles: tuple[str, ...] = ()
    source_urls: tuple[str, ...] = ()
    sheets: tuple[str, ...] = ()


def parse_list(content: bytes, filename: str) -> ParsedList:
    """The list in a csv or xlsx file. Raises UnreadableDocument with one clear sentence."""
    if not content.strip():
        raise UnreadableDocument("文件是空的。", "The file is empty.")
    if content.startswith((b"PK", b"\xd0\xcf\x11\xe0")) or filename.lower().endswith(_WORKBOOKS):
        grids = read_workbook(content)
    else:
        grids = (read_commas(content, filename),)
    parts = [part for grid in grids if (part := _read(grid)) is not None]
    if not any(part.rows for part in parts):
        raise UnreadableDocument(*_NOT_TABLE)
    return _assembled(parts, [g for g in grids if g.name not in {p.grid.name for p in parts}])


@dataclass(frozen=True, slots=True)
class _Row:
    """One item's cells by column name, the row it began on and the section it stands under."""

    number: int
    cells: Mapping[str, str]
    section: str = ""
    section_no: str = ""


@dataclass(slots=True)
class _Part:
    """One sheet on its way to items."""

    grid: Grid
    header: Header
    titles: list[str] = field(default_factory=list)
    rows: list[_Row] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def _read(grid: Grid) -> _Part | None:
    header = find_header(grid)
    if header is None:
        return None
    part = _Part(grid, header, left_out=list(grid.left_out))
    rows = grid.rows()
    part.titles = [line for n in rows if n < header.first for line in dict.fromkeys(rows[n].values())]
    section = section_no = ""
    noting = False
    for number, cells in rows.items():
        if number <= header.last:
            continue
        texts = list(dict.fromkeys(cells.values()))
        lone = texts[0] if len(texts) == 1 else ""
        if noting or pattern("note").match(texts[0]):
            noting = True
            part.notes.extend(texts)
        elif header.repeats(cells):
            part.left_out.append(f"第{number}行：重复的表头")
        elif lone and (found := pattern("section").match(lone)):
            section_no = lone[: found.start("name")].strip("、 ")
            section = pattern("count").sub("", found.group("name")).strip()
        elif lone and not _is_item(header, cells):
            part.notes.append(lone)
        else:
            _take(part, _Row(number, header.named(cells), section, section_no))
    return part


def _is_item(header: Header, cells: Mapping[int, str]) -> bool:
    """True for a row of one text that is an item's; not where the text spans the columns of several things,
    as a note or a heading does."""
    named = header.named(cells)
    if named.get("matter") and len(named) > 2:
        return False
    return bool(named.get("matter") or named.get("conditions"))


def _take(part: _Part, row: _Row) -> None:
    """Adds a row, or joins it to the item above where the two share one merged matter."""
    above = part.rows[-1] if part.rows else None
    if not row.cells.get("matter") and above is not None:
        if row.cells.get("conditions"):
            part.rows[-1] = _joined(above, row)
        else:
            part.left_out.append(f"第{row.number}行：没有写明事项")
    elif not row.cells.get("matter"):
        part.left_out.append(f"第{row.number}行：没有写明事项")
    elif above is not None and _same_item(part, above, row):
        part.rows[-1] = _joined(above, row)
        part.warnings.append(f"第{row.number}行与上一行共用事项，条件合并为须同时满足，请核对")
    else:
        part.rows.append(row)


def _same_item(part: _Part, above: _Row, row: _Row) -> bool:
    """True where a merged matter spans both rows and both lead to the same outcome."""
    column = part.header.column("matter")
    merged = part.grid.shares((above.number, column), (row.number, column))
    return merged and all(
        above.cells.get(name, "") == row.cells.get(name, "") for name in ("outcome", _EITHER)
    )


def _joined(above: _Row, row: _Row) -> _Row:
    """One item of two rows: each column's different texts, conditions as further conditions."""
    cells = dict(above.cells)
    for name, text in row.cells.items():
        if text and text not in cells.get(name, "").split("；"):
            cells[name] = f"{cells[name]}；{text}" if cells.get(name) else text
    for name in ("item_no", "matter"):
        cells[name] = above.cells.get(name, "")
    return _Row(row.number, cells, above.section, above.section_no)


def _assembled(parts: list[_Part], empty: Iterable[Grid]) -> ParsedList:
    warnings: list[str] = []
    items = tuple(_numbered(parts, warnings))
    for part in parts:
        warnings.extend(part.warnings)
        if part.header.unknown:
            part.left_out.append(f"未导入的列：{'、'.join(part.header.unknown)}")
        if part.grid.formulas:
            warnings.append(f"工作表“{part.grid.name}”有公式，按其显示的文字读取，没有计算")
    rows = [row for part in parts for row in part.rows]
    return ParsedList(
        items,
        tuple(dict.fromkeys(t for part in parts for t in part.titles)),
        tuple(dict.fromkeys(n for part in parts for n in part.notes)),
        (
            *(o for part in parts for o in part.left_out),
            *_without_list(empty),
        ),
        tuple(dict.fromkeys(warnings)),
        parts[0].header.printed,
        _values(rows, "list_id"),
        _values(rows, "source_title"),
        _values(rows, "source_url"),
        tuple(part.grid.name for part in parts),
    )


def _without_list(grids: Iterable[Grid]) -> list[str]:
    return [f"工作表“{grid.name}”没有清单表格" for grid in grids if grid.cells]


def _values(rows: Iterable[_Row], name: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(v for row in rows if (v := row.cells.get(name, ""))))


def _numbered(parts: list[_Part], warnings: list[str]) -> Iterator[ListItem]:
    """Items with unique numbers; a number that restarts takes its section or sheet along."""
    taken: set[str] = set()
    for ordinal, part in enumerate(parts, 1):
        for count, row in enumerate(part.rows, 1):
            printed = row.cells.get("item_no", "")
            if not printed or printed.startswith("="):
                printed = str(count)
                warnings.append("有事项没有编号，按出现的次序编号")
            number = _unique(printed, row, ordinal, taken)
            taken.add(number)
            yield _item(part, row, number, warnings)


def _unique(printed: str, row: _Row, ordinal: int, taken: set[str]) -> str:
    in_section = f"{row.section_no}/{printed}" if row.section_no else printed
    on_sheet = f"表{ordinal}/{printed}" if ordinal > 1 else printed
    free = next((c for c in (printed, in_section, on_sheet) if c not in taken), "")
    n = 2
    while not free or free in taken:
        free = f"{printed}-{n}"
        n += 1
    return free


def _item(part: _Part, row: _Row, number: str, warnings: list[str]) -> ListItem:
    cells = row.cells
    outcome = _stated(cells) or outcome_in(part.grid.name)
    outcome = outcome or next((o for t in part.titles if (o := outcome_in(t))), None)
    if outcome is None:
        outcome = ListOutcome.MAY_BE_EXEMPT
        warnings.append(f"事项“{number}”没有写明处理结果，按“可以不予处罚”记，请核对")
    if remark := cells.get("remark", "").strip():
        warnings.append(f"事项“{number}”的备注没有收入，影响适用的请写进适用条件：{remark[:_SHOWN]}")
    return ListItem(
        cells.get("list_id", ""),
        number,
        _BROKEN.sub("", cells["matter"]),
        outcome,
        parse_conditions(cells.get("conditions", "")),
        cells.get("department", ""),
        cells.get("field", "") or row.section,
        cells.get("violation_basis", ""),
        cells.get("penalty_basis", ""),
        cells.get("supporting_measures", ""),
        cells.get("source_url", ""),
        region=cells.get("region", ""),
        benchmark=_benchmark(cells),
    )


def _stated(cells: Mapping[str, str]) -> ListOutcome | None:
    """The effect that a row itself states."""
    return outcome_in(cells.get("outcome", "")) or outcome_in(cells.get(_EITHER, ""))


def _benchmark(cells: Mapping[str, str]) -> str:
    """What the discretion benchmark sets for the act: its own column, and what stands under a heading such
    as 裁量标准 and states no effect."""
    either = cells.get(_EITHER, "")
    texts = (cells.get("benchmark", ""), "" if outcome_in(either) else either)
    return "；".join(dict.fromkeys(text for text in texts if text))


def with_list_id(items: Iterable[ListItem], list_id: str) -> tuple[ListItem, ...]:
    return tuple(replace(item, list=list_id) for item in items)
