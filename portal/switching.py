"""The page of the off switch, for publishers and administrators."""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, Flask, flash, redirect, request, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from knowledge.region import NATION

from .accounts.current import actor
from .accounts.forms import Answer, field_text, form_page, typed_form
from .accounts.navigation import Entry, offer
from .database import current_session
from .errors import FieldError, FieldErrors
from .journal import JournalEntry
from .library.record import regions_now
from .library.regions import resolve_among
from .permissions import Permission, requires
from .switch import EVERYWHERE, REASON, RegionSwitch, ServiceSwitch, switch

pages = Blueprint("switch", __name__, url_prefix="/staff/switch")

HISTORY = 20


@pages.get("")
@requires(Permission.SERVICE_SWITCH)
def show() -> Answer:
    return _page()


@pages.post("/all")
@requires(Permission.SERVICE_SWITCH)
def turn_all() -> Answer:
    """Stops or resumes the whole assistant; its reason is the field ``all_reason``."""
    try:
        return _turned(EVERYWHERE, field_text("all_reason", REASON + 100))
    except FieldErrors as wrong:
        errors = (replace(e, field="all_reason") for e in wrong.errors)
        return _page(FieldErrors(errors=tuple(errors)))


@pages.post("/region")
@requires(Permission.SERVICE_SWITCH)
def turn_region() -> Answer:
    try:
        return _turned(_region(field_text("region")), field_text("reason", REASON + 100))
    except FieldErrors as wrong:
        return _page(wrong)


def join_switching(app: Flask) -> None:
    app.register_blueprint(pages)
    offer(app, Entry("switch", "switch.show", (Permission.SERVICE_SWITCH,), order=60))


def _turned(region: str, reason: str) -> Response:
    answering = request.form.get("do") == "on"
    switch(current_session(), answering=answering, reason=reason, actor=actor(), region=region)
    flash("switch.resumed" if answering else "switch.stopped")
    return redirect(url_for(".show"), 303)


def _region(typed: str) -> str:
    """The path of the region that was typed; with a missing reason both are told at once."""
    errors = []
    if request.form.get("do") != "on" and not field_text("reason"):
        errors.append(FieldError("reason", "required"))
    path = ""
    if not typed:
        errors.insert(0, FieldError("region", "required"))
    else:
        try:
            path = resolve_among(regions_now(current_session()), typed)
        except FieldErrors as wrong:
            errors = [*wrong.errors, *errors]
        if path == NATION:
            errors.insert(0, FieldError("region", "nation_is_all"))
    if errors:
        raise FieldErrors(errors=errors)
    return path


def _page(wrong: FieldErrors | None = None) -> tuple[str, int]:
    session = current_session()
    session.rollback()
    stopped = select(RegionSwitch).where(RegionSwitch.answering.is_(False)).order_by(RegionSwitch.region)
    turns = select(JournalEntry).where(JournalEntry.act.in_(("service.switched_off", "service.switched_on")))
    return form_page(
        "staff/switch.html",
        wrong.errors if wrong else (),
        whole=session.scalars(select(ServiceSwitch)).one(),
        stopped=session.scalars(stopped).all(),
        regions=regions_now(session),
        turns=session.scalars(turns.order_by(JournalEntry.number.desc()).limit(HISTORY)).all(),
        typed=typed_form(),
        limit=REASON,
    )
