"""The gate before a release: what the golden questions must show of it (docs/adr/0011).

Both hold: of all golden questions at least the share ``golden_bar`` passes in the next release, and of
those that pass today no more than the share ``golden_falls`` falls. Where either does not, a second person
may let the release through, with a reason.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

from sqlalchemy.orm import Session

from portal.errors import Problem
from portal.library.desk.models import Piece
from portal.library.desk.review import SamePerson, writers
from portal.library.progress import Progress, untold
from portal.library.shelving import Shelving
from portal.policy import policy

from .checking import Proposed, holding_check, make_check
from .keeping import enabled_questions
from .models import ReleaseCheck

SHARE, FALLS = "share", "falls"


class ReleaseBlocked(Problem):
    """The golden questions do not let a release through; ``check`` is the number of what they showed."""

    slug = "release_blocked"


def lacks(check: ReleaseCheck) -> tuple[str, ...]:
    """In what a check falls short: ``share``, ``falls``, both or nothing."""
    found = []
    if check.share < policy().golden_bar:
        found.append(SHARE)
    if check.falls > falls_allowed(check):
        found.append(FALLS)
    return tuple(found)


def falls_allowed(check: ReleaseCheck) -> int:
    """How many of the questions that pass today may fall; below fifty of them, none at two in a hundred."""
    return math.floor(check.passed_before * policy().golden_falls + 1e-9)


def let_through(
    session: Session, shelving: Shelving, proposed: Proposed, *, actor: str, progress: Progress = untold
) -> ReleaseCheck | None:
    """The check under which ``actor`` may publish this; None where no golden questions are kept.

    Where what is proposed was not checked as it stands, it is now. Raises ReleaseBlocked where it falls
    short and nobody has let it through, SamePerson where whoever did has another part in the release.
    """
    if not enabled_questions(session):
        return None
    check = holding_check(session, shelving, proposed)
    if check is None:
        check = make_check(session, shelving, proposed, actor=actor, progress=progress)
    if not lacks(check):
        return check
    if not check.overridden_by:
        raise ReleaseBlocked(check=check.id, passed=check.passed, asked=check.asked, falls=check.falls)
    if check.overridden_by in {actor, *people_in(proposed.pieces)}:
        raise SamePerson(who=check.overridden_by)
    return check


def people_in(pieces: Iterable[Piece]) -> frozenset[str]:
    """All who wrote, handed in or reviewed any of these."""
    held = tuple(pieces)
    return frozenset(name for piece in held for name in (*writers(piece), piece.reviewed_by)) - {""}
