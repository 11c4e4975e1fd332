"""The pages of the assistant: ask, read the conversation, say whether it helped."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.chat.acts import conversation_turns, give_feedback
from portal.chat.assistant import ask_here
from portal.chat.page import AskForm, Source, TurnPage
from portal.chat.pause import Standing, pause_for, standing
from portal.chat.subject import subject
from portal.database import current_session
from portal.errors import FieldError, FieldErrors, SwitchedOff
from portal.language import caller_language
from portal.library.holder import current_knowledge
from portal.library.page import clause_address
from portal.look import REGION_COOKIE, chosen_region, remember
from portal.permissions import public
from portal.throttle import limit_questions
from portal.wording import wording

pages = Blueprint("chat", __name__)


@pages.app_template_filter()
def action_address(action: Mapping[str, Any]) -> str:
    """Where an action of a reply leads; the region is chosen where the reader already is."""
    return "#region" if action["kind"] == "choose_region" else str(action["url"])


@pages.app_template_filter()
def item_address(item: Mapping[str, Any]) -> str:
    """The page of the list item that a verdict names."""
    return clause_address(item["list"], item["number"])


@pages.get("/")
@public
def home() -> str:
    """The question box; with ``?document=…&section=…`` it is about that clause or item."""
    form = AskForm(question=request.args.get("question", "")[:1000], region=chosen_region())
    about = subject(current_knowledge(), request.args.get("document", ""), request.args.get("section", ""))
    if about:
        opening = str(wording(caller_language()).texts["ask.about_item_question"]).format(item=about.name)
        form = replace(form, question=opening, region=about.region or form.region, about=about)
    return _home(form)


@pages.post("/ask")
@public
@limit_questions
def ask_question() -> Response | tuple[str, int]:
    """Puts the question; the answer is at the address of the conversation."""
    region = (request.form.get("region_choice") or request.form.get("region", "")).strip()
    form = AskForm(
        question=request.form.get("question", ""),
        region=region,
        conversation=request.form.get("conversation", ""),
    )
    try:
        asked = ask_here(form.question, conversation=form.conversation or None, region=form.region or None)
    except FieldErrors as wrong:
        return _again(form, wrong), 422
    except SwitchedOff as stopped:
        stands = Standing(pause_for(current_session(), stopped.region, form.region))
        return (_conversation(form, stands) if form.conversation else _home(form, stands)), stopped.status
    conversation = asked.reply["conversation"]
    number = len(conversation_turns(current_session(), conversation))
    response = redirect(url_for("chat.conversation", conversation=conversation, _anchor=f"q{number}"), 303)
    if "region" in request.form:
        remember(response, REGION_COOKIE, (asked.reply.get("region") or region) if region else "")
    return response


@pages.get("/ask")
@public
def nothing_asked() -> Response:
    """The address of a form that someone reloads or keeps: back to where one asks."""
    return redirect(url_for("chat.home"), 303)


@pages.get("/c/<conversation>")
@public
def conversation(conversation: str) -> str:
    """A whole conversation; only its last turn still asks back."""
    return _conversation(AskForm(conversation=conversation))


@pages.post("/feedback")
@public
def feedback() -> Response:
    """Keeps what the asker says of an answer, as work for the editors where it did not help."""
    answer, helpful = request.form.get("answer", ""), request.form.get("helpful") == "yes"
    give_feedback(
        current_session(),
        answer,
        helpful=helpful,
        reason="" if helpful else request.form.get("reason", ""),
        comment="" if helpful else request.form.get("comment", "")[:500],
    )
    turns = conversation_turns(current_session(), request.form.get("conversation", ""))
    number = next((n for n, turn in enumerate(turns, 1) if turn.reply.get("id") == answer), 1)
    return redirect(
        url_for(
            "chat.conversation",
            conversation=request.form["conversation"],
            thanks=answer,
            _anchor=f"a{number}",
        ),
        303,
    )


def _home(form: AskForm, stands: Standing | None = None) -> str:
    return render_template(
        "chat/home.html",
        form=form,
        stands=stands or standing(current_session(), form.region),
        regions=current_knowledge().regions(),
        here="ask",
    )


def _conversation(form: AskForm, stands: Standing | None = None) -> str:
    turns = conversation_turns(current_session(), form.conversation)
    if not form.region and not form.errors:
        told = [region for turn in turns if (region := turn.reply.get("region") or turn.region)]
        form = replace(form, region=told[-1] if told else chosen_region())
    shown = tuple(
        TurnPage(
            number=number,
            question=turn.question,
            asked_at=turn.asked_at,
            reply=turn.reply,
            sources=tuple(_source(citation) for citation in turn.reply["citations"]),
            last=number == len(turns),
            thanked=turn.reply.get("id") == request.args.get("thanks", "-"),
        )
        for number, turn in enumerate(turns, 1)
    )
    return render_template(
        "chat/conversation.html",
        turns=shown,
        form=form,
        stands=stands or standing(current_session(), form.region),
        regions=current_knowledge().regions(),
        here="ask",
    )


def _again(form: AskForm, wrong: FieldErrors) -> str:
    """The page the question came from, with what to correct and nothing lost."""
    errors = {e.field: _said(e) for e in wrong.errors}
    candidates: list[str] = []
    for error in wrong.errors:
        found = error.values.get("candidates", ())
        candidates += found if isinstance(found, list | tuple) else ()
    form = replace(form, errors=errors, candidates=tuple(candidates[:8]))
    return _conversation(form) if form.conversation else _home(form)


def _said(error: FieldError) -> str:
    """What is wrong with a field; candidates stand beside it as buttons, so they are not listed again."""
    t = wording(caller_language())
    own = f"ask.{error.word}"
    return str(t(own)) if t.has(own) else error.text(t.language)


def _source(citation: Mapping[str, Any]) -> Source:
    """A citation as it stood, with the dates of its document where the library still holds it."""
    edition = current_knowledge().any_edition(citation["document"])
    names = ("number", "document", "title", "document_number", "section", "text", "digest", "in_force", "url")
    return Source(
        **{name: citation[name] for name in names},
        issued_on=edition.issued_on if edition else None,
        in_force_from=edition.in_force_from if edition else None,
    )
