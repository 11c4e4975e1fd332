"""What comes on the editors' list, and what comes of it: the acts."""

from __future__ import annotations

import json
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from bot.reply import PERSON_WANTED, ReplyStatus
from portal.chat.acts import Asked, ask, give_feedback
from portal.chat.models import WorkItem
from portal.chat.work import (
    REMARK,
    WorkDone,
    close_with_draft,
    close_with_golden,
    close_with_remark,
    reopen,
    work_item,
)
from portal.chat.worklist import Filters, alike, earlier, groups, work_page
from portal.database import Database
from portal.errors import FieldErrors, NotFound
from portal.golden.keeping import bring_in, enabled_questions, find
from portal.golden.models import Source
from portal.golden.question import GoldenQuestion, to_json
from portal.journal import JournalEntry
from portal.library.holder import KnowledgeHolder
from portal.policy import policy

from .desk import EDITOR, SECOND, journal_of
from .small import ZHANHE, ZHOUSHAN, ScriptedAssistant, make_reply


def of_work(item: WorkItem, question: str = "能撤回吗") -> GoldenQuestion:
    """The golden question that an item of the list is closed by."""
    return GoldenQuestion(f"w{item.id}", question, None, "", "abstain")


ABOUT = {"turns": 1, "topics": ["withdrawal", "change"]}


class Public:
    """People who ask, and get the replies that the test has chosen."""

    def __init__(self, session: Session, holder: KnowledgeHolder, assistant: ScriptedAssistant) -> None:
        self.session, self.holder, self.assistant = session, holder, assistant

    def asks(self, text: str = "能撤回吗？", region: str | None = "湛河", **reply: Any) -> Asked:
        conversation = reply.pop("conversation", None)
        status = reply.pop("status", ReplyStatus.ABSTAINED)
        said = {"citations": (), "memory": ABOUT, "region": reply.pop("about", None), **reply}
        self.assistant.replies = [make_reply(status, **said)]
        knowledge = self.holder.current(self.session)
        return ask(self.session, knowledge, None, text=text, region=region, conversation=conversation)

    def item(self, text: str = "能撤回吗？", **reply: Any) -> WorkItem:
        answer = self.asks(text, **reply).answer.id
        return self.session.scalars(select(WorkItem).where(WorkItem.answer_id == answer)).one()


@pytest.fixture
def public(session: Session, holder: KnowledgeHolder, assistant: ScriptedAssistant) -> Public:
    return Public(session, holder, assistant)


def test_a_question_without_an_answer_comes_on_the_list_with_its_topic_and_region(public: Public):
    item = public.item()
    assert (item.kind, item.topic, item.region, item.open) == ("unanswered", "withdrawal", ZHANHE, True)


def test_who_asked_for_a_person_leaves_the_editors_nothing_to_write(public: Public, session: Session):
    public.asks("转人工", reason=PERSON_WANTED)
    assert session.scalars(select(WorkItem)).all() == []


def test_what_is_not_for_the_assistant_at_all_has_no_topic(public: Public):
    assert public.item("今天天气怎么样", reason="out_of_scope").topic == ""


def test_an_answer_of_little_certainty_comes_on_the_list_and_a_sure_one_does_not(
    public: Public, session: Session
):
    bar = policy().unsure_below
    item = public.item(status=ReplyStatus.ANSWERED, confidence=bar - 0.01)
    assert (item.kind, item.region) == ("unsure", ZHANHE)
    public.asks(status=ReplyStatus.ANSWERED, confidence=bar)
    public.asks(status=ReplyStatus.REFUSED, confidence=0.0)
    assert len(session.scalars(select(WorkItem)).all()) == 1


def test_an_unhelpful_answer_stands_under_the_region_it_was_about(public: Public, session: Session):
    asked = public.asks(region=None, status=ReplyStatus.ANSWERED, confidence=0.9, about=ZHOUSHAN)
    give_feedback(session, asked.answer.id, helpful=False, reason="wrong")
    item = session.scalars(select(WorkItem)).one()
    assert (item.kind, item.topic, item.region) == ("unhelpful", "withdrawal", ZHOUSHAN)


def test_what_an_editor_closed_stays_closed_whatever_the_asker_says_again(public: Public, session: Session):
    asked = public.asks(status=ReplyStatus.ANSWERED, confidence=0.9)
    give_feedback(session, asked.answer.id, helpful=False, reason="wrong")
    item = session.scalars(select(WorkItem)).one()
    close_with_remark(session, [item], "已核对，条款没有错", actor=EDITOR)
    give_feedback(session, asked.answer.id, helpful=False, reason="other")
    assert (item.open, item.closing) == (False, "remark")


def test_an_item_is_closed_by_a_remark_once_with_one_event(public: Public, session: Session):
    item = public.item()
    close_with_remark(session, [item], " 已有答案 ", actor=EDITOR)
    assert (item.open, item.closing, item.remark, item.closed_by) == (False, "remark", "已有答案", EDITOR)
    assert item.closed_at is not None
    assert journal_of(session) == ["question.closed"]
    with pytest.raises(WorkDone):
        close_with_remark(session, [item], "又来", actor=SECOND)
    assert journal_of(session) == ["question.closed"]


def test_several_of_a_group_are_closed_in_one_act(public: Public, session: Session):
    first, second = public.item(), public.item("怎么撤回")
    close_with_draft(session, [first, second], "zhanhe", actor=EDITOR)
    assert [item.instrument for item in (first, second)] == ["zhanhe", "zhanhe"]
    entry = session.scalars(select(JournalEntry).where(JournalEntry.act == "question.closed")).one()
    assert entry.subject == f"work:{first.id}"
    assert entry.detail == {
        "closing": "draft",
        "items": [first.id, second.id],
        "instrument": "zhanhe",
    }


def test_a_closed_item_is_opened_again_and_the_journal_keeps_how_it_was_closed(
    public: Public, session: Session
):
    item = public.item()
    golden = of_work(item)
    close_with_golden(session, [item], golden, actor=EDITOR)
    reopen(session, item, actor=SECOND)
    assert (item.open, item.closing, item.closed_by, item.golden) == (True, "", "", None)
    assert journal_of(session) == ["golden.added", "question.closed", "question.reopened"]
    with pytest.raises(WorkDone):
        reopen(session, item, actor=SECOND)


def test_the_golden_question_that_closes_an_item_is_asked_of_every_next_release(
    public: Public, session: Session
):
    item = public.item()
    golden = of_work(item)
    close_with_golden(session, [item], golden, actor=EDITOR)
    row = find(session, f"w{item.id}")
    assert (row.source, row.added_by, row.enabled) == ("work_list", EDITOR, True)
    assert item.golden == to_json(row.value)
    with pytest.raises(WorkDone):
        close_with_golden(session, [item], of_work(item, "还能撤吗"), actor=SECOND)
    session.rollback()
    reopen(session, item, actor=SECOND)
    close_with_golden(session, [item], of_work(item, "还能撤吗"), actor=SECOND)
    assert [(q.id, q.question) for q in enabled_questions(session)] == [(f"w{item.id}", "还能撤吗")]


def test_it_takes_no_name_that_a_file_has_given(public: Public, session: Session):
    item = public.item()
    golden = of_work(item)
    other = json.dumps(to_json(of_work(item, "别的问题")))
    bring_in(session, [other], actor=EDITOR, source=Source.FILE)
    close_with_golden(session, [item], golden, actor=EDITOR)
    assert item.golden is not None
    assert {q.id: q.question for q in enabled_questions(session)} == {
        f"w{item.id}": "别的问题",
        str(item.golden["id"]): "能撤回吗",
    }


@pytest.mark.parametrize("remark", ["  ", "长" * (REMARK + 1)])
def test_a_remark_says_something_and_not_too_much(public: Public, session: Session, remark: str):
    item = public.item()
    with pytest.raises(FieldErrors):
        close_with_remark(session, [item], remark, actor=EDITOR)
    assert item.open


def test_a_remark_is_sealed_and_its_personal_data_masked_and_the_journal_has_none_of_it(
    public: Public, session: Session
):
    item = public.item()
    close_with_remark(session, [item], "已电话答复13812345678", actor=EDITOR)
    assert item.remark == "已电话答复138****5678"
    kept = session.execute(text("SELECT remark FROM work_items")).scalar_one()
    entry = session.scalars(select(JournalEntry).where(JournalEntry.act == "question.closed")).one()
    assert "答复" not in str(kept)
    assert "答复" not in str(entry.detail)


def test_of_two_editors_who_close_at_once_one_is_told(public: Public, session: Session, database: Database):
    number = public.item().id
    session.rollback()
    with database.session() as other:
        theirs = work_item(other, number)
        close_with_remark(session, [work_item(session, number)], "我先", actor=EDITOR)
        with pytest.raises(StaleDataError):
            close_with_remark(other, [theirs], "我也", actor=SECOND)
        other.rollback()
    session.expire_all()
    assert work_item(session, number).remark == "我先"
    assert journal_of(session) == ["question.closed"]


def test_an_item_that_is_not_there_is_not_found(session: Session):
    with pytest.raises(NotFound):
        work_item(session, 9)


@pytest.fixture
def asked(public: Public, session: Session) -> Public:
    """Five items: three in one group, of two kinds; one in another region; one without either."""
    public.item("一问")
    public.item("二问")
    public.item("三问", status=ReplyStatus.ANSWERED, confidence=0.1)
    public.item("四问", region="舟山")
    public.item("五问", region=None, memory={})
    return public


def test_items_are_grouped_by_topic_and_region_with_counts(asked: Public, session: Session):
    found = [(g.topic, g.region, dict(g.counts)) for g in groups(session, Filters())]
    assert found == [
        ("withdrawal", ZHANHE, {"unanswered": 2, "unsure": 1}),
        ("", None, {"unanswered": 1}),
        ("withdrawal", ZHOUSHAN, {"unanswered": 1}),
    ]


@pytest.mark.parametrize(
    ("asked_for", "found"),
    [
        ({}, ["五问", "四问", "三问", "二问", "一问"]),
        ({"kind": "unsure"}, ["三问"]),
        ({"region": ZHOUSHAN}, ["四问"]),
        ({"region": "-"}, ["五问"]),
        ({"topic": "-"}, ["五问"]),
        ({"topic": "withdrawal", "region": ZHANHE, "kind": "unanswered"}, ["二问", "一问"]),
        ({"state": "closed"}, []),
        ({"state": "nonsense", "kind": "nonsense", "page": "x"}, ["五问", "四问", "三问", "二问", "一问"]),
        ({"page": "9"}, []),
    ],
)
def test_the_list_is_filtered(asked: Public, session: Session, asked_for: dict, found: list):
    assert [line.question for line in work_page(session, Filters.of(asked_for)).lines] == found


def test_the_list_comes_page_by_page(asked: Public, session: Session, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("portal.chat.worklist.policy", lambda: type("Two", (), {"work_page": 2}))
    pages = [work_page(session, Filters(page=number)) for number in (1, 2, 3)]
    assert [[line.question for line in p.lines] for p in pages] == [
        ["五问", "四问"],
        ["三问", "二问"],
        ["一问"],
    ]
    assert [(p.total, p.last) for p in pages] == [(5, False), (5, False), (5, True)]


def test_a_closed_item_is_found_under_closed(asked: Public, session: Session):
    item = work_page(session, Filters()).lines[0].item
    close_with_remark(session, [item], "不归这里管", actor=EDITOR)
    assert [line.item.id for line in work_page(session, Filters(state="closed")).lines] == [item.id]
    assert len(work_page(session, Filters()).lines) == 4


def test_those_alike_are_the_open_ones_of_the_same_group(asked: Public, session: Session):
    first = session.scalars(select(WorkItem).order_by(WorkItem.id)).first()
    assert first is not None
    assert [line.question for line in alike(session, first)] == ["三问", "二问"]
    none = work_page(session, Filters(topic="-")).lines[0].item
    assert alike(session, none) == ()


def test_what_was_asked_before_is_told_with_a_follow_up(public: Public, session: Session):
    first = public.asks("湛河能撤回吗")
    item = public.item("那变更呢，打13812345678", conversation=first.reply["conversation"])
    assert earlier(session, item.answer.question) == ("湛河能撤回吗",)
    assert "13812345678" not in work_page(session, Filters()).lines[0].question


def test_the_filters_leave_out_of_an_address_what_is_as_it_would_be_anyway():
    filters = Filters.of({"state": "closed", "kind": "unsure", "page": "2"})
    assert filters.address(page=1) == {"state": "closed", "kind": "unsure"}
    assert Filters().address() == {}
