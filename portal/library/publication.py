"""Publication: what is drafted becomes one numbered release, all of it or none.

New shelves are built and probed first; then a single commit writes the release and flips the
pointer. A crash before it leaves shelves that no release names, and a sweep removes them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session, undefer

from knowledge.topic import Topic
from portal import journal
from portal.database import now
from portal.policy import policy

from .lock import publication_lock
from .making.filings import start_clocks
from .models import (
    EditionRow,
    EditionState,
    Origin,
    Release,
    ReleaseAct,
    ReleaseEdition,
    ReleasePointer,
    ReleaseShelf,
)
from .record import (
    current_release,
    edition_of,
    editions_now,
    editions_of_release,
    keep_topic_set,
    topics_now,
    topics_of_set,
)
from .shelving import Shelving
from .watch import tell


class PublicationError(Exception):
    """Nothing was published; the message is one sentence that says why."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """A release that was made, and the drafts that had to stay, each with the reason."""

    release: int
    published: tuple[str, ...]
    stayed: tuple[str, ...] = ()


def publish(session: Session, shelving: Shelving, *, actor: str) -> Outcome:
    """One release of all drafts that came in on the command line."""
    with publication_lock(session) as lock:
        drafts = waiting_drafts(session)
        ready = [row for row in drafts if not gaps(row)]
        stayed = tuple(gap for row in drafts for gap in gaps(row))
        if not ready:
            raise PublicationError("".join(stayed) or "没有等待发布的草稿。")
        release = make_release(
            session,
            shelving,
            compose(editions_now(session), ready),
            topics_now(session),
            act=ReleaseAct.PUBLISH,
            actor=actor,
            more={"golden_questions": "not asked"},
        )
        lock.release_with_commit()
        return Outcome(release.number, tuple(row.instrument_id for row in ready), stayed)


def roll_back(session: Session, shelving: Shelving, number: int, *, actor: str, reason: str = "") -> Outcome:
    """A new release with the content of release ``number``, its topics included."""
    with publication_lock(session) as lock:
        earlier = session.get(Release, number)
        if earlier is None:
            raise PublicationError(f"没有第 {number} 次发布。")
        topics = topics_of_set(session, earlier.topics_digest)
        rows = editions_of_release(session, number)
        release = make_release(
            session,
            shelving,
            rows,
            topics,
            act=ReleaseAct.ROLLBACK,
            actor=actor,
            of_release=number,
            reason=reason,
        )
        lock.release_with_commit()
        return Outcome(release.number, tuple(row.instrument_id for row in rows))


def rebuild(session: Session, shelving: Shelving, *, actor: str) -> Outcome | None:
    """Makes the release in force servable again after its shelves were lost or the embedding changed.

    Lost shelves are built anew under the same release; another embedding makes a release of the same
    content. None where there was nothing to do.
    """
    with publication_lock(session) as lock:
        release = current_release(session)
        if release is None:
            return None
        rows = editions_of_release(session, release.number)
        if release.form == shelving.form:
            shelving.build(edition_of(row) for row in rows)
            return Outcome(release.number, ())
        topics = topics_of_set(session, release.topics_digest)
        made = make_release(
            session,
            shelving,
            rows,
            topics,
            act=ReleaseAct.REBUILD,
            actor=actor,
            of_release=release.number,
        )
        lock.release_with_commit()
        return Outcome(made.number, ())


def sweep(session: Session, shelving: Shelving, also: Iterable[str] = ()) -> tuple[str, ...]:
    """Removes the shelves that none of the latest releases names, but for those of ``also``; returns what
    went."""
    with publication_lock(session):
        return shelving.sweep(kept_shelves(session) | set(also))


def kept_shelves(session: Session) -> set[str]:
    """The shelves that the latest releases name, and the one in force."""
    latest = select(Release.number).order_by(Release.number.desc()).limit(policy().kept_releases)
    kept = set(session.scalars(select(ReleaseShelf.digest).where(ReleaseShelf.release.in_(latest))))
    release = current_release(session)
    if release is not None:
        kept.update(shelf.digest for shelf in release.shelves)
    return kept


def waiting_drafts(session: Session) -> list[EditionRow]:
    """The drafts that came in on the command line, the oldest first."""
    return list(
        session.scalars(
            select(EditionRow)
            .where(
                EditionRow.state == EditionState.DRAFT.value,
                EditionRow.origin == Origin.COMMAND_LINE.value,
            )
            .options(undefer(EditionRow.content))
            .order_by(EditionRow.id)
        )
    )


def gaps(row: EditionRow) -> tuple[str, ...]:
    """Why an edition cannot be published yet, one sentence each; empty when it can."""
    edition = edition_of(row)
    name = f"“{row.instrument_id}”仍是草稿"
    found = []
    if not edition.regions:
        found.append(f"{name}：没有区域，请用 --region 写明。")
    if not edition.source:
        found.append(f"{name}：没有来源，不能作为依据发布。")
    if not edition.clauses and not edition.items:
        found.append(f"{name}：没有任何条款或事项。")
    return tuple(found)


def compose(base: Iterable[EditionRow], new: Iterable[EditionRow]) -> list[EditionRow]:
    """The editions of the next release.

    An edition replaces the one of the same instrument and kind of text (official or summary) with the
    same first day; an official text also replaces every summary that does not begin before it. Other
    dated editions stay: they answer for their own days.
    """
    chosen: dict[tuple[str, bool, date | None], EditionRow] = {}
    for row in (*base, *new):
        chosen[row.instrument_id, row.summary, _begins(row)] = row
    official: dict[str, date] = {}
    for instrument, summary, begins in chosen:
        if not summary:
            official[instrument] = min(official.get(instrument, date.max), begins or date.min)
    kept = (
        row
        for (instrument, summary, begins), row in chosen.items()
        if not summary or official.get(instrument, date.max) > (begins or date.min)
    )
    return sorted(kept, key=lambda row: row.id)


def _begins(row: EditionRow) -> date | None:
    return row.in_force_from or row.issued_on


def make_release(
    session: Session,
    shelving: Shelving,
    rows: Sequence[EditionRow],
    topics: Mapping[str, Topic],
    *,
    act: ReleaseAct,
    actor: str,
    of_release: int | None = None,
    reason: str = "",
    more: Mapping[str, object] | None = None,
) -> Release:
    """Builds and probes the shelves, then writes the release and flips the pointer, without committing.

    Whoever watches is told in the same transaction. ``more`` is what the journal tells beside the editions.
    """
    session.commit()  # no transaction stays open while shelves are built
    shelves = shelving.build(edition_of(row) for row in rows)
    number = (session.scalar(select(func.max(Release.number))) or 0) + 1
    shelving.probe(shelving.open(number, shelves.values(), topics))
    before = current_release(session)
    release = Release(
        number=number,
        act=act.value,
        of_release=of_release,
        made_by=actor,
        form=shelving.form,
        reason=reason,
        topics_digest=keep_topic_set(session, topics),
        editions=[ReleaseEdition(edition_id=row.id) for row in rows],
        shelves=[ReleaseShelf(region=region, digest=digest) for region, digest in shelves.items()],
    )
    session.add(release)
    session.flush()
    if act is ReleaseAct.PUBLISH:
        start_clocks(session, number, [row for row in rows if row.state != EditionState.PUBLISHED.value])
    _mark(session, before, rows)
    session.execute(update(ReleasePointer).values(release=number, changed_at=now()))
    detail = {
        "of_release": of_release,
        "editions": {row.instrument_id: row.digest for row in rows},
        "before": before.number if before else None,
        **({"reason": reason} if reason else {}),
        **tell(session, before.number if before else None, number),
        **(more or {}),
    }
    journal.append(session, actor, f"release.{act.value}", str(number), detail)
    return release


def _mark(session: Session, before: Release | None, rows: Sequence[EditionRow]) -> None:
    """Editions that the new release shows are published; those that it no longer shows are superseded."""
    shown = {row.id for row in rows}
    for row in rows:
        if row.state != EditionState.PUBLISHED.value:
            row.state, row.published_at = EditionState.PUBLISHED.value, now()
    gone = {held.edition_id for held in before.editions} - shown if before else set()
    for row in session.scalars(select(EditionRow).where(EditionRow.id.in_(gone))):
        row.state = EditionState.SUPERSEDED.value
