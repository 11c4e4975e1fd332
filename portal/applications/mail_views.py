"""The pages of mail to a party: to ask for it, and to stop it, also from a link in a letter."""

from __future__ import annotations

from flask import Blueprint, current_app, render_template, request

from portal.database import current_session
from portal.errors import FieldErrors, NotFound
from portal.language import caller_language
from portal.permissions import public
from portal.settings import Settings
from portal.throttle import limit_questions

from .lifecycle import State
from .mailing import application_of, forget_address, keep_address
from .party import Page, back, open_here, status_page

pages = Blueprint("party_mail", __name__, url_prefix="/applications")


@pages.post("/<number>/mail")
@public
@limit_questions
def want(number: str) -> Page:
    """Wants to be told by mail when the application moves."""
    settings: Settings = current_app.extensions["rouwen.settings"]
    application = open_here(number)
    if not settings.mails or application.state == State.DRAFT:
        raise NotFound
    typed = request.form.get("mail_address", "")[:1000]
    try:
        keep_address(current_session(), application, typed, caller_language())
    except FieldErrors as wrong:
        current_session().rollback()
        return status_page(open_here(number), wrong, mail_typed=typed or " ")
    return back(application, done="mail")


@pages.post("/<number>/mail/stop")
@public
def stop(number: str) -> Page:
    """No more mail; the address is deleted."""
    application = open_here(number)
    forget_address(current_session(), application)
    current_session().commit()
    return back(application, done="mail_stop")


@pages.route("/mail/<token>", methods=["GET", "POST"])
@public
@limit_questions
def stop_from_letter(token: str) -> Page:
    """The link in a letter: one button, so that a program that follows links stops nothing."""
    application = application_of(current_session(), token[:100])
    if application is None:
        return render_template("applications/mail_stop.html", stopped=True, here="apply")
    if request.method == "POST":
        forget_address(current_session(), application)
        current_session().commit()
    return render_template(
        "applications/mail_stop.html", stopped=request.method == "POST", token=token, here="apply"
    )
