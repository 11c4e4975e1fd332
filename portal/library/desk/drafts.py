"""Drafts on the desk: opening, renewing and putting one away. Of each instrument there is one at a time."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, undefer

from knowledge import record
from knowledge.clause import Clause
from knowledge.edition import Edition, in_force
from portal import journal
from portal.calendar import today
from portal.errors import NotFound, Problem
from portal.journal import JournalEntry
from portal.library.annotations import with_annotations, with_meanings
from portal.library.held import Placed, compose, held_now, held_of
from portal.library.issue import is_same_issue
from portal.library.models import (
    EditionRow,
    EditionState,
    InstrumentRow,
    Origin,
    ReleaseEdition,
    ReleasePointer,
)
from portal.library.proposals import certainties_of, with_certainties
from portal.library.record import edition_of, keep_edition
from portal.workbench import OPERATOR

from .items.case_rows import carry_cases
from .models import Draft, Piece


class DraftMoved(Problem):
    """The draft is not in the state that the act needs: someone moved it on meanwhile."""

    slug = "draft_moved"


def draft_of(session: Session, instrument: str) -> Draft | None:
    """The open draft of an instrument."""
    return session.scalar(select(Draft).where(Draft.open_for == instrument))


def open_draft(session: Session, instrument: str, *, actor: str, withdrawn: bool = False) -> Draft:
    """The draft of an instrument to work on: the open one; else the one that waits from the command line,
    which the desk takes over; else a new one with the published text. ``withdrawn`` goes on from the text
    that a rollback took back. NotFound for an unknown instrument.
    """
    if session.get(InstrumentRow, instrument) is None:
        raise NotFound
    draft = draft_of(session, instrument)
    if draft is not None:
        return draft
    try:
        draft = _opened(session, instrument, actor, withdrawn=withdrawn)
        session.commit()
    except IntegrityError:  # someone else has opened it in this very moment
        session.rollback()
        draft = draft_of(session, instrument)
        if draft is None:
            raise
    return draft


def discard_draft(session: Session, instrument: str, *, actor: str) -> None:
    """Puts the draft away. The published text stays as it is; the row stays in the record."""
    draft = needed_draft(session, instrument)
    draft.edition.state = EditionState.SUPERSEDED.value
    draft.open_for = None
    journal.append(session, actor, "draft.discarded", instrument, {"digest": draft.edition.digest})
    session.commit()


def renew_draft(session: Session, instrument: str, *, actor: str) -> Draft:
    """Takes up what was published since the draft was opened: what stands beside the clauses there is added
    where the draft has nothing of its own. It must then be reviewed anew."""
    draft = needed_draft(
        session, instrument, EditionState.DRAFT, EditionState.IN_REVIEW, EditionState.APPROVED
    )
    shown = shown_edition(session, instrument)
    if shown is not None:
        write_edition(draft, _settled(with_annotations(edition_of(draft.edition), edition_of(shown))))
        carry_cases(session, shown, draft.edition)
    draft.base_id = shown.id if shown else None
    draft.edition.state = EditionState.DRAFT.value
    draft.submitted_by = draft.reviewed_by = ""
    sign(draft, actor)
    journal.append(session, actor, "draft.renewed", instrument, {"base": draft.base_id})
    session.commit()
    return draft


def needed_draft(session: Session, instrument: str, *states: EditionState) -> Draft:
    """The open draft, in one of ``states`` (by default: being written); NotFound or DraftMoved otherwise."""
    draft = draft_of(session, instrument)
    if draft is None:
        raise NotFound
    if draft.edition.state not in (states or (EditionState.DRAFT,)):
        raise DraftMoved
    return draft


def is_stale(session: Session, draft: Draft) -> bool:
    """True where another text was published after the draft was opened."""
    shown = shown_edition(session, draft.edition.instrument_id)
    return (shown.id if shown else None) != draft.base_id


def shown_edition(session: Session, instrument: str) -> EditionRow | None:
    """The published edition of an instrument that counts today, else its latest."""
    rows = list(
        session.scalars(
            select(EditionRow)
            .join(ReleaseEdition, ReleaseEdition.edition_id == EditionRow.id)
            .join(ReleasePointer, ReleasePointer.release == ReleaseEdition.release)
            .where(EditionRow.instrument_id == instrument)
            .options(undefer(EditionRow.content))
            .order_by(EditionRow.in_force_from, EditionRow.id)
        )
    )
    editions = [edition_of(row) for row in rows]
    counts = in_force(editions, today()).get(instrument)
    return next((r for r, e in zip(rows, editions, strict=True) if e is counts), rows[-1] if rows else None)


def next_editions(session: Session, drafted: Iterable[EditionRow]) -> list[Placed]:
    """The editions of a release with these drafts.

    Beside what ``compose`` replaces, a draft takes the place of the edition that it was opened from where it
    is the same issue of the text: then another first day puts a mistake right and is no new edition.
    """
    new = list(drafted)
    opened = select(Draft.edition_id, Draft.base_id).where(Draft.edition_id.in_([row.id for row in new]))
    bases = {row.edition_id: row.base_id for row in session.execute(opened)}
    shown = {row.id: row for row in held_now(session)}
    for row in new:
        base = shown.get(bases.get(row.id) or 0)
        if base is None or base.summary != row.summary:
            continue
        if is_same_issue(session.get_one(EditionRow, base.id), row):
            del shown[base.id]
    return list(compose(shown.values(), map(held_of, new)))


def at_work(session: Session, instrument: str) -> EditionRow | None:
    """What the desk shows of an instrument: its open draft, else the one that waits from the command line,
    else the published text, else the one that was taken back."""
    draft = draft_of(session, instrument)
    if draft is not None:
        return draft.edition
    return (
        waiting_edition(session, instrument)
        or shown_edition(session, instrument)
        or withdrawn_edition(session, instrument)
    )


def write_edition(draft: Draft, edition: Edition) -> None:
    """Puts an edition in the place of the draft's, and its facts in the columns; the caller commits."""
    row = draft.edition
    row.content, row.digest = record.edition_to_json(edition), record.digest(edition)
    row.title, row.document_number, row.region = edition.title, edition.document_number, edition.region
    row.issued_on, row.in_force_from, row.in_force_to = (
        edition.issued_on,
        edition.in_force_from,
        edition.in_force_to,
    )


def sign(piece: Piece, actor: str) -> None:
    """Counts ``actor`` among those who wrote a draft or a change."""
    if actor not in piece.authors:
        piece.authors = [*piece.authors, actor]


def withdrawn_edition(session: Session, instrument: str) -> EditionRow | None:
    """The text that was published last and is no longer, where it is later than what is shown."""
    last = session.scalar(
        select(EditionRow)
        .where(EditionRow.instrument_id == instrument, EditionRow.published_at.is_not(None))
        .options(undefer(EditionRow.content))
        .order_by(EditionRow.id.desc())
        .limit(1)
    )
    return last if last is not None and last.state == EditionState.SUPERSEDED.value else None


def withdrawn_editions(session: Session) -> list[EditionRow]:
    """Of every instrument the same, also where it is shown in an older text."""
    last = (
        select(func.max(EditionRow.id))
        .where(EditionRow.published_at.is_not(None))
        .group_by(EditionRow.instrument_id)
    )
    found = select(EditionRow).where(
        EditionRow.id.in_(last), EditionRow.state == EditionState.SUPERSEDED.value
    )
    return list(session.scalars(found.options(undefer(EditionRow.content))))


def _opened(session: Session, instrument: str, actor: str, *, withdrawn: bool) -> Draft:
    shown, waiting = shown_edition(session, instrument), waiting_edition(session, instrument)
    source = (withdrawn_edition(session, instrument) if withdrawn or shown is None else None) or shown
    if waiting is not None:
        row, authors = waiting, [waiting.author]
        edition = edition_of(row)
        if shown is not None:
            edition = _settled(with_annotations(edition, edition_of(shown)))
        row.origin = Origin.EDITOR.value
        certainties = certainties_of(session, edition)
    elif source is not None:
        edition, certainties = with_certainties(session, edition_of(source))
        row = keep_edition(session, edition, origin=Origin.EDITOR, author=actor)
        authors = [actor]
    else:
        raise NotFound
    draft = Draft(
        edition=row,
        open_for=instrument,
        base_id=shown.id if shown else None,
        authors=authors,
        certainties=certainties,
    )
    write_edition(draft, edition)
    session.add(draft)
    session.flush()
    if source is not None:
        carry_cases(session, source, row)
    journal.append(session, actor, "draft.opened", instrument, {"base": draft.base_id, "digest": row.digest})
    return draft


def holders(session: Session, draft: Draft) -> tuple[str, ...]:
    """Who works on a draft: those who wrote in it, or who opened what came in on the command line."""
    people = tuple(name for name in draft.authors if name != OPERATOR)
    opened = select(JournalEntry.actor).where(
        JournalEntry.act == "draft.opened", JournalEntry.subject == draft.subject
    )
    opener = session.scalar(opened.order_by(JournalEntry.number.desc()).limit(1))
    return people or ((opener,) if opener else tuple(draft.authors))


def start_draft(
    session: Session,
    edition: Edition,
    *,
    actor: str,
    file: tuple[str, bytes] | None = None,
    meant: Collection[str] = (),
) -> Draft | None:
    """Puts a text that comes new to the desk there as the open draft of its instrument; the caller commits.

    What editors wrote beside the clauses of the published text is carried over, the rest is proposed; a
    draft of the same first day that waits from the command line gives way to it. The items whose numbers are
    ``meant`` say what their editor says that they mean. None where the public sees this very text already.
    """
    shown = shown_edition(session, edition.instrument)
    if shown is not None:
        before = edition_of(shown)
        edition = _settled(with_annotations(with_meanings(edition, before, meant), before))
    edition, certainties = with_certainties(session, edition)  # before anything is written: it takes a while
    if shown is not None and record.digest(edition) == shown.digest:
        return None
    waiting = waiting_edition(session, edition.instrument)
    if waiting is not None and waiting.in_force_from == edition.in_force_from:
        waiting.state = EditionState.SUPERSEDED.value
    row = keep_edition(session, edition, origin=Origin.EDITOR, author=actor, file=file)
    draft = Draft(
        edition=row,
        open_for=edition.instrument,
        base_id=shown.id if shown else None,
        authors=[actor],
        certainties=certainties,
    )
    session.add(draft)
    session.flush()
    return draft


def waiting_edition(session: Session, instrument: str) -> EditionRow | None:
    """The latest draft that came in on the command line."""
    return session.scalar(
        select(EditionRow)
        .where(
            EditionRow.instrument_id == instrument,
            EditionRow.state == EditionState.DRAFT.value,
            EditionRow.origin == Origin.COMMAND_LINE.value,
        )
        .options(undefer(EditionRow.content))
        .order_by(EditionRow.id.desc())
        .limit(1)
    )


def _settled(edition: Edition) -> Edition:
    """Without proposals of what is confirmed by now."""
    clauses = tuple(map(_settled_clause, edition.clauses))
    items = tuple(
        replace(i, carried=tuple(q for q in i.carried if q not in i.asked_as)) for i in edition.items
    )
    return replace(edition, clauses=clauses, items=items)


def _settled_clause(clause: Clause) -> Clause:
    return replace(
        clause,
        proposed=tuple(t for t in clause.proposed if t not in clause.topics),
        carried=tuple(q for q in clause.carried if q not in clause.asked_as),
    )
