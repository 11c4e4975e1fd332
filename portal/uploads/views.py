"""Evidence of a draft, and the files of an application to be read again by its party."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO
from urllib.parse import quote

from flask import Blueprint, Response, redirect, render_template, request, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response as AnyResponse

from portal.applications import acts, visit
from portal.applications.access import opened_application
from portal.applications.forms import steps
from portal.applications.models import Application
from portal.applications.problems import StateConflict
from portal.database import current_session
from portal.errors import NotFound
from portal.permissions import public
from portal.throttle import limit_questions

from .acts import HandedIn, take_back
from .files import upload_of, uploads_of
from .limits import limits
from .models import Purpose, Upload
from .reception import current_store, hand_in_files, takes_files

pages = Blueprint("uploads", __name__)

Page = AnyResponse | str | tuple[str, int]
_BLOCK = 64 * 1024


@pages.get("/apply/step/evidence")
@public
def evidence() -> Page:
    """The step of the form where files are handed in; it may be passed over."""
    kept = visit.writing()
    if kept is None:
        return redirect(url_for("apply.guide"), 303)
    application = _draft(kept)
    if application is not None and application.submitted_at is not None:
        return redirect(url_for("apply.receipt"), 303)
    return _evidence(kept, application)


@pages.post("/apply/step/evidence")
@public
@limit_questions
@takes_files
def hand_in_evidence() -> Page:
    """Keeps the files of this form; those that cannot be kept are named, and the others stay."""
    kept = visit.writing()
    if kept is None:
        return redirect(url_for("apply.guide"), 303)
    try:
        application = acts.save_draft(current_session(), kept.choice, {}, code=kept.code)
        visit.numbered(application.number)
        visit.open_here(application.number)
        handed = hand_in_files(application, "files")
    except StateConflict:  # handed in or withdrawn meanwhile, in another window
        return redirect(url_for("apply.receipt"), 303)
    if handed.refused:
        return _evidence(kept, application, handed), 422
    if "stay" in request.form or (handed.kept and "next" not in request.form):
        return redirect(url_for("uploads.evidence", then=request.form.get("then") or None), 303)
    if request.form.get("then") == "check":
        return redirect(url_for("apply.check"), 303)
    following = steps()[steps().index("evidence") + 1]
    return redirect(url_for("apply.step", step=following), 303)


@pages.post("/apply/step/evidence/remove")
@public
def remove() -> Page:
    """Takes a file out of the draft again."""
    kept = visit.writing()
    application = _draft(kept) if kept else None
    if application is None:
        return redirect(url_for("apply.guide"), 303)
    take_back(current_session(), current_store(), application.id, request.form.get("token", "")[:32])
    return redirect(url_for("uploads.evidence", then=request.form.get("then") or None), 303)


@pages.get("/applications/<number>/evidence/<token>")
@public
def download(number: str, token: str) -> Response:
    """A file as it was handed in."""
    application = opened_application(number)
    upload = upload_of(current_session(), application, token)
    if upload is None:
        raise NotFound
    return file_response(upload)


def file_response(upload: Upload) -> Response:
    """The content of a file, always to be saved and never shown in place; NotFound where it is gone."""
    try:
        content = current_store().open(upload.token, upload.key)
    except FileNotFoundError:
        raise NotFound from None
    response = Response(_blocks(content), mimetype=limits().mime[upload.kind])
    response.content_length = upload.size
    response.headers["Content-Disposition"] = attachment(upload.name)
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


def attachment(name: str) -> str:
    """The header that has a file saved under its name."""
    plain = "".join(c if c.isascii() and (c.isalnum() or c in "-._") else "_" for c in name)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def _blocks(content: BinaryIO) -> Iterator[bytes]:
    with content:
        while block := content.read(_BLOCK):
            yield block


def _draft(kept: visit.Writing) -> Application | None:
    return current_session().scalar(select(Application).where(Application.choice_id == kept.choice))


def _evidence(kept: visit.Writing, application: Application | None, handed: HandedIn | None = None) -> str:
    found = uploads_of(current_session(), application) if application else ()
    return render_template(
        "uploads/step.html",
        step="evidence",
        steps=steps(),
        kept=kept,
        application=application,
        uploads=[upload for upload in found if upload.purpose == Purpose.EVIDENCE],
        refused=handed.refused if handed else (),
        limits=limits(),
        then=request.values.get("then", ""),
        here="apply",
    )


@pages.app_context_processor
def files() -> dict[str, object]:
    """What the pages of an application say of its files."""

    def evidence_of(application: Application) -> list[Upload]:
        found = uploads_of(current_session(), application)
        return [upload for upload in found if upload.purpose == Purpose.EVIDENCE]

    return {"evidence_of": evidence_of, "file_limits": limits}


@pages.app_template_filter("file_size")
def file_size(size: int) -> str:
    """A size as people read it."""
    if size < 1024 * 1024:
        return f"{max(1, round(size / 1024))} KB"
    return f"{size / 1024 / 1024:.1f} MB"
