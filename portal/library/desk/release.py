"""Publishing what was approved: one release of editions and topics, and back again with a reason."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.errors import FieldError, FieldErrors
from portal.golden.checking import Proposed
from portal.golden.gate import let_through
from portal.library import publication
from portal.library.lock import publication_lock
from portal.library.models import EditionRow, EditionState, ReleaseAct
from portal.library.progress import Noted, Progress, unnoted, untold
from portal.library.publication import Outcome, PublicationError, make_release, needed_release
from portal.library.record import topics_now
from portal.library.shelving import Shelving

from .drafts import next_editions
from .hindrances import hindrances
from .models import Draft, Piece, TopicChange
from .review import check_persons
from .topic_changes import open_changes, topic_of, with_changes

REASON = 500


@dataclass(frozen=True, slots=True)
class Approved:
    """What waits for the publisher."""

    drafts: tuple[Draft, ...]
    changes: tuple[TopicChange, ...]

    @property
    def pieces(self) -> tuple[Piece, ...]:
        return (*self.drafts, *self.changes)

    def chosen(self, subjects: Iterable[str] | None) -> Approved:
        """Those that the publisher chose, by their subject in the journal; all of them for None."""
        if subjects is None:
            return self
        named = set(subjects)
        return self.without(piece.subject for piece in self.pieces if piece.subject not in named)

    def without(self, subjects: Iterable[str]) -> Approved:
        """All but these."""
        left = set(subjects)
        return Approved(
            tuple(d for d in self.drafts if d.subject not in left),
            tuple(c for c in self.changes if c.subject not in left),
        )


def approved(session: Session) -> Approved:
    drafts = session.scalars(
        select(Draft)
        .join(EditionRow, EditionRow.id == Draft.edition_id)
        .where(Draft.open_for.is_not(None), EditionRow.state == EditionState.APPROVED.value)
        .order_by(Draft.edition_id)
    )
    changes = (c for c in open_changes(session) if c.state == EditionState.APPROVED.value)
    return Approved(tuple(drafts), tuple(changes))


def chosen(session: Session, subjects: Iterable[str] | None) -> Approved:
    """What the publisher chose of what was approved; PublicationError where that is nothing."""
    ready = approved(session).chosen(subjects)
    if not ready.pieces:
        raise PublicationError("没有选中已审核通过的内容。")
    return ready


def proposed_release(session: Session, ready: Approved) -> Proposed:
    """The release that these pieces would make; PublicationError where they cannot be published so."""
    rows = next_editions(session, [draft.edition for draft in ready.drafts])
    if found := hindrances(session, ready, rows):
        raise PublicationError("".join(one.reason for one in found))
    titles = [
        *(draft.edition.title for draft in ready.drafts),
        *(topic_of(change).name for change in ready.changes),
    ]
    return Proposed(rows, with_changes(topics_now(session), ready.changes), ready.pieces, titles)


def publish_approved(
    session: Session,
    shelving: Shelving,
    *,
    actor: str,
    subjects: Iterable[str] | None = None,
    reason: str = "",
    seen: Mapping[str, str] | None = None,
    progress: Progress = untold,
    noted: Noted = unnoted,
) -> Outcome:
    """One release of what was approved, or of those of it that ``subjects`` name. ``seen`` names each as the
    publisher's page showed it: what was rewritten and approved anew since then is not published unread.

    The golden questions are asked of it first, unless they just were. Raises SamePerson where anyone would
    have two parts in it, PublicationError where a part of it rests on what is no longer published,
    ReleaseBlocked where the golden questions do not let it through, and LockedError while another
    publication is under way.
    """
    why = _reason(reason, needed=False)
    with publication_lock(session) as lock:
        ready, proposed = publishable(session, actor=actor, subjects=subjects, seen=seen, reason=reason)
        check = let_through(session, shelving, proposed, actor=actor, progress=progress)
        release = make_release(
            session,
            shelving,
            proposed.rows,
            proposed.topics,
            act=ReleaseAct.PUBLISH,
            actor=actor,
            reason=why,
            more={
                "topics": [change.topic_id for change in ready.changes],
                "check": check.id if check else None,
            },
            progress=progress,
            noted=noted,
        )
        if check is not None:
            check.led_to = release.number
        for draft in ready.drafts:
            draft.open_for = None
        for change in ready.changes:
            change.state, change.open_for = EditionState.PUBLISHED.value, None
            change.release = release.number
        lock.release_with_commit()
        return Outcome(release.number, tuple(piece.subject for piece in ready.pieces))


def publishable(
    session: Session,
    *,
    actor: str,
    subjects: Iterable[str] | None = None,
    seen: Mapping[str, str] | None = None,
    reason: str = "",
) -> tuple[Approved, Proposed]:
    """What ``actor`` may publish of this as it stands, golden questions apart; raises as publishing does.

    It is asked when the button is pressed, so that nobody waits for a refusal, and again at the act.
    """
    _reason(reason, needed=False)
    ready = chosen(session, subjects)
    check_persons(ready.pieces, actor)
    _need_as_seen(ready.pieces, seen or {})
    return ready, proposed_release(session, ready)


def _need_as_seen(pieces: Iterable[Piece], seen: Mapping[str, str]) -> None:
    if moved := [piece.subject for piece in pieces if seen.get(piece.subject, piece.seen) != piece.seen]:
        raise PublicationError(f"打开页面以后又改过并重新审核了：{'、'.join(moved)}。请看过改动再发布。")


def roll_back(
    session: Session,
    shelving: Shelving,
    number: int,
    *,
    actor: str,
    reason: str,
    progress: Progress = untold,
    noted: Noted = unnoted,
) -> Outcome:
    """Back to the content of an earlier release, for a reason that is kept with the new one."""
    why = _reason(reason, needed=True)
    return publication.roll_back(
        session, shelving, number, actor=actor, reason=why, progress=progress, noted=noted
    )


def need_way_back(session: Session, number: int, reason: str) -> None:
    """Raises as rolling back does, where there is no such release or no reason for it."""
    _reason(reason, needed=True)
    needed_release(session, number)


def _reason(text: str, *, needed: bool) -> str:
    reason = text.strip()
    if needed and not reason:
        raise FieldErrors(errors=[FieldError("reason", "required")])
    if len(reason) > REASON:
        values = {"limit": REASON, "length": len(reason)}
        raise FieldErrors(errors=[FieldError("reason", "too_long", values)])
    return reason
