"""The pages of one document on the desk, also when an act was refused: what was typed is there again."""

from __future__ import annotations

from flask import render_template, request

from knowledge.edition import Edition
from portal.accounts.current import current_staff
from portal.accounts.forms import problem_page, typed_form
from portal.database import current_session
from portal.errors import NotFound, Problem
from portal.language import caller_language
from portal.library.making.comments import count_open
from portal.library.making.steps import missing_steps
from portal.library.models import EditionRow, EditionState
from portal.library.record import edition_of
from portal.permissions import Permission

from .difference import difference, named
from .drafts import at_work, draft_of, is_stale, shown_edition, withdrawn_edition
from .impact import rules_under
from .items.cases import wanting_cases
from .models import Draft
from .page import above_bars, tally_of, view_of, views_of
from .part import PlainChanged, part_of
from .review import REMARKS, writers
from .topic_changes import topics_on_desk


def document_page(instrument: str, problem: Problem | None = None) -> tuple[str, int]:
    draft, edition = _on_desk(instrument)
    certainties = draft.certainties if draft else {}
    only_open = request.args.get("show") == "open"
    session = current_session()
    page = render_template(
        "staff/knowledge/document.html",
        **common(instrument, draft, edition),
        views=views_of(edition, topics_on_desk(session), certainties, only_open=only_open),
        only_open=only_open,
        bars=above_bars(edition, certainties),
        stale=draft is not None and is_stale(session, draft),
        rules=rules_under(session, draft, caller_language()) if draft else (),
        withdrawn=None if draft else withdrawn_edition(session, instrument),
        gone=draft is None and shown_edition(session, instrument) is None,
        problem=problem,
    )
    return page, problem.status if problem else 200


def part_page(instrument: str, section: str, problem: Problem | None = None) -> tuple[str, int]:
    draft, edition = _on_desk(instrument)
    held = part_of(edition, section)
    if held is None:
        raise NotFound
    topics = topics_on_desk(current_session())
    sections = [v.section for v in views_of(edition, topics, {}, only_open=True)]
    chances = draft.certainties.get(section, {}) if draft else {}
    return problem_page(
        "staff/knowledge/part.html",
        problem,
        **common(instrument, draft, edition),
        view=view_of(held, topics, chances),
        topics=topics.values(),
        typed=typed_form(),
        next_open=next((s for s in sections if s != section), ""),
        plain_now=isinstance(problem, PlainChanged),
    )


def difference_page(instrument: str, problem: Problem | None = None) -> tuple[str, int]:
    draft = draft_of(current_session(), instrument)
    if draft is None:
        raise NotFound
    edition = edition_of(draft.edition)
    shown = shown_edition(current_session(), instrument)
    found = difference(edition_of(shown) if shown else None, edition)
    return problem_page(
        "staff/knowledge/difference.html",
        problem,
        **common(instrument, draft, edition),
        shown=shown,
        found=found,
        parts=named(found.parts, topics_on_desk(current_session())),
        stale=is_stale(current_session(), draft),
        remarks_limit=REMARKS,
        missing=missing_steps(current_session(), draft.edition, edition.kind),
        rules=rules_under(current_session(), draft, caller_language()),
        typed=typed_form(),
    )


def mendable(problem: Problem) -> Problem:
    """What an act was refused for, nothing of which is kept; raised on where no page can have it mended."""
    if problem.status not in (409, 422):
        raise problem
    current_session().rollback()
    return problem


def common(instrument: str, draft: Draft | None, edition: Edition) -> dict[str, object]:
    """What every page of a document on the desk shows."""
    staff = current_staff()
    writing = draft is not None and draft.state == EditionState.DRAFT.value
    return {
        "instrument": instrument,
        "draft": draft,
        "edition": edition,
        "tally": tally_of(edition),
        "me": staff,
        "may_edit": staff.may(Permission.KNOWLEDGE_EDIT),
        "may_review": staff.may(Permission.KNOWLEDGE_REVIEW),
        "editing": writing and staff.may(Permission.KNOWLEDGE_EDIT),
        "wrote": draft is not None and staff.name in writers(draft),
        "wanting_cases": wanting_cases(current_session(), draft) if draft else 0,
        "language": caller_language(),
        "open_comments": count_open(current_session(), draft.edition_id) if draft else 0,
    }


def row_on_desk(instrument: str) -> tuple[Draft | None, EditionRow]:
    """The open draft with its edition, else the published edition; NotFound where there is neither."""
    row = at_work(current_session(), instrument)
    if row is None:
        raise NotFound
    return draft_of(current_session(), instrument), row


def _on_desk(instrument: str) -> tuple[Draft | None, Edition]:
    draft, row = row_on_desk(instrument)
    return draft, edition_of(row)
