"""Topics on the desk: the tree, one topic to edit, and its way through review."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import cast

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from knowledge import record
from knowledge.topic import Topic
from portal.accounts.current import actor, current_staff
from portal.accounts.forms import Answer, problem_page
from portal.database import current_session
from portal.errors import FieldErrors, NotFound, Problem
from portal.language import caller_language
from portal.library.models import EditionState
from portal.library.record import topics_now
from portal.permissions import Permission, requires
from portal.wording import wording

from .difference import topic_difference
from .models import TopicAct, TopicChange
from .page import in_tree
from .review import REMARKS, approve, send_back, submit, take_back, writers
from .topic_changes import (
    TopicChanged,
    carriers,
    change_of,
    discard_change,
    edit_topic,
    is_outdated,
    lines_of,
    new_topic,
    open_changes,
    renew_change,
    retire_topic,
    topics_on_desk,
    with_changes,
)
from .views import READERS

pages = Blueprint("desk_topics", __name__, url_prefix="/staff/knowledge/topics")

NOTHING = Topic("", "", "")


@pages.get("")
@requires(*READERS)
def index() -> Answer:
    """All topics as a tree, changes among them."""
    changes = {change.topic_id: change for change in open_changes(current_session())}
    topics = {**topics_now(current_session()), **topics_on_desk(current_session())}
    query = request.args.get("q", "").strip()[:100]
    rows = [(depth, t) for depth, t in in_tree(topics.values()) if not query or query in f"{t.name} {t.id}"]
    may_edit = current_staff().may(Permission.KNOWLEDGE_EDIT)
    return render_template(
        "staff/knowledge/topics.html", rows=rows, changes=changes, query=query, may_edit=may_edit
    )


@pages.get("/new")
@requires(Permission.KNOWLEDGE_EDIT)
def new() -> Answer:
    return _page(replace(NOTHING, parent=request.args.get("parent", "")[:64]))


@pages.post("/new")
@requires(Permission.KNOWLEDGE_EDIT)
def add() -> Answer:
    typed = _typed(request.form.get("id", "").strip()[:64])
    try:
        change = new_topic(current_session(), typed, actor=actor())
    except FieldErrors as wrong:
        return _page(replace(typed, id=""), wrong, typed=typed)
    flash("desk.saved")
    return redirect(url_for(".show", topic_id=change.topic_id), 303)


@pages.get("/<topic_id>")
@requires(*READERS)
def show(topic_id: str) -> Answer:
    return _page(_known(topic_id))


@pages.post("/<topic_id>")
@requires(Permission.KNOWLEDGE_EDIT)
def edit(topic_id: str) -> Answer:
    typed = _typed(topic_id)
    try:
        edit_topic(current_session(), typed, _seen(topic_id), actor=actor())
    except (FieldErrors, TopicChanged) as wrong:
        current_session().rollback()
        return _page(_known(topic_id), _in_words(wrong), typed=typed)
    flash("desk.saved")
    return redirect(url_for(".show", topic_id=topic_id), 303)


@pages.post("/<topic_id>/retire")
@requires(Permission.KNOWLEDGE_EDIT)
def retire(topic_id: str) -> Answer:
    return _act(topic_id, lambda: retire_topic(current_session(), topic_id, actor=actor()), "retiring")


@pages.post("/<topic_id>/discard")
@requires(Permission.KNOWLEDGE_EDIT)
def discard(topic_id: str) -> Answer:
    answer = _act(topic_id, lambda: discard_change(current_session(), topic_id, actor=actor()), "discarded")
    gone = isinstance(answer, Response) and topic_id not in topics_on_desk(current_session())
    return redirect(url_for(".index"), 303) if gone else answer


@pages.post("/<topic_id>/renew")
@requires(Permission.KNOWLEDGE_EDIT)
def renew(topic_id: str) -> Answer:
    return _act(topic_id, lambda: renew_change(current_session(), topic_id, actor=actor()), "renewed")


@pages.post("/<topic_id>/submit")
@requires(Permission.KNOWLEDGE_EDIT)
def hand_in(topic_id: str) -> Answer:
    return _review(topic_id, lambda change: submit(current_session(), change, actor=actor()), "submitted")


@pages.post("/<topic_id>/take-back")
@requires(Permission.KNOWLEDGE_EDIT)
def take(topic_id: str) -> Answer:
    return _review(topic_id, lambda change: take_back(current_session(), change, actor=actor()), "taken_back")


@pages.post("/<topic_id>/approve")
@requires(Permission.KNOWLEDGE_REVIEW)
def approve_change(topic_id: str) -> Answer:
    seen = request.form.get("seen", "")
    return _review(
        topic_id, lambda change: approve(current_session(), change, actor=actor(), seen=seen), "approved"
    )


@pages.post("/<topic_id>/return")
@requires(Permission.KNOWLEDGE_REVIEW)
def return_change(topic_id: str) -> Answer:
    remarks = request.form.get("remarks", "")
    return _review(
        topic_id, lambda change: send_back(current_session(), change, remarks, actor=actor()), "returned"
    )


def _review(topic_id: str, act: Callable[[TopicChange], object], done: str) -> Answer:
    change = change_of(current_session(), topic_id)
    if change is None:
        raise NotFound
    return _act(topic_id, lambda: act(change), done)


def _act(topic_id: str, act: Callable[[], object], done: str) -> Answer:
    try:
        act()
    except NotFound:
        raise
    except Problem as problem:
        current_session().rollback()
        return _page(_known(topic_id), problem)
    flash(f"desk.{done}")
    return redirect(url_for(".show", topic_id=topic_id), 303)


def _known(topic_id: str) -> Topic:
    """The topic as the desk has it, or, while it is being retired, as it is published."""
    topic = topics_on_desk(current_session()).get(topic_id) or topics_now(current_session()).get(topic_id)
    if topic is None:
        raise NotFound
    return topic


def _page(topic: Topic, problem: Problem | None = None, typed: Topic | None = None) -> tuple[str, int]:
    session, staff = current_session(), current_staff()
    change = change_of(session, topic.id) if topic.id else None
    published = topics_now(session).get(topic.id)
    after = with_changes({published.id: published} if published else {}, [change] if change else [])
    return problem_page(
        "staff/knowledge/topic.html",
        problem,
        topic=topic,
        typed=typed or topic,
        seen=json.dumps(record.to_json(topic), ensure_ascii=False),
        change=change,
        published=published,
        changed=topic_difference(published, after.get(topic.id)) if change else (),
        retiring=change is not None and change.act == TopicAct.RETIRE.value,
        outdated=change is not None and is_outdated(change, topics_now(session)),
        carried=carriers(session, topic.id) if topic.id else (),
        tree=[(d, t) for d, t in in_tree(topics_on_desk(session).values()) if t.id != topic.id],
        may_edit=staff.may(Permission.KNOWLEDGE_EDIT),
        may_review=staff.may(Permission.KNOWLEDGE_REVIEW),
        editing=staff.may(Permission.KNOWLEDGE_EDIT)
        and (change is None or change.state == EditionState.DRAFT.value),
        wrote=change is not None and staff.name in writers(change),
        remarks_limit=REMARKS,
        remarks=request.form.get("remarks", ""),
        language=caller_language(),
    )


def _typed(topic_id: str) -> Topic:
    def text(name: str) -> str:
        return " ".join(request.form.get(name, "").split())

    return Topic(
        id=topic_id,
        name=text("name"),
        explanation=text("explanation"),
        parent=text("parent"),
        name_en=text("name_en"),
        explanation_en=text("explanation_en"),
        asked_as=lines_of(request.form.get("asked_as", "")),
    )


def _seen(topic_id: str) -> Topic:
    """The topic as the form showed it; what cannot be read counts as what stands there now."""
    try:
        seen = cast(Topic, record.from_json(Topic, json.loads(request.form.get("seen", ""))))
    except (ValueError, TypeError, KeyError, AttributeError):
        return _known(topic_id)
    return replace(seen, id=topic_id)


def _in_words(wrong: FieldErrors | TopicChanged) -> Problem:
    """The names of the fields as the form calls them."""
    if isinstance(wrong, TopicChanged):
        fields = cast(list[str], wrong.values["fields"])
        t = wording(caller_language())
        return TopicChanged(fields="、".join(str(t(f"desk.topic.{name}")) for name in fields), names=fields)
    return wrong
