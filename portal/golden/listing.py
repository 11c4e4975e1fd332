"""The golden questions that a page of the desk shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session

from portal.policy import policy

from .models import GoldenRow

WITHOUT_REGION = "-"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which golden questions a page shows. ``region`` is as the questions write it; ``-`` means
    those without one."""

    words: str = ""
    region: str = ""
    retired: bool = False
    page: int = 1

    @classmethod
    def of(cls, args: Mapping[str, str]) -> Wanted:
        """Whatever cannot be meant counts as not asked."""
        page = args.get("page", "1")
        return cls(
            args.get("q", "").strip()[:100],
            args.get("region", "")[:200],
            args.get("state") == "retired",
            max(1, int(page)) if page.isdecimal() and len(page) < 6 else 1,
        )

    def address(self, **changes: object) -> dict[str, object]:
        """As the arguments of an address, without what is as it would be anyway."""
        values = {"q": self.words, "region": self.region, "state": "retired" if self.retired else ""}
        return {k: v for k, v in {**values, "page": self.page, **changes}.items() if v not in ("", 1)}


@dataclass(frozen=True, slots=True)
class Page:
    rows: tuple[GoldenRow, ...]
    total: int
    last: bool


def shown(session: Session, wanted: Wanted) -> Page:
    """The page of golden questions that is wanted, by name."""
    size = policy().golden_page
    found: Select[GoldenRow] = select(GoldenRow).where(*_conditions(wanted))
    total = session.scalar(select(func.count()).select_from(found.subquery())) or 0
    rows = session.scalars(found.order_by(GoldenRow.name).offset((wanted.page - 1) * size).limit(size))
    return Page(tuple(rows), total, wanted.page * size >= total)


def regions_in_use(session: Session) -> tuple[str, ...]:
    """The regions that golden questions name."""
    named = select(GoldenRow.region).where(GoldenRow.region.is_not(None)).distinct()
    return tuple(sorted(region for region in session.scalars(named) if region))


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [GoldenRow.enabled.is_(not wanted.retired)]
    if wanted.words:
        columns = (GoldenRow.name, GoldenRow.question, GoldenRow.note)
        found.append(or_(*(column.icontains(wanted.words, autoescape=True) for column in columns)))
    if wanted.region:
        without = wanted.region == WITHOUT_REGION
        found.append(GoldenRow.region.is_(None) if without else GoldenRow.region == wanted.region)
    return found
