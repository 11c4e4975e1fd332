"""Lists copied from a higher authority's (舟山 二（一）1; R26), and following what changes there."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from knowledge.edition import Edition, InstrumentKind
from knowledge.following import Following, copied_items, follow
from portal import journal
from portal.errors import FieldError, FieldErrors, NotFound
from portal.library.desk.drafts import (
    at_work,
    draft_of,
    needed_draft,
    shown_edition,
    sign,
    start_draft,
    write_edition,
)
from portal.library.details import Details
from portal.library.models import EditionRow, InstrumentRow
from portal.library.record import edition_of

from .models import ListCopy


@dataclass(frozen=True, slots=True)
class Original:
    """The list that a copy follows: the edition that it followed last, and the one that is public now."""

    copy: ListCopy
    followed: EditionRow
    now: EditionRow | None


def copy_list(session: Session, of: str, told: Details, *, actor: str) -> str:
    """A draft of a new list with the items of the public list ``of``; returns its id.

    NotFound where ``of`` is no public list; FieldErrors where what is told of the copy will not do: the id
    is taken, the title is missing, or the region lies outside the original's.
    """
    row = shown_edition(session, of)
    original = edition_of(row) if row else None
    if row is None or original is None or original.kind is not InstrumentKind.LIST:
        raise NotFound
    own = _own(session, original, told)
    own = replace(own, items=copied_items(original.items, own))
    start_draft(session, own, actor=actor)
    session.add(ListCopy(instrument_id=own.instrument, original_id=of, edition_id=row.id, followed_by=actor))
    detail = {"of": of, "edition": row.digest}
    journal.append(session, actor, "list.copied", own.instrument, detail)
    session.commit()
    return own.instrument


def original_of(session: Session, instrument: str) -> Original | None:
    """The original of a copy; None for a list that is none."""
    copy = session.get(ListCopy, instrument)
    if copy is None:
        return None
    followed = session.get_one(EditionRow, _followed(session, copy))
    return Original(copy, followed, shown_edition(session, copy.original_id))


def _followed(session: Session, copy: ListCopy) -> int:
    """The edition of the original that the copy follows as it stands: a draft that took a change and was
    discarded, or a release that was rolled back, follows nothing."""
    own, draft = at_work(session, copy.instrument_id), draft_of(session, copy.instrument_id)
    if copy.next_id is None or copy.followed_in is None or own is None:
        return copy.edition_id
    came_from = draft.base_id if draft is not None else own.id
    goes_on = came_from is not None and came_from >= copy.followed_in
    return copy.next_id if goes_on or own.id == copy.followed_in else copy.edition_id


def changes_above(original: Original, own: Edition) -> Following | None:
    """What following would do to the copy; None where the original changed nothing that the copy lacks."""
    if original.now is None or original.now.id == original.followed.id:
        return None
    found = follow(edition_of(original.followed), edition_of(original.now), own)
    return found if found.changed else None


def follow_original(session: Session, instrument: str, *, actor: str) -> Following:
    """Takes over into the open draft what the original changed; what the copy worded itself stays.

    NotFound where there is no draft, no original or nothing to follow; DraftMoved where it is under review.
    """
    original, draft = original_of(session, instrument), needed_draft(session, instrument)
    found = changes_above(original, edition_of(draft.edition)) if original else None
    if original is None or original.now is None or found is None:
        raise NotFound
    write_edition(draft, found.edition)
    sign(draft, actor)
    copy = original.copy
    copy.edition_id, copy.next_id, copy.followed_in = original.followed.id, original.now.id, draft.edition_id
    copy.followed_by = actor
    detail = {"of": original.copy.original_id, "taken": list(found.taken), "kept": list(found.kept)}
    journal.append(session, actor, "list.followed", instrument, detail)
    session.commit()
    return found


def copies_behind(session: Session) -> list[ListCopy]:
    """The copies whose originals have changed since they were last followed."""
    copies = session.scalars(select(ListCopy).order_by(ListCopy.instrument_id))
    return [copy for copy in copies if _is_behind(session, copy)]


def _is_behind(session: Session, copy: ListCopy) -> bool:
    original, row = original_of(session, copy.instrument_id), at_work(session, copy.instrument_id)
    return bool(original and row and changes_above(original, edition_of(row)))


def _own(session: Session, original: Edition, told: Details) -> Edition:
    errors = [
        FieldError(name, "required") for name in ("instrument", "title", "region") if not getattr(told, name)
    ]
    if told.instrument and session.get(InstrumentRow, told.instrument) is not None:
        errors.append(FieldError("instrument", "instrument_taken"))
    if told.region and not _lies_in(told.region, original):
        errors.append(FieldError("region", "region_outside", {"regions": list(original.regions)}))
    if errors:
        raise FieldErrors(errors=errors)
    number = f"（{original.document_number}）" if original.document_number else ""
    return Edition(
        instrument=told.instrument or "",
        kind=InstrumentKind.LIST,
        title=told.title or "",
        region=told.region or "",
        document_number=told.document_number or "",
        issuer=told.issuer or "",
        department=told.department or "",
        issued_on=told.issued_on,
        in_force_from=told.in_force_from or told.issued_on,
        in_force_to=told.in_force_to,
        source=f"以《{original.title}》{number}为底本",
    )


def _lies_in(region: str, original: Edition) -> bool:
    places = original.regions
    return "全国" in places or all(
        any((place + "/").startswith(above + "/") for above in places) for place in region.split("、")
    )
