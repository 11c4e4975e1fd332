"""The administrator's pages: accounts, roles, agencies."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from flask import Blueprint, flash, redirect, render_template, request, url_for
from sqlalchemy import select

from portal.database import current_session, now
from portal.errors import FieldError, FieldErrors, NotFound
from portal.permissions import Permission, requires

from . import acts
from .current import actor, current_staff
from .forms import Answer, field_text, form_page
from .models import Agency, Role, Staff

pages = Blueprint("staff_accounts", __name__, url_prefix="/staff/accounts")


@pages.get("")
@requires(Permission.STAFF_MANAGE)
def index() -> Answer:
    return _list_page()


@pages.post("")
@requires(Permission.STAFF_MANAGE)
def add() -> Answer:
    """The one-time password stands on the answer itself, since nothing keeps it to be shown later."""
    name, agency, roles = field_text("name", 80), field_text("agency", 200), _roles()
    try:
        if not roles:
            raise acts.StaffError("roles", "staff_roles")
        made = acts.add_staff(
            current_session(), name, roles[0], agency, actor=current_staff().name, further=roles[1:]
        )
    except FieldErrors as wrong:
        return _list_page(wrong.errors, typed={"name": name, "agency": agency, "roles": roles})
    return render_template("staff/one_time_password.html", made=made, act="added")


@pages.get("/<int(max=2147483647):staff_id>")
@requires(Permission.STAFF_MANAGE)
def show(staff_id: int) -> Answer:
    return _person_page(_load(staff_id))


@pages.post("/<int(max=2147483647):staff_id>/roles")
@requires(Permission.STAFF_MANAGE)
def set_roles(staff_id: int) -> Answer:
    return _act(
        staff_id, "roles_set", lambda s: acts.set_roles(current_session(), s, _roles(), actor=actor())
    )


@pages.post("/<int(max=2147483647):staff_id>/active")
@requires(Permission.STAFF_MANAGE)
def set_active(staff_id: int) -> Answer:
    active = request.form.get("active") == "yes"
    done = "reactivated" if active else "deactivated"
    return _act(staff_id, done, lambda s: acts.set_active(current_session(), s, active=active, actor=actor()))


@pages.post("/<int(max=2147483647):staff_id>/unlock")
@requires(Permission.STAFF_MANAGE)
def unlock(staff_id: int) -> Answer:
    return _act(staff_id, "unlocked", lambda s: acts.unlock(current_session(), s, actor=actor()))


@pages.post("/<int(max=2147483647):staff_id>/reset")
@requires(Permission.STAFF_MANAGE)
def reset(staff_id: int) -> Answer:
    staff = _load(staff_id)
    if staff.id == current_staff().id:
        return _person_page(staff, [FieldError("reset", "staff_own_reset")])
    made = acts.reset_staff(current_session(), staff, actor=actor())
    return render_template("staff/one_time_password.html", made=made, act="reset")


@pages.post("/agencies/<int(max=2147483647):agency_id>/region")
@requires(Permission.STAFF_MANAGE)
def set_region(agency_id: int) -> Answer:
    agency = current_session().get(Agency, agency_id)
    if agency is None:
        raise NotFound
    region = field_text("region", 100)
    try:
        acts.set_region(current_session(), agency, region, actor=actor())
    except FieldErrors as wrong:
        return _list_page(wrong.errors, typed={"agency_id": agency_id, "region": region})
    flash("staff.accounts.region_set")
    return redirect(url_for(".index") + "#agencies", 303)


def _act(staff_id: int, done: str, act: Callable[[Staff], None]) -> Answer:
    staff = _load(staff_id)
    try:
        act(staff)
    except FieldErrors as wrong:
        return _person_page(staff, wrong.errors)
    flash(f"staff.accounts.{done}")
    return redirect(url_for(".show", staff_id=staff_id), 303)


def _load(staff_id: int) -> Staff:
    staff = current_session().get(Staff, staff_id)
    if staff is None:
        raise NotFound
    return staff


def _roles() -> list[Role]:
    wanted = request.form.getlist("roles")
    return [role for role in Role if role.value in wanted]


def _list_page(errors: Iterable[FieldError] = (), typed: dict[str, object] | None = None) -> tuple[str, int]:
    database = current_session()
    return form_page(
        "staff/accounts.html",
        errors,
        typed=typed or {},
        everyone=database.scalars(select(Staff).order_by(Staff.active.desc(), Staff.name)).all(),
        agencies=database.scalars(select(Agency).order_by(Agency.name)).all(),
        roles=list(Role),
        at=now(),
    )


def _person_page(staff: Staff, errors: Iterable[FieldError] = ()) -> tuple[str, int]:
    return form_page("staff/person.html", errors, person=staff, roles=list(Role), at=now())
