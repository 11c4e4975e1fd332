"""The pages of a party that signs in: there and back, 我的申请, and out. Nothing of it without a service."""

from __future__ import annotations

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.applications import visit
from portal.applications.access import opened_application
from portal.applications.lifecycle import OPEN, State
from portal.applications.models import Application
from portal.database import current_session
from portal.errors import NotFound
from portal.logs import log
from portal.look import local_address
from portal.permissions import public
from portal.settings import Settings
from portal.throttle import limit_questions

from . import acts, current
from .identity import ServiceDown, SignInRefused
from .provider import IdentityService

pages = Blueprint("parties", __name__, url_prefix="/me")

Page = Response | str


@pages.get("")
@public
def mine() -> Page:
    """我的申请."""
    _service()
    entry = current.signed_in()
    if entry is None:
        return _before_the_code("needed")
    applications = acts.all_kept(current_session(), entry.subject)
    return render_template(
        "parties/mine.html", name=entry.name, applications=applications, open=OPEN, here="apply"
    )


@pages.get("/sign-in")
@public
@limit_questions
def sign_in() -> Page:
    """Off to the identity service. A link and not a form: the form policy of the site lets none leave it."""
    service = _service()
    back = local_address(request.args.get("next") or url_for("parties.mine"))
    if current.signed_in() is not None:
        return redirect(back, 303)
    pending = current.begin(back)
    try:
        return redirect(service.way_in(_callback(), pending), 303)
    except ServiceDown as down:
        log.warning("identity_service", trouble=str(down))
        return _before_the_code("down")


@pages.get("/callback")
@public
@limit_questions
def callback() -> Page:
    """Back from the identity service, with the proof of who it is or without."""
    service = _service()
    started = current.take(request.args.get("state", "")[:200])
    if started is None:
        return _before_the_code("expired")
    if error := request.args.get("error", ""):
        return _before_the_code("declined" if error == "access_denied" else "failed")
    returned = {name: request.args[name][:4000] for name in ("code", "iss") if name in request.args}
    try:
        identity = service.identify(_callback(), returned, started.pending)
    except ServiceDown as down:
        log.warning("identity_service", trouble=str(down))
        return _before_the_code("down")
    except SignInRefused as refused:
        log.warning("sign_in_refused", trouble=str(refused))
        return _before_the_code("failed")
    current.enter(identity)
    return redirect(started.back, 303)


@pages.get("/applications/<number>")
@public
def open_application(number: str) -> Page:
    """Opens one of the party's own without its code; any other is the same 404, there or not."""
    _service()
    entry = current.signed_in()
    if entry is None:
        return _before_the_code("needed")
    application = acts.kept(current_session(), entry.subject, number)
    if application is None:
        raise NotFound
    visit.open_here(application.number)
    if application.state == State.DRAFT and application.choice_id and not _written_here(application):
        visit.resume_without_code(application.choice_id, application.region, application.number)
    return redirect(url_for("applications.status", number=application.number), 303)


@pages.post("/applications/<number>/keep")
@public
def keep(number: str) -> Page:
    """Puts an application that was opened here with its code into 我的申请."""
    _service()
    application = opened_application(number)
    if current.signed_in() is None:
        return _before_the_code("needed")
    current.keep_here(application)
    return redirect(url_for("applications.status", number=application.number, done="kept"), 303)


@pages.post("/sign-out")
@public
def sign_out() -> Page:
    """Ends the sign-in here, and says where the one at the identity service ends."""
    service = _service()
    current.leave()
    back = _address(url_for("applications.lookup"))
    return render_template("parties/signed_out.html", way_out=service.way_out(back), here="apply")


@pages.app_context_processor
def party_words() -> dict[str, object]:
    """What the pages of applications say to who is signed in, or could be."""
    return {
        "may_sign_in": current.identity_service() is not None,
        "signed_in_party": current.signed_in,
        "keeps": _keeps,
    }


def _keeps(application: Application) -> bool:
    entry = current.signed_in()
    return entry is not None and acts.kept(current_session(), entry.subject, application.number) is not None


def _service() -> IdentityService:
    """The service; where there is none, these pages are not there either."""
    service = current.identity_service()
    if service is None:
        raise NotFound
    return service


def _before_the_code(trouble: str) -> Response:
    return redirect(url_for("applications.lookup", sign_in=trouble), 303)


def _written_here(application: Application) -> bool:
    writing = visit.writing()
    return writing is not None and writing.choice == application.choice_id


def _callback() -> str:
    return _address(url_for("parties.callback"))


def _address(path: str) -> str:
    """An address of this portal as the world knows it."""
    settings: Settings = current_app.extensions["rouwen.settings"]
    return f"{settings.public_url or request.host_url.rstrip('/')}{path}"
