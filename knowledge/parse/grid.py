"""A grid: the cells of one sheet as text, whatever kind of file they came from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

MAX_ROWS = 20_000
MAX_COLUMNS = 200
MAX_CELLS = 400_000


@dataclass(frozen=True, slots=True)
class Grid:
    """One sheet. Rows and columns count from 1; ``cells`` holds only those with text.

    ``origins`` names, for a cell inside a merged area, the cell that the area shares; ``left_out``
    says in Chinese what was passed over (hidden rows and so on).
    """

    name: str
    cells: Mapping[tuple[int, int], str]
    origins: Mapping[tuple[int, int], tuple[int, int]] = field(default_factory=dict)
    left_out: tuple[str, ...] = ()
    formulas: frozenset[tuple[int, int]] = frozenset()

    def rows(self) -> dict[int, dict[int, str]]:
        """The text of every row that has any, by row and column number."""
        rows: dict[int, dict[int, str]] = {}
        for (row, column), text in sorted(self.cells.items()):
            rows.setdefault(row, {})[column] = text
        return rows

    def shares(self, first: tuple[int, int], second: tuple[int, int]) -> bool:
        """True when both cells belong to one merged area."""
        return self.origins.get(first, first) == self.origins.get(second, second)
