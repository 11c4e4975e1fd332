"""Checks of a next release on the desk: what changes for the golden questions, and who lets it through."""

from __future__ import annotations

from flask import Blueprint, current_app, flash, redirect, request, url_for

from portal.accounts.current import actor, current_staff
from portal.accounts.forms import Answer, problem_page
from portal.database import current_session
from portal.errors import Problem
from portal.library.desk.views import READERS
from portal.library.holder import knowledge_holder
from portal.permissions import Permission, requires
from portal.policy import policy

from .checking import ORDER
from .gate import falls_allowed, lacks, people_in
from .models import ReleaseCheck
from .release_checks import find_check, override, still_proposed, touched_since

pages = Blueprint("release_checks", __name__, url_prefix="/staff/knowledge/checks")


@pages.get("/<int(max=2147483647):number>")
@requires(*READERS)
def show(number: int) -> Answer:
    return check_page(number)


@pages.post("/<int(max=2147483647):number>/override")
@requires(Permission.KNOWLEDGE_PUBLISH)
def override_one(number: int) -> Answer:
    session, shelving = current_session(), knowledge_holder(current_app).shelving
    check = find_check(session, number)
    try:
        override(session, shelving, check, request.form.get("reason", ""), actor=actor())
    except Problem as problem:
        session.rollback()
        return check_page(number, problem)
    flash("checks.overridden")
    return redirect(url_for(".show", number=number), 303)


def check_page(number: int, problem: Problem | None = None) -> tuple[str, int]:
    """What a check showed, and what whoever looks may do about it."""
    session, staff = current_session(), current_staff()
    check = find_check(session, number)
    proposed = None
    if check.led_to is None:
        proposed = still_proposed(session, knowledge_holder(current_app).shelving, check)
    has_part = proposed is not None and staff.name in people_in(proposed.pieces)
    may = staff.may(Permission.KNOWLEDGE_PUBLISH)
    short = lacks(check)
    return problem_page(
        "staff/knowledge/check.html",
        problem,
        check=check,
        groups=_groups(check),
        touched=touched_since(session, check.release),
        lacks=short,
        bar=round(policy().golden_bar * 100),
        allowed=falls_allowed(check),
        share=round(check.share * 100, 1),
        blocked=bool(short) and not check.overridden_by,
        holds=proposed is not None,
        pieces=proposed.pieces if proposed else (),
        may_override=may and not has_part,
        may_publish=may and not has_part and check.overridden_by != staff.name,
        has_part=has_part,
        reason=request.form.get("reason", ""),
    )


def _groups(check: ReleaseCheck) -> list[tuple[str, list[dict[str, object]]]]:
    """The outcomes by how the questions fare, the worst first."""
    return [(kind, held) for kind in ORDER if (held := [o for o in check.outcomes if o["kind"] == kind])]
