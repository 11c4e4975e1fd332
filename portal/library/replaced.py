"""What a section once said in public and no longer does in the release in force: by the record of releases.

The release in force holds the dated editions of a document, and each answers for its own days. A text that
was published and put right again with the same first day stands in none of them; the public read it all the
same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import groupby
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from knowledge.edition import Edition
from knowledge.record import edition_from_json
from portal.wording import Language

from .desk.difference import Words
from .models import EditionRow, Release, ReleaseEdition
from .page import holds, says
from .side_by_side import compared

MOST = 20
"""How many of the latest editions that were replaced are gone through for one page."""


@dataclass(frozen=True, slots=True)
class Replaced:
    """What a section said in public from one moment to another. ``changes`` are the words that came and went
    when it was replaced, by the name of each thing it says; all of its words where nothing followed."""

    edition: Edition
    since: datetime
    until: datetime
    changes: tuple[tuple[str, tuple[Words, ...]], ...]


@dataclass(frozen=True, slots=True)
class _Run:
    """An edition in public through the releases ``first`` to ``last``, without a break."""

    edition: Edition
    first: int
    last: int


def replaced_versions(
    session: Session,
    instrument: str,
    section: str,
    held: Iterable[Edition],
    *,
    release: int,
    language: Language = Language.CHINESE,
) -> tuple[Replaced, ...]:
    """What the section said before it was put right, the latest first; ``held`` are the editions of the
    document in the release in force, whose number ``release`` is.

    It goes by the editions of this one document, found by their index: what else the releases hold, and how
    much that is, makes no difference.
    """
    runs = _runs(session, _editions(session, instrument, section, release))
    now = {_begins(edition): edition for edition in held}
    found: list[tuple[_Run, Edition | None]] = []
    for begins, slot in groupby(sorted(runs, key=_order), key=lambda run: _begins(run.edition)):
        found += _told(list(slot), now.get(begins), section, release)
    moments = _moments(session, [number for run, _ in found for number in (run.first, run.last + 1)])
    told = [
        Replaced(
            run.edition,
            moments[run.first],
            moments[run.last + 1],
            _changes(run.edition, after, section, language),
        )
        for run, after in found
        if run.first in moments and run.last + 1 in moments
    ]
    return tuple(sorted(told, key=lambda one: one.until, reverse=True))


def _editions(session: Session, instrument: str, section: str, release: int) -> dict[int, Edition]:
    """The editions that were public and are not in this release, each with the section alone."""
    there = select(ReleaseEdition.edition_id).where(ReleaseEdition.release == release)
    rows = session.execute(
        select(EditionRow.id, EditionRow.content)
        .where(
            EditionRow.instrument_id == instrument,
            EditionRow.published_at.is_not(None),
            EditionRow.id.not_in(there.where(ReleaseEdition.edition_id == EditionRow.id)),
        )
        .order_by(EditionRow.id.desc())
        .limit(MOST)
    )
    editions = {row.id: edition_from_json(_only(row.content, section)) for row in rows}
    return {number: edition for number, edition in editions.items() if holds(edition, section)}


def _only(content: Mapping[str, Any], section: str) -> dict[str, Any]:
    """An edition as it is kept, with one section and what stands below it: the rest need not be built."""
    clauses = [c for c in content.get("clauses", ()) if f"{c['section']}/".startswith(f"{section}/")]
    items = [i for i in content.get("items", ()) if i["number"] == section]
    return {**content, "clauses": clauses, "items": items}


def _runs(session: Session, editions: Mapping[int, Edition]) -> list[_Run]:
    """When these editions were public: a rollback may have brought one back."""
    if not editions:
        return []
    place = func.row_number().over(partition_by=ReleaseEdition.edition_id, order_by=ReleaseEdition.release)
    held = (
        select(
            ReleaseEdition.edition_id, ReleaseEdition.release, (ReleaseEdition.release - place).label("run")
        )
        .where(ReleaseEdition.edition_id.in_(editions))
        .subquery()
    )
    rows = session.execute(
        select(held.c.edition_id, func.min(held.c.release), func.max(held.c.release)).group_by(
            held.c.edition_id, held.c.run
        )
    )
    return [_Run(editions[number], first, last) for number, first, last in rows]


def _told(
    runs: Sequence[_Run], now: Edition | None, section: str, release: int
) -> list[tuple[_Run, Edition | None]]:
    """The runs of one first day, each with what followed it; those that said the same are told as one, and
    what is still said is left to the edition that says it."""
    joined: list[_Run] = []
    for run in runs:
        last = joined[-1] if joined else None
        if last and last.last + 1 == run.first and says(last.edition, section) == says(run.edition, section):
            joined[-1] = replace(run, first=last.first)
        else:
            joined.append(run)
    followers: list[Edition | None] = [*(run.edition for run in joined[1:]), now]
    return [
        (run, after)
        for run, after in zip(joined, followers, strict=True)
        if run.last < release and not (after is now and now and _still(run.edition, now, section))
    ]


def _still(edition: Edition, now: Edition, section: str) -> bool:
    return holds(now, section) and says(edition, section) == says(now, section)


def _changes(
    edition: Edition, after: Edition | None, section: str, language: Language
) -> tuple[tuple[str, tuple[Words, ...]], ...]:
    before = _facets(edition, section)
    follows = _facets(after, section) if after is not None and holds(after, section) else {}
    pairs = (
        (name, compared(name, text, follows.get(name, ""), language))
        for name, text in before.items()
        if text != follows.get(name, "")
    )
    return tuple((name, words) for name, words in pairs if words)


def _facets(edition: Edition, section: str) -> Mapping[str, str]:
    said = says(edition, section)
    return said if isinstance(said, Mapping) else {"text": str(said)}


def _moments(session: Session, releases: Iterable[int]) -> dict[int, datetime]:
    rows = session.execute(select(Release.number, Release.made_at).where(Release.number.in_(set(releases))))
    return {row.number: row.made_at for row in rows}


def _begins(edition: Edition) -> date:
    return edition.in_force_from or edition.issued_on or date.min


def _order(run: _Run) -> tuple[date, int]:
    return _begins(run.edition), run.first
