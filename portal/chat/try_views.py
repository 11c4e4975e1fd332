"""The page on which the desk asks against drafts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flask import Blueprint, request
from sqlalchemy.orm import Session

from knowledge.edition import regions_of
from portal.accounts.forms import problem_page
from portal.bodies import typed_day
from portal.calendar import today
from portal.database import current_session
from portal.errors import FieldError, FieldErrors, NotFound, Problem
from portal.language import caller_language
from portal.library.desk.topic_changes import open_changes
from portal.library.desk.trial import Trial, current_trials, drafts_to_try, trial_of
from portal.library.desk.views import READERS
from portal.library.holder import current_knowledge
from portal.library.record import regions_now
from portal.library.regions import resolve_among
from portal.permissions import requires

from .acts import MAX_QUESTION, checked_text
from .assistant import current_model
from .models import WorkItem
from .trying import Asking, Tried, reply_now, reply_then, tried
from .work import work_item
from .worklist import earlier, masked

pages = Blueprint("desk_try", __name__, url_prefix="/staff/knowledge/try")

Answer = str | tuple[str, int]
ALL = "all"


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands in the form. ``against`` is an instrument with a draft, or ``all``."""

    question: str = ""
    region: str = ""
    on: str = ""
    against: str = ALL


@pages.get("")
@requires(*READERS)
def show() -> Answer:
    """The form; filled in for a work item (``item``), a draft (``draft``) or with a ``question``."""
    item = _item(request.args.get("item", type=int))
    typed = Typed(
        masked(item.answer.question.text) if item else request.args.get("question", "")[:MAX_QUESTION],
        (item.region or "") if item else request.args.get("region", "")[:200],
        today().isoformat(),
        (item.instrument if item else request.args.get("draft", ""))[:64] or ALL,
    )
    return _page(typed, item)


@pages.post("")
@requires(*READERS)
def ask() -> Answer:
    """Asks both, and shows the answers side by side. Nothing is stored or counted."""
    item = _item(request.form.get("item", type=int))
    typed = Typed(
        request.form.get("question", ""),
        request.form.get("region", "").strip()[:200],
        request.form.get("on", "").strip()[:10],
        request.form.get("against", "")[:64] or ALL,
    )
    session = current_session()
    try:
        trial, asking = _read(session, typed, item)
        model = current_model()
        now = reply_now(current_knowledge(), model, asking)
        then = current_trials().put(session, trial, lambda held: reply_then(held, model, asking))
    except Problem as problem:
        session.rollback()
        return _page(typed, item, problem=problem)
    return _page(typed, item, found=tried(now, then), trial=trial, on=asking.on)


def _read(session: Session, typed: Typed, item: WorkItem | None) -> tuple[Trial, Asking]:
    """The trial and the question of the form; FieldErrors naming every field that is wrong."""
    errors: list[FieldError] = []
    text, on, region, trial = "", today(), None, None
    try:
        trial = trial_of(session, "" if typed.against == ALL else typed.against)
    except NotFound:
        errors.append(FieldError("against", "no_draft_of"))
    try:
        text = checked_text(typed.question, "question", MAX_QUESTION)
    except FieldErrors as wrong:
        errors += wrong.errors
    try:
        region = resolve_among(_regions(session, trial), typed.region) if typed.region else None
    except FieldErrors as wrong:
        errors += wrong.errors
    try:
        on = typed_day(typed.on, "on") or today()
    except FieldErrors as wrong:
        errors += wrong.errors
    if errors or trial is None:
        raise FieldErrors(errors=errors)
    history = earlier(session, item.answer.question) if item else ()
    return trial, Asking(text, region, on, history)


def _regions(session: Session, trial: Trial | None) -> tuple[str, ...]:
    """The regions that have knowledge, those of the drafts included."""
    new = (region for held in trial.editions for region in regions_of(held.region)) if trial else ()
    return tuple(dict.fromkeys((*regions_now(session), *new)))


def _item(number: int | None) -> WorkItem | None:
    return work_item(current_session(), number) if number else None


def _page(
    typed: Typed,
    item: WorkItem | None,
    *,
    found: Tried | None = None,
    trial: Trial | None = None,
    on: date | None = None,
    problem: Problem | None = None,
) -> tuple[str, int]:
    session = current_session()
    return problem_page(
        "staff/knowledge/try.html",
        problem,
        typed=typed,
        item=item,
        before=earlier(session, item.answer.question) if item else (),
        drafts=drafts_to_try(session),
        changes=open_changes(session),
        all=ALL,
        regions=regions_now(session),
        found=found,
        untried=trial.untried if trial else (),
        release=trial.base if trial else None,
        today=today(),
        on=on,
        limit=MAX_QUESTION,
        language=caller_language(),
    )
