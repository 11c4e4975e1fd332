"""Acts on checks: a publisher has one made; a second person lets through what one blocks, with a reason."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from portal import journal
from portal.database import now
from portal.errors import FieldError, FieldErrors, NotFound, Problem
from portal.library.desk.release import REASON, chosen, proposed_release
from portal.library.desk.review import SamePerson
from portal.library.lock import publication_lock
from portal.library.models import Release
from portal.library.progress import Progress, untold
from portal.library.publication import PublicationError
from portal.library.shelving import Shelving

from .checking import Proposed, holding_check, make_check
from .gate import lacks, people_in
from .models import GoldenRow, ReleaseCheck


class CheckOutdated(Problem):
    """The check speaks of something else than what would be published now."""

    slug = "check_outdated"


class NothingToOverride(Problem):
    """The check lets the release through, or someone has done so already."""

    slug = "nothing_to_override"


def check_approved(
    session: Session,
    shelving: Shelving,
    *,
    actor: str,
    subjects: Iterable[str] | None = None,
    progress: Progress = untold,
) -> ReleaseCheck:
    """Checks the release of what was approved, or of those of it that ``subjects`` name, unpublished.

    Raises PublicationError where it could not be published at all, LockedError during a publication.
    """
    with publication_lock(session):
        proposed = proposed_release(session, chosen(session, subjects))
        return make_check(session, shelving, proposed, actor=actor, progress=progress)


def override(session: Session, shelving: Shelving, check: ReleaseCheck, reason: str, *, actor: str) -> None:
    """Lets the release through that a check blocks; whoever does has no other part in it (docs/adr/0011).

    Raises FieldErrors without a reason, SamePerson for who wrote or reviewed a piece of it, CheckOutdated
    where it is no longer what would be published, NothingToOverride where nothing blocks it.
    """
    why = reason.strip()
    if not why:
        raise FieldErrors(errors=[FieldError("reason", "required")])
    if len(why) > REASON:
        raise FieldErrors(errors=[FieldError("reason", "too_long", {"limit": REASON, "length": len(why)})])
    if not lacks(check) or check.overridden_by:
        raise NothingToOverride
    proposed = still_proposed(session, shelving, check)
    if proposed is None:
        raise CheckOutdated
    if actor in people_in(proposed.pieces):
        raise SamePerson(who=actor)
    check.overridden_by, check.override_reason, check.overridden_at = actor, why, now()
    detail = {"reason": why, "passed": check.passed, "asked": check.asked, "falls": check.falls}
    journal.append(session, actor, "release.overridden", f"check:{check.id}", detail)
    session.commit()


def still_proposed(session: Session, shelving: Shelving, check: ReleaseCheck) -> Proposed | None:
    """What a check speaks of, as it would be published now; None where anything has changed since."""
    try:
        proposed = proposed_release(session, chosen(session, check.subjects))
    except PublicationError:
        return None
    held = holding_check(session, shelving, proposed)
    return proposed if held is not None and held.id == check.id else None


def find_check(session: Session, number: int) -> ReleaseCheck:
    options = [undefer(ReleaseCheck.outcomes), undefer(ReleaseCheck.links)]
    check = session.get(ReleaseCheck, number, options=options)
    if check is None:
        raise NotFound
    return check


def latest_check(session: Session) -> ReleaseCheck | None:
    """The last check that has not led to a release."""
    latest = select(ReleaseCheck).order_by(ReleaseCheck.id.desc()).limit(1)
    check = session.scalar(latest)
    return check if check is not None and check.led_to is None else None


def touched_since(session: Session, release: int | None) -> tuple[GoldenRow, ...]:
    """The golden questions that were changed or retired after a release was made, the latest first: whoever
    publishes should see where the measure itself has moved."""
    if release is None:
        return ()
    made = select(Release.made_at).where(Release.number == release).scalar_subquery()
    rows = select(GoldenRow).where(GoldenRow.changed_at > made, GoldenRow.version > 1)
    return tuple(session.scalars(rows.order_by(GoldenRow.changed_at.desc(), GoldenRow.name)))
