"""How the library stands: the release in force, waiting drafts, what interrupted publications left, and
whether the journal is whole."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from portal import journal

from .held import contents, held_now
from .publication import gaps, kept_shelves, waiting_drafts
from .readiness import is_servable
from .record import current_release
from .shelving import Shelving


@dataclass(frozen=True, slots=True)
class Waiting:
    """A draft that waits to be published, and what it still lacks."""

    instrument: str
    title: str
    gaps: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LibraryStatus:
    """``regions`` counts the published editions of each region; ``strays`` are the shelves that the next
    sweep removes: no kept release names them, or their building was interrupted."""

    release: int | None
    made_at: datetime | None
    made_by: str
    editions: int
    clauses: int
    items: int
    regions: dict[str, int]
    servable: bool
    drafts: tuple[Waiting, ...]
    journal: int | None
    strays: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        return {
            "release": self.release,
            "made_at": self.made_at.isoformat() if self.made_at else None,
            "made_by": self.made_by,
            "editions": self.editions,
            "clauses": self.clauses,
            "items": self.items,
            "regions": self.regions,
            "servable": self.servable,
            "drafts": [{"id": d.instrument, "title": d.title, "gaps": list(d.gaps)} for d in self.drafts],
            "journal_entries": self.journal,
            "strays": list(self.strays),
        }

    def text(self) -> str:
        """A few lines for the operator."""
        if self.release is None:
            lines = ["还没有发布。"]
        else:
            when = f"{self.made_at:%Y-%m-%d %H:%M}" if self.made_at else ""
            lines = [
                f"现行：第 {self.release} 次发布（{when} UTC，{self.made_by}）",
                f"文件 {self.editions} 份，条款 {self.clauses} 条，清单事项 {self.items} 项",
                *(f"  {region}：{count} 份" for region, count in self.regions.items()),
                "检索索引：完整" if self.servable else "检索索引：不完整，请运行 rouwen setup",
            ]
        lines.append(f"等待发布的草稿：{len(self.drafts)} 份")
        for waiting in self.drafts:
            lines.append(f"  {waiting.instrument}《{waiting.title}》{''.join(waiting.gaps)}")
        if self.strays:
            lines.append(f"不再使用的检索索引：{len(self.strays)} 份，运行 rouwen setup 即清除")
        whole = self.journal is not None
        lines.append(f"记录：{self.journal} 条，完整" if whole else "记录：已被改动，不可信")
        return "\n".join(lines)


def status_of(session: Session, shelving: Shelving) -> LibraryStatus:
    release = current_release(session)
    editions = contents(session, held_now(session))
    return LibraryStatus(
        release=release.number if release else None,
        made_at=release.made_at if release else None,
        made_by=release.made_by if release else "",
        editions=len(editions),
        clauses=sum(len(edition.clauses) for edition in editions),
        items=sum(len(edition.items) for edition in editions),
        regions=dict(sorted(Counter(r for edition in editions for r in edition.regions).items())),
        servable=is_servable(session, shelving),
        drafts=tuple(Waiting(row.instrument_id, row.title, gaps(row)) for row in waiting_drafts(session)),
        journal=_whole_journal(session),
        strays=shelving.strays(kept_shelves(session)),
    )


def _whole_journal(session: Session) -> int | None:
    try:
        return journal.verify(session)
    except journal.JournalBrokenError:
        return None
