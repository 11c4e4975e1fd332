"""Publication: what is drafted becomes one numbered release, all of it or none.

New shelves are built and probed first; then a single commit writes the release and flips the
pointer. A crash before it leaves shelves that no release names, and a sweep removes them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session, undefer

from knowledge.topic import Topic
from portal import journal
from portal.database import now
from portal.policy import policy

from .held import Held, Placed, batches, compose, held_besides, held_by_release, held_now, keep_parts
from .lock import publication_lock
from .making.filings import start_clocks
from .models import (
    EditionRow,
    EditionState,
    Origin,
    Release,
    ReleaseAct,
    ReleasePointer,
    ReleaseShelf,
)
from .progress import Noted, Progress, Stage, unnoted, untold
from .record import (
    current_release,
    edition_of,
    keep_topic_set,
    shelves_of_release,
    topic_set_digest,
    topics_now,
    topics_of_set,
)
from .shelving import Shelving
from .stock import StockError, stock
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
            compose(held_now(session), ready),
            topics_now(session),
            act=ReleaseAct.PUBLISH,
            actor=actor,
            more={"golden_questions": "not asked"},
        )
        lock.release_with_commit()
        return Outcome(release.number, tuple(row.instrument_id for row in ready), stayed)


def roll_back(
    session: Session,
    shelving: Shelving,
    number: int,
    *,
    actor: str,
    reason: str = "",
    progress: Progress = untold,
    noted: Noted = unnoted,
) -> Outcome:
    """A new release with the content of release ``number``, its topics included."""
    with publication_lock(session) as lock:
        earlier = needed_release(session, number)
        topics = topics_of_set(session, earlier.topics_digest)
        rows = held_by_release(session, number)
        release = make_release(
            session,
            shelving,
            rows,
            topics,
            act=ReleaseAct.ROLLBACK,
            actor=actor,
            of_release=number,
            reason=reason,
            progress=progress,
            noted=noted,
        )
        lock.release_with_commit()
        return Outcome(release.number, tuple(row.instrument_id for row in rows))


def needed_release(session: Session, number: int) -> Release:
    """An earlier release; PublicationError where there was none of this number."""
    earlier = session.get(Release, number)
    if earlier is None:
        raise PublicationError(f"没有第 {number} 次发布。")
    return earlier


def rebuild(session: Session, shelving: Shelving, *, actor: str) -> Outcome | None:
    """Makes the release in force servable again after its shelves were lost or the embedding changed.

    Lost shelves are built anew under the same release; another embedding makes a release of the same
    content. None where there was nothing to do.
    """
    with publication_lock(session) as lock:
        release = current_release(session)
        if release is None:
            return None
        rows = held_by_release(session, release.number)
        if release.form == shelving.form:
            stock(session, shelving, rows)
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
    """The shelves that stay in the store: those of the latest releases and of the one in force."""
    latest = select(Release.number).order_by(Release.number.desc()).limit(policy().kept_releases)
    kept = set(session.scalars(select(ReleaseShelf.digest).where(ReleaseShelf.release.in_(latest))))
    release = current_release(session)
    return kept if release is None else {*kept, *shelves_of_release(session, release.number).values()}


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


def make_release(
    session: Session,
    shelving: Shelving,
    rows: Sequence[Placed],
    topics: Mapping[str, Topic],
    *,
    act: ReleaseAct,
    actor: str,
    of_release: int | None = None,
    reason: str = "",
    more: Mapping[str, object] | None = None,
    progress: Progress = untold,
    noted: Noted = unnoted,
) -> Release:
    """Builds and probes new shelves, then writes the release and flips the pointer, without committing.

    It reads the editions that stand on new shelves, and of all others their columns alone. Whoever watches
    is told in the same transaction, and ``noted`` of its number. ``more`` is what the journal tells beside
    the editions.
    """
    session.commit()  # no transaction stays open while shelves are built
    before = current_release(session)
    topics_digest = topic_set_digest(topics)
    fresh = before is None or before.topics_digest != topics_digest
    try:
        shelves = stock(session, shelving, rows, topics if fresh else None, progress=progress)
    except StockError as error:
        raise PublicationError(str(error)) from error
    progress(Stage.RELEASE, 0, 0)
    number = (session.scalar(select(func.max(Release.number))) or 0) + 1
    release = Release(
        number=number,
        act=act.value,
        of_release=of_release,
        made_by=actor,
        form=shelving.form,
        reason=reason,
        topics_digest=keep_topic_set(session, topics),
    )
    session.add(release)
    session.flush()
    keep_parts(session, number, [row.id for row in rows], shelves)
    came = held_besides(session, number, before.number if before else None)
    went = held_besides(session, before.number, number) if before else []
    if act is ReleaseAct.PUBLISH:
        start_clocks(session, number, came)
    _mark(session, came, went)
    session.execute(update(ReleasePointer).values(release=number, changed_at=now()))
    detail = {
        "of_release": of_release,
        "before": before.number if before else None,
        "editions": len(rows),
        "came": [[row.instrument_id, row.digest] for row in came],
        "went": [[row.instrument_id, row.digest] for row in went],
        **({"reason": reason} if reason else {}),
        **tell(session, before.number if before else None, number),
        **(more or {}),
    }
    journal.append(session, actor, f"release.{act.value}", str(number), detail)
    noted(number)
    return release


def _mark(session: Session, came: Iterable[Held], went: Iterable[Held]) -> None:
    """Editions that the new release shows are published; those that it no longer shows are superseded."""
    state = {
        **{row.id: EditionState.PUBLISHED for row in came},
        **{row.id: EditionState.SUPERSEDED for row in went},
    }
    for batch in batches(list(state)):
        for row in session.scalars(select(EditionRow).where(EditionRow.id.in_(batch))):
            row.state = state[row.id].value
            if state[row.id] is EditionState.PUBLISHED:
                row.published_at = now()
