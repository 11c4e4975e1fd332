"""A report for a spreadsheet: CSV in UTF-8 with its mark, so that it opens with its characters right."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from .table import Table

MARK = "\ufeff"
_RUN = ("=", "+", "-", "@", "\t")


def sheet(head: Iterable[str], table: Table, others: Iterable[Sequence[object]]) -> str:
    """The lines of ``head``, the table, then ``others`` below it."""
    out = io.StringIO()
    out.write(MARK)
    write = csv.writer(out)
    write.writerows([_said(line)] for line in head)
    write.writerow(["", "", *table.columns])
    for group, lines in table.groups:
        for line in lines:
            write.writerow([group, ("　" if line.under else "") + line.label, *line.counts])
    write.writerows([_said(cell) for cell in row] for row in others)
    return out.getvalue()


def _said(cell: object) -> object:
    """A text that a spreadsheet would run is kept from it."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_RUN) else cell
