"""Acts on the text of a draft itself: what a document is called and when it holds, and its clauses."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from knowledge import record
from knowledge.clause import Clause, ClauseRef
from knowledge.edition import Edition
from portal.errors import FieldError, FieldErrors, NotFound, Problem
from portal.library.details import Details
from portal.library.record import edition_of

from .acting import Entry, act_on_draft
from .annotating import LONGEST_SUBJECT
from .drafts import write_edition
from .models import Draft
from .part import with_part

LONGEST_TEXT = 20_000
LONGEST_HEADING = 200
_STEP = re.compile(r"[^\s/#]{1,40}")


class TextChanged(Problem):
    """Someone else has changed the same meanwhile; what was typed is kept."""

    slug = "text_changed"


@dataclass(frozen=True, slots=True)
class ClauseWords:
    """What is written of a clause: its short title and its own text, number included."""

    heading: str
    text: str


def details_of(edition: Edition) -> Details:
    return Details(
        instrument=edition.instrument,
        title=edition.title,
        document_number=edition.document_number,
        issuer=edition.issuer,
        region=edition.region,
        department=edition.department,
        issued_on=edition.issued_on,
        in_force_from=edition.in_force_from,
        in_force_to=edition.in_force_to,
    )


def digest_of_details(edition: Edition) -> str:
    """What an editor of the details had before the eyes."""
    return record.digest(details_of(edition))


def digest_of_clause(clause: Clause) -> str:
    """What an editor of the text had before the eyes; what stands beside it does not count."""
    return record.digest([clause.heading, clause.text])


def edit_details(session: Session, instrument: str, told: Details, seen: str, *, actor: str) -> None:
    """Writes what the document is called, where and when it holds. The last day of force ends it (废止):
    from the next day on it is shown as no longer in force. TextChanged where another wrote meanwhile."""

    def act(draft: Draft) -> Entry | None:
        before = edition_of(draft.edition)
        after = _with_details(before, told)
        if after == before:
            return None
        if digest_of_details(before) != seen:
            raise TextChanged
        write_edition(draft, after)
        detail = {"before": record.to_json(details_of(before)), "after": record.to_json(details_of(after))}
        return Entry("draft.details", instrument, detail)

    act_on_draft(session, instrument, act, actor=actor)


def edit_clause(session: Session, place: ClauseRef, words: ClauseWords, seen: str, *, actor: str) -> None:
    """Writes the text of one clause; topics, ways of asking and plain words stay beside it."""
    _check(words)

    def change(edition: Edition) -> tuple[Edition, dict[str, object]] | None:
        before = _clause_of(edition, place.section)
        after = replace(before, heading=words.heading, text=words.text)
        if after == before:
            return None
        if digest_of_clause(before) != seen:
            raise TextChanged
        return with_part(edition, after), {"before": before.text, "after": after.text}

    _on_clauses(session, place, "clause.text_written", change, actor=actor)


def add_clause(session: Session, place: ClauseRef, words: ClauseWords, *, actor: str) -> None:
    """Adds a clause at the end of what it stands under; FieldErrors where its section cannot be."""
    _check(words)

    def change(edition: Edition) -> tuple[Edition, dict[str, object]]:
        if error := _wrong_section(edition, place.section):
            raise FieldErrors(errors=[FieldError("section", error)])
        clause = Clause(place.section, words.text, heading=words.heading)
        at = _end_of(edition, clause.parent)
        clauses = (*edition.clauses[:at], clause, *edition.clauses[at:])
        return replace(edition, clauses=clauses), {"text": words.text}

    _on_clauses(session, place, "clause.added", change, actor=actor)


def remove_clause(session: Session, place: ClauseRef, seen: str, *, actor: str) -> None:
    """Takes a clause out, with all that stands below it; TextChanged where it is not what was seen."""

    def change(edition: Edition) -> tuple[Edition, dict[str, object]]:
        gone = _clause_of(edition, place.section)
        if digest_of_clause(gone) != seen:
            raise TextChanged
        below = {clause.section for clause in edition.children(place.section)} | {place.section}
        kept = tuple(clause for clause in edition.clauses if clause.section not in below)
        return replace(edition, clauses=kept), {"text": edition.full_text(place.section)}

    _on_clauses(session, place, "clause.removed", change, actor=actor)


def _on_clauses(
    session: Session,
    place: ClauseRef,
    name: str,
    change: Callable[[Edition], tuple[Edition, dict[str, object]] | None],
    *,
    actor: str,
) -> None:
    def act(draft: Draft) -> Entry | None:
        changed = change(edition_of(draft.edition))
        if changed is None:
            return None
        edition, detail = changed
        write_edition(draft, edition)
        return Entry(name, str(place)[:LONGEST_SUBJECT], detail)

    act_on_draft(session, place.document, act, actor=actor)


def _with_details(edition: Edition, told: Details) -> Edition:
    region = told.region or ""
    return replace(
        edition,
        title=told.title or "",
        region=region,
        document_number=told.document_number or "",
        issuer=told.issuer or "",
        department=told.department or "",
        issued_on=told.issued_on,
        in_force_from=told.in_force_from or told.issued_on,
        in_force_to=told.in_force_to,
        items=tuple(replace(item, region=region) for item in edition.items),
    )


def _clause_of(edition: Edition, section: str) -> Clause:
    clause = edition.clause(section)
    if clause is None:
        raise NotFound
    return clause


def _check(words: ClauseWords) -> None:
    errors = [] if words.text else [FieldError("text", "required")]
    errors += [
        FieldError(name, "too_long", {"limit": limit, "length": len(text)})
        for name, text, limit in (
            ("text", words.text, LONGEST_TEXT),
            ("heading", words.heading, LONGEST_HEADING),
        )
        if len(text) > limit
    ]
    if errors:
        raise FieldErrors(errors=errors)


def _wrong_section(edition: Edition, section: str) -> str:
    """The word for what is wrong with a new section; empty where it may be."""
    if not section:
        return "required"
    if len(section) > LONGEST_HEADING or not all(_STEP.fullmatch(step) for step in section.split("/")):
        return "section_form"
    if edition.clause(section) is not None:
        return "section_taken"
    parent = section.rpartition("/")[0]
    return "section_parent" if parent and edition.clause(parent) is None else ""


def _end_of(edition: Edition, parent: str) -> int:
    """Where a new clause under ``parent`` comes: after the last that stands there."""
    if not parent:
        return len(edition.clauses)
    below = [
        n
        for n, clause in enumerate(edition.clauses, start=1)
        if clause.section == parent or clause.section.startswith(parent + "/")
    ]
    return max(below, default=len(edition.clauses))
