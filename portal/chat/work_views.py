"""The pages of the editors' list of questions: look through, look at one, close it, open it again."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace

from flask import Blueprint, flash, redirect, render_template, request, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from knowledge.region import NATION, ancestors
from portal.accounts.current import actor, current_staff
from portal.accounts.forms import Answer, problem_page, typed_form
from portal.database import current_session
from portal.errors import FieldError, FieldErrors, NotFound, Problem
from portal.golden.form import KINDS as GOLDEN_KINDS
from portal.golden.form import Typed, question_of_work
from portal.golden.question import EXPECTED
from portal.language import caller_language
from portal.library.addresses import section_anchor
from portal.library.desk.drafts import open_draft
from portal.library.desk.page import open_drafts
from portal.library.desk.views import READERS
from portal.library.holder import current_knowledge
from portal.library.models import EditionRow, ReleaseEdition, ReleasePointer
from portal.library.publication import waiting_drafts
from portal.library.record import edition_of, topics_now
from portal.permissions import Permission, requires

from .models import Feedback, WorkItem
from .side import alone
from .work import REMARK, WorkDone, close_with_draft, close_with_golden, close_with_remark, reopen, work_item
from .worklist import KINDS, NONE, STATES, Filters, alike, choices, earlier, groups, masked, work_page

pages = Blueprint("desk_questions", __name__, url_prefix="/staff/knowledge/questions")

GROUPS = 12
"""So many groups are shown at first; the others fold away."""

pages.app_template_filter("section_place")(section_anchor)


@pages.get("")
@requires(*READERS)
def index() -> Answer:
    session = current_session()
    filters = Filters.of(request.args)
    regions, topics = choices(session)
    return render_template(
        "staff/knowledge/questions.html",
        filters=filters,
        states=STATES,
        kinds=KINDS,
        none=NONE,
        regions=regions,
        topics=topics,
        names=_topic_names(session),
        groups=groups(session, replace(filters, region="", topic="")),
        shown=GROUPS,
        found=work_page(session, filters),
    )


@pages.get("/<int:number>")
@requires(*READERS)
def show(number: int) -> Answer:
    return _page(number)


@pages.post("/<int:number>/remark")
@requires(Permission.KNOWLEDGE_EDIT)
def close_by_remark(number: int) -> Answer:
    def act(session: Session, items: list[WorkItem]) -> None:
        close_with_remark(session, items, request.form.get("remark", ""), actor=actor())

    return _closed(number, act)


@pages.post("/<int:number>/draft")
@requires(Permission.KNOWLEDGE_EDIT)
def close_by_draft(number: int) -> Answer:
    """Opens the draft of the document first, then closes the item by it."""

    def act(session: Session, items: list[WorkItem]) -> None:
        if not items or not all(item.open for item in items):
            raise WorkDone
        instrument = request.form.get("instrument", "")
        try:
            open_draft(session, instrument, actor=actor())
        except NotFound:
            raise FieldErrors(errors=[FieldError("instrument", "no_draft_of")]) from None
        close_with_draft(session, items, instrument, actor=actor())

    return _closed(number, act)


@pages.post("/<int:number>/golden")
@requires(Permission.KNOWLEDGE_EDIT)
def close_by_golden(number: int) -> Answer:
    def act(session: Session, items: list[WorkItem]) -> None:
        item, typed = work_item(session, number), Typed.of(request.form)
        golden = question_of_work(
            typed,
            number=number,
            region=item.region,
            language=str(item.answer.reply.get("language", "zh")),
            history=earlier(session, item.answer.question),
            known=_sections(session, {line.partition(" ")[0] for line in typed.gold.split("\n")}),
        )
        close_with_golden(session, items, golden, actor=actor())

    return _closed(number, act)


@pages.post("/<int:number>/reopen")
@requires(Permission.KNOWLEDGE_EDIT)
def reopen_item(number: int) -> Answer:
    session = current_session()
    try:
        reopen(session, work_item(session, number), actor=actor())
    except (WorkDone, StaleDataError):
        session.rollback()
        return _page(number, WorkDone())
    flash("work.reopened")
    return redirect(url_for(".show", number=number), 303)


def _closed(number: int, act: Callable[[Session, list[WorkItem]], None]) -> Answer:
    """Closes the item and those ticked beside it; what was typed comes back with what is wrong."""
    session = current_session()
    try:
        act(session, _chosen(session, number))
    except StaleDataError:
        session.rollback()
        return _page(number, WorkDone())
    except NotFound:
        raise
    except Problem as problem:
        session.rollback()
        return _page(number, problem)
    flash("work.closed")
    return redirect(url_for(".show", number=number), 303)


def _chosen(session: Session, number: int) -> list[WorkItem]:
    """The item of the page first, then what was ticked of those like it."""
    item = work_item(session, number)
    ticked = set(request.form.getlist("also", type=int))
    return [item, *(line.item for line in alike(session, item) if line.item.id in ticked)]


def _page(number: int, problem: Problem | None = None) -> tuple[str, int]:
    session = current_session()
    item = work_item(session, number)
    answer = item.answer
    return problem_page(
        "staff/knowledge/question.html",
        problem,
        item=item,
        question=masked(answer.question.text),
        asked=answer.question,
        before=earlier(session, answer.question),
        answer=answer,
        side=alone(answer.reply),
        feedback=session.get(Feedback, answer.id),
        comment=masked(said.comment) if (said := session.get(Feedback, answer.id)) else "",
        names=_topic_names(session),
        like=alike(session, item),
        documents=_documents(session, item),
        may_edit=current_staff().may(Permission.KNOWLEDGE_EDIT),
        remark_limit=REMARK,
        kinds=GOLDEN_KINDS,
        expectations=EXPECTED,
        typed=typed_form(),
        closing_by=request.path.rpartition("/")[2] if request.method == "POST" else "",
        ticked=set(request.form.getlist("also", type=int)),
        none=NONE,
        language=caller_language(),
    )


def _topic_names(session: Session) -> Mapping[str, str]:
    return {topic.id: topic.name for topic in topics_now(session).values()}


def _documents(session: Session, item: WorkItem) -> Mapping[str, list[tuple[str, str]]]:
    """The documents whose draft may answer the question: those cited, those of the region, the others."""
    published = session.execute(
        select(EditionRow.instrument_id, EditionRow.title, EditionRow.region)
        .join(ReleaseEdition, ReleaseEdition.edition_id == EditionRow.id)
        .join(ReleasePointer, ReleasePointer.release == ReleaseEdition.release)
        .order_by(EditionRow.id)
    )
    rows = [(d.edition.instrument_id, d.edition.title, d.edition.region) for d in open_drafts(session)]
    rows += [(w.instrument_id, w.title, w.region) for w in waiting_drafts(session)]
    known = {instrument: (title, region) for instrument, title, region in (*rows, *published)}
    cited = {source.document for source in item.answer.sources}
    path = set(ancestors(item.region)) - {NATION} if item.region else set()
    found: dict[str, list[tuple[str, str]]] = {"cited": [], "region": [], "others": []}
    for instrument, (title, region) in sorted(known.items(), key=lambda pair: (pair[1][1], pair[0])):
        local = not path.isdisjoint(region.split("、"))
        place = "cited" if instrument in cited else "region" if local else "others"
        found[place].append((instrument, title))
    return found


def _sections(session: Session, documents: Iterable[str]) -> Mapping[str, Collection[str]]:
    """The clauses and items of these documents, as published and as on the desk."""
    wanted = {document.strip() for document in documents}
    drafts = [draft.edition for draft in open_drafts(session)] + waiting_drafts(session)
    editions = [edition_of(row) for row in drafts if row.instrument_id in wanted]
    published = (current_knowledge().any_edition(document) for document in wanted)
    held: dict[str, set[str]] = {}
    for edition in (*editions, *filter(None, published)):
        sections = (*(c.section for c in edition.clauses), *(i.number for i in edition.items))
        held.setdefault(edition.instrument, set()).update(sections)
    return held
