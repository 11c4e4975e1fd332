"""The officer's view of what changed under a case: old and new text side by side."""

from __future__ import annotations

from flask import Blueprint, render_template

from portal.accounts.current import current_staff
from portal.calendar import CHINA
from portal.database import current_session
from portal.errors import NotFound
from portal.language import caller_language
from portal.library.side_by_side import parts_of
from portal.permissions import Permission, requires

from .basis import BasisChange, open_change, restated_last
from .models import Application
from .staff_access import case_to_read

pages = Blueprint("case_basis", __name__, url_prefix="/staff/cases/<number>/basis")


@pages.get("/<int:change_id>")
@requires(Permission.CASES_HANDLE, Permission.CASES_READ)
def difference(number: str, change_id: int) -> str:
    """What changed, as far as the case rests on it."""
    session, staff = current_session(), current_staff()
    application = case_to_read(session, staff, number)
    change = session.get(BasisChange, change_id)
    if change is None or change.application_id != application.id:
        raise NotFound
    made = change.made_at.astimezone(CHINA).date()
    mine = staff.may(Permission.CASES_HANDLE) and application.agency_id == staff.agency_id
    return render_template(
        "cases/basis.html",
        application=application,
        change=change,
        parts=parts_of(session, change.touches, made, caller_language()),
        may_check=mine and open_change(session, application) is change,
    )


@pages.app_context_processor
def basis() -> dict[str, object]:
    """For the page of a case: what its officer has still to look at."""

    def basis_change(application: Application) -> BasisChange | None:
        return open_change(current_session(), application)

    def basis_restated(application: Application) -> BasisChange | None:
        return restated_last(current_session(), application)

    return {"basis_change": basis_change, "basis_restated": basis_restated}
