"""Checking a release before it is one: the golden questions are asked of it and of the one in force."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.orm import Session

from knowledge import record
from knowledge.topic import Topic
from portal import journal
from portal.calendar import today
from portal.library.desk.models import Piece
from portal.library.held import Placed, held_now
from portal.library.models import Release
from portal.library.progress import Progress, Stage, untold
from portal.library.publication import PublicationError
from portal.library.record import current_release, open_release, topics_now
from portal.library.shelving import Shelving
from portal.library.stock import StockError, stock
from portal.policy import policy

from .asking import Said, ask_all
from .keeping import digest_of, enabled_questions
from .links import broken_links, waiting
from .memory import remembered
from .models import ReleaseCheck
from .question import GoldenQuestion

if TYPE_CHECKING:
    from knowledge.library import Knowledge

FALLS, RISES, CHANGES, FAILS, WAITS = "falls", "rises", "changes", "fails", "waits"
ORDER = (FALLS, FAILS, CHANGES, RISES, WAITS)
"""How a question fares, in the order told: worse, no better, otherwise than today, better, not asked yet."""


@dataclass(frozen=True, slots=True)
class Proposed:
    """What would be published: the editions and topics of the release, and the pieces it would take."""

    rows: Sequence[Placed]
    topics: Mapping[str, Topic]
    pieces: Sequence[Piece]
    titles: Sequence[str]

    @property
    def content(self) -> str:
        """Names exactly these editions and topics."""
        return content_of(self.rows, self.topics)


def content_of(rows: Iterable[Placed], topics: Mapping[str, Topic]) -> str:
    """Names a release by what it holds: equal content is answered from alike, whatever its number."""
    ordered = sorted(topics.values(), key=lambda topic: topic.id)
    return record.digest([sorted(row.digest for row in rows), ordered])


def make_check(
    session: Session, shelving: Shelving, proposed: Proposed, *, actor: str, progress: Progress = untold
) -> ReleaseCheck:
    """Builds the shelves of the next release, asks every golden question of it, and keeps what that showed.

    Nothing the public sees changes. The caller holds the publication lock, so that no sweep takes the
    shelves meanwhile; they serve the publication itself if it follows.
    """
    on, questions, current = today(), enabled_questions(session), current_release(session)
    before, known_before = _in_force(session, shelving, current), _known_now(session, shelving, on)
    session.commit()  # no transaction stays open while shelves are built
    after = _next(session, shelving, proposed, before, progress)
    waits = waiting(questions, before, after)
    asked = tuple(question for question in questions if question not in waits)
    said_before = ask_all(before, asked, known_before, partial(progress, Stage.ASKING_NOW))
    known_after = remembered(shelving, proposed.content, on)
    said_after = ask_all(after, asked, known_after, partial(progress, Stage.ASKING_NEXT))
    outcomes = [o for q in asked if (o := _outcome(q, said_before.get(q.id), said_after[q.id]))]
    kinds = Counter(outcome["kind"] for outcome in outcomes)
    outcomes += [_told(question, WAITS, None, None) for question in waits]
    check = ReleaseCheck(
        content=proposed.content,
        release=current.number if current else None,
        questions=digest_of(questions),
        form=shelving.form,
        on=on,
        subjects=[piece.subject for piece in proposed.pieces],
        titles=list(proposed.titles),
        asked=len(asked),
        passed_before=sum(said.passed for said in said_before.values()),
        passed=sum(said.passed for said in said_after.values()),
        falls=kinds[FALLS],
        changes=kinds[FALLS] + kinds[CHANGES] + kinds[RISES],
        outcomes=sorted(outcomes, key=lambda outcome: ORDER.index(outcome["kind"])),
        links=[asdict(link) for link in broken_links(before, after, questions, on)],
        made_by=actor,
    )
    return _kept(session, check)


def holding_check(session: Session, shelving: Shelving, proposed: Proposed) -> ReleaseCheck | None:
    """The latest check of exactly this, made under the circumstances of now; None where there is none."""
    return session.scalar(
        select(ReleaseCheck)
        .where(ReleaseCheck.content == proposed.content, *_circumstances(session, shelving))
        .order_by(ReleaseCheck.id.desc())
        .limit(1)
    )


def _circumstances(session: Session, shelving: Shelving) -> Iterator[ColumnElement[bool]]:
    current = current_release(session)
    yield ReleaseCheck.release == current.number if current else ReleaseCheck.release.is_(None)
    yield ReleaseCheck.questions == digest_of(enabled_questions(session))
    yield ReleaseCheck.form == shelving.form
    yield ReleaseCheck.on == today()  # what is in force changes from day to day
    yield ReleaseCheck.led_to.is_(None)


def _in_force(session: Session, shelving: Shelving, current: Release | None) -> Knowledge | None:
    from knowledge.shelf import ShelfMissingError

    try:
        return open_release(session, shelving, current.number) if current else None
    except ShelfMissingError:
        raise PublicationError("现行发布的检索索引不完整，请先运行 rouwen setup。") from None


def _known_now(session: Session, shelving: Shelving, on: date) -> dict[str, Said]:
    """What the release in force is known to say, where it was asked before."""
    return remembered(shelving, content_of(held_now(session), topics_now(session)), on)


def _next(
    session: Session, shelving: Shelving, proposed: Proposed, before: Knowledge | None, progress: Progress
) -> Knowledge:
    try:
        shelves = stock(session, shelving, proposed.rows, proposed.topics, progress=progress)
    except StockError as error:
        raise PublicationError(str(error)) from error
    number = (session.scalar(select(func.max(Release.number))) or 0) + 1
    return shelving.open(number, shelves.values(), proposed.topics, before)


def _outcome(question: GoldenQuestion, before: Said | None, after: Said) -> dict[str, Any] | None:
    """What there is to tell of a question: nothing where it passes as it did, in the same words."""
    passed = before is not None and before.passed
    if passed != after.passed:
        kind = FALLS if passed else RISES
    elif not after.passed:
        kind = FAILS
    elif before != after:
        kind = CHANGES
    else:
        return None
    return _told(question, kind, before, after)


def _told(question: GoldenQuestion, kind: str, before: Said | None, after: Said | None) -> dict[str, Any]:
    return {
        "name": question.id,
        "question": question.question,
        "region": question.region,
        "kind": kind,
        "before": before.to_json() if before else None,
        "after": after.to_json() if after else None,
    }


def _kept(session: Session, check: ReleaseCheck) -> ReleaseCheck:
    """Keeps a check and lets go of old ones that nothing rests on; the journal keeps that they were made."""
    session.add(check)
    session.flush()
    latest = select(ReleaseCheck.id).order_by(ReleaseCheck.id.desc()).limit(policy().kept_checks)
    keep = set(session.scalars(latest))
    session.execute(
        delete(ReleaseCheck).where(
            ReleaseCheck.id.not_in(keep), ReleaseCheck.led_to.is_(None), ReleaseCheck.overridden_by == ""
        )
    )
    detail = {
        "content": check.content,
        "asked": check.asked,
        "passed": check.passed,
        "passed_before": check.passed_before,
        "falls": check.falls,
        "links": len(check.links),
    }
    journal.append(session, check.made_by, "release.checked", f"check:{check.id}", detail)
    session.commit()
    return check
