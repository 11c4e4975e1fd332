"""A desk to work at: a notice that was just imported, with proposals, and the people who work on it."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import select
from sqlalchemy.orm import Session

from knowledge.clause import Clause, ClauseRef
from knowledge.edition import Edition
from knowledge.exemption import ListItem, ListOutcome
from knowledge.parse.conditions import parse_conditions
from portal.journal import JournalEntry
from portal.library.desk.annotating import Annotation, annotate
from portal.library.desk.drafts import needed_draft, open_draft
from portal.library.desk.part import Part
from portal.library.desk.review import approve, submit
from portal.library.models import EditionState, Origin
from portal.library.record import edition_of, keep_edition

from .small import make_list, make_notice

NINGBO = "浙江省/宁波市"
EDITOR, SECOND, REVIEWER, PUBLISHER = "editor-wang", "editor-li", "reviewer-zhao", "publisher-chen"


def imported_notice(**changes: object) -> Edition:
    """A notice as the import leaves it: proposals, and nothing that anyone has confirmed."""
    clauses = (
        Clause("二", "二、程序", heading="程序"),
        Clause(
            "二/（三）",
            "（三）当事人可以撤回自己的申请，机关应当准许，并告知撤回的后果。",
            heading="撤回",
            proposed=("withdrawal",),
            carried=("申请以后还能撤回吗", "交了能拿回来吗"),
        ),
        Clause("二/（四）", "（四）约谈应当有记录。", proposed=("withdrawal",), carried=("谈话要记吗",)),
    )
    return make_notice("shanqian", NINGBO, **{"digest": False, "clauses": clauses, **changes})


def bring_in(session: Session, edition: Edition | None = None) -> None:
    """Brings a notice in as the command line does."""
    keep_edition(session, edition or imported_notice(), origin=Origin.COMMAND_LINE, author="operator")
    session.commit()


def on_desk(session: Session, instrument: str = "shanqian") -> Edition:
    """The edition that is open on the desk."""
    session.expire_all()
    return edition_of(needed_draft(session, instrument, *EditionState).edition)


def part(session: Session, section: str, instrument: str = "shanqian") -> Clause:
    clause = on_desk(session, instrument).clause(section)
    assert clause is not None
    return clause


def does(
    session: Session, annotation: Annotation, section: str = "二/（三）", *, actor: str = EDITOR
) -> Part:
    return annotate(session, ClauseRef("shanqian", section), annotation, actor=actor)


def approved_draft(session: Session, instrument: str = "shanqian", work: Callable[[], object] = str) -> None:
    """Takes a draft through writing and review, each by another person."""
    open_draft(session, instrument, actor=EDITOR)
    work()
    submit(session, needed_draft(session, instrument), actor=EDITOR)
    approve(session, needed_draft(session, instrument, EditionState.IN_REVIEW), actor=REVIEWER)


def journal_of(session: Session, *actors: str) -> list[str]:
    """What the people at the desk did, in order."""
    held = actors or (EDITOR, SECOND, REVIEWER, PUBLISHER)
    rows = session.scalars(
        select(JournalEntry).where(JournalEntry.actor.in_(held)).order_by(JournalEntry.number)
    )
    return [row.act for row in rows]


LIST = "ningbo-cg"


def imported_list(**changes: object) -> Edition:
    """An exemption list as the import leaves it: three items, one of which no fact can decide."""
    rows = (
        ("1", "占用道路堆放物料", "初次违法；占用面积不超过5平方米；及时改正"),
        ("2", "夜间施工没有公告", "危害后果轻微；及时改正"),
        ("3", "其他市容违法", "情节特殊"),
    )
    items = tuple(
        ListItem(
            LIST,
            number,
            matter,
            ListOutcome.MAY_BE_EXEMPT,
            parse_conditions(conditions),
            department="宁波市综合行政执法局",
            field="城市管理",
            source="试验用清单",
            region=NINGBO,
        )
        for number, matter, conditions in rows
    )
    return make_list(
        LIST, NINGBO, **{"title": "宁波市城市管理免罚清单", "department": "", "items": items, **changes}
    )
