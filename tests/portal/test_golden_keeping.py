"""Golden questions are brought in, a whole file or nothing of it, and given out always in the same bytes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.errors import FieldErrors, NotFound
from portal.golden.form import Typed
from portal.golden.keeping import (
    GoldenChanged,
    add,
    bring_in,
    digest_of,
    edit,
    enabled_questions,
    find,
    given_out,
    set_enabled,
)
from portal.golden.listing import Wanted, regions_in_use, shown
from portal.golden.models import GoldenRow, Source
from portal.golden.question import GoldenFileError, GoldenQuestion, read_questions
from portal.golden.validity import wrong_with
from portal.journal import JournalEntry
from portal.policy import policy
from tests import shared_folder

from .golden import keep, lines, make_question, raw

OURS = Path(__file__).parents[1] / "questions" / "golden.jsonl"


def brings(session: Session, *texts: str, actor: str = "editor-wang"):
    return bring_in(session, texts, actor=actor, source=Source.FILE)


def acts_of(session: Session) -> list[str]:
    told = select(JournalEntry.act).where(JournalEntry.act.startswith("golden."))
    return list(session.scalars(told.order_by(JournalEntry.number)))


def test_what_was_given_out_comes_in_and_goes_out_again_byte_for_byte(session: Session):
    brings(session, *OURS.read_text("utf-8").split("\n"))
    first = given_out(session)
    assert sorted(first.splitlines()) == sorted(OURS.read_text("utf-8").splitlines())
    for row in session.scalars(select(GoldenRow)):
        session.delete(row)
    session.commit()
    assert given_out(session) == ""
    brings(session, *reversed(first.split("\n")))
    assert given_out(session) == first
    assert brings(session, *first.split("\n")).same == len(first.splitlines())


@pytest.mark.skipif(shared_folder() is None, reason="the practice questions are not here")
def test_the_practice_questions_go_out_as_they_came_in(session: Session):
    folder = shared_folder()
    assert folder is not None
    text = (folder / "questions" / "practice.jsonl").read_text("utf-8")
    brings(session, *text.split("\n"))
    assert given_out(session) == text


def test_a_known_name_is_replaced_and_asked_again_and_an_equal_one_left_alone(session: Session):
    keep(session, make_question("a"), make_question("b"), make_question("c"))
    set_enabled(session, find(session, "c"), enabled=False, actor="editor-wang")
    texts = lines(make_question("a"), make_question("b", note="改过"), make_question("c"), make_question("d"))
    brought = brings(session, *texts.split("\n"))
    assert (brought.added, brought.changed, brought.same) == (("d",), ("b", "c"), 1)
    assert find(session, "c").enabled
    assert (find(session, "b").changed_by, find(session, "a").changed_by) == ("editor-wang", "operator")
    assert acts_of(session) == ["golden.imported", "golden.retired", "golden.imported"]


def test_the_same_file_again_changes_nothing_and_leaves_no_trace(session: Session):
    keep(session, make_question("a"))
    before = acts_of(session)
    assert brings(session, raw(id="a", **{"question": "申请以后还能撤回吗"})).changed == ("a",)
    assert brings(session, given_out(session)).same == 1
    assert len(acts_of(session)) == len(before) + 1


@pytest.mark.parametrize(
    ("bad", "told"),
    [
        ("{", "第 2 行"),
        ("[]", "第 2 行"),
        ("null", "第 2 行"),
        (raw(id="x", gold=[{"doc": "zhanhe"}]), "第 2 行"),
        (raw(id="x", history="撤回"), "第 2 行"),
        (raw(id="x", expect="shrug"), "expect"),
        (raw(id="有 空格"), "编号"),
        (raw(id="x" * 65), "编号"),
        (raw(id="x", question=" "), "不能为空"),
        (raw(id="x", question="问" * 1001), "1000"),
        (raw(id="x", region="火星"), "地区"),
        (raw(id="x", region="鼓楼区"), "多个地区"),
        (raw(id="x", gold=[{"doc": "湛河", "section": "二"}]), "文件编号"),
        (raw(id="x", must_say=[[""]]), "must_say"),
        (raw(id="x", must_say=[[]]), "must_say"),
        (raw(id="x", lang="fr"), "lang"),
        (raw(id="x", note="打 13912345678 问"), "个人信息"),
        (raw(id="x", question="a\u0000b"), "question"),
        (raw(id="x", history=[{"role": "judge", "text": "撤"}]), "history"),
        ('{"id": "x", "question": "a\\ud800", "expect": "answer"}', "第 2 行"),
        (raw(id="g1"), "前面已经有"),
    ],
)
def test_one_wrong_line_keeps_the_whole_file_out_and_is_named(session: Session, bad: str, told: str):
    with pytest.raises(GoldenFileError, match=told) as refused:
        brings(session, raw(), bad, raw(id="last"))
    assert "第 2 行" in str(refused.value)
    session.rollback()
    assert enabled_questions(session) == ()
    assert acts_of(session) == []


def test_an_empty_file_and_one_with_too_many_are_refused(session: Session, monkeypatch: pytest.MonkeyPatch):
    with pytest.raises(GoldenFileError, match="没有问题"):
        brings(session, "", "  ")
    monkeypatch.setattr("portal.golden.keeping.policy", lambda: type("P", (), {"golden_most": 2}))
    with pytest.raises(GoldenFileError, match="2"):
        brings(session, raw(id="a"), raw(id="b"), raw(id="c"))


def test_a_deep_line_is_refused_like_any_other(tmp_path: Path):
    file = tmp_path / "deep.jsonl"
    file.write_text("[" * 100_000, encoding="utf-8")
    with pytest.raises(GoldenFileError, match="第 1 行"):
        read_questions(file)


def test_a_question_is_added_changed_retired_and_restored_each_with_its_event(session: Session):
    row = add(session, make_question(""), actor="editor-wang")
    assert (row.name, row.source, row.added_by, row.version) == ("g0001", "page", "editor-wang", 1)
    assert add(session, make_question(""), actor="editor-wang").name == "g0002"
    edit(session, row, make_question("other", note="看过"), seen=row.version, actor="editor-li")
    assert (row.name, row.note, row.changed_by) == ("g0001", "看过", "editor-li")
    set_enabled(session, row, enabled=False, actor="editor-li")
    set_enabled(session, row, enabled=False, actor="editor-li")
    assert [q.id for q in enabled_questions(session)] == ["g0002"]
    set_enabled(session, row, enabled=True, actor="editor-li")
    added, changed = ["golden.added", "golden.added"], ["golden.changed", "golden.retired", "golden.restored"]
    assert acts_of(session) == [*added, *changed]


def test_a_name_is_given_once_and_everything_wrong_is_told_together(session: Session):
    keep(session, make_question("a"))
    with pytest.raises(FieldErrors) as refused:
        add(session, make_question("a"), actor="editor-wang")
    assert [e.field for e in refused.value.errors] == ["name"]
    bad = make_question("b", question="", region="火星", gold=(("zhanhe", ""),))
    with pytest.raises(FieldErrors) as refused:
        add(session, bad, actor="editor-wang")
    assert [e.field for e in refused.value.errors] == ["question", "region", "gold"]


def test_no_more_are_kept_than_can_be_asked(session: Session, monkeypatch: pytest.MonkeyPatch):
    keep(session, make_question("a"))
    monkeypatch.setattr("portal.golden.keeping.policy", lambda: type("P", (), {"golden_most": 1}))
    with pytest.raises(FieldErrors):
        add(session, make_question("b"), actor="editor-wang")


def test_what_another_changed_meanwhile_is_not_written_over(session: Session):
    row = add(session, make_question("a"), actor="editor-wang")
    seen = row.version
    edit(session, row, make_question("a", note="甲"), seen=seen, actor="editor-li")
    with pytest.raises(GoldenChanged):
        edit(session, row, make_question("a", note="乙"), seen=seen, actor="editor-wang")
    assert find(session, "a").note == "甲"


def test_questions_are_found_by_words_region_and_state_a_page_at_a_time(session: Session):
    size = policy().golden_page
    keep(session, *(make_question(f"q{n:03}") for n in range(size + 1)))
    keep(session, make_question("z", question="100% 要罚吗", region=None), make_question("y", region="舟山"))
    set_enabled(session, find(session, "y"), enabled=False, actor="editor-wang")
    first, second = shown(session, Wanted()), shown(session, Wanted(page=2))
    assert (len(first.rows), first.total, first.last) == (size, size + 2, False)
    assert ([row.name for row in second.rows], second.last) == ([f"q{size:03}", "z"], True)
    assert [row.name for row in shown(session, Wanted(words="0%")).rows] == ["z"]
    assert [row.name for row in shown(session, Wanted(region="-")).rows] == ["z"]
    assert [row.name for row in shown(session, Wanted(retired=True)).rows] == ["y"]
    assert shown(session, Wanted(region="舟山")).total == 0
    assert set(regions_in_use(session)) == {"湛河区", "舟山"}
    with pytest.raises(NotFound):
        find(session, "nobody")


def test_any_change_of_a_question_makes_another_set():
    one = make_question("a")
    changes = [{"note": "x"}, {"region": None}, {"expect": "abstain"}, {"turns": (("user", "甲"),)}]
    sets = {digest_of([one]), *(digest_of([make_question("a", **change)]) for change in changes)}
    assert len(sets) == len(changes) + 1


@pytest.mark.parametrize("line", OURS.read_text("utf-8").splitlines()[::20])
def test_the_form_says_what_the_question_says(line: str):
    from portal.golden.question import from_json

    question = from_json(json.loads(line))
    assert wrong_with(question) == ()
    assert Typed.showing(question).question_like(question) == question


def test_what_is_typed_becomes_a_question_one_thing_a_line():
    form = {
        "question": " 能撤回吗\r\n",
        "history": "甲\r\n\r\n 乙 ",
        "gold": "zhanhe  二/3\r\napl2021 第三十三条/第一款",
        "must_say": "改正 | 整改｜纠正\r\n后果",
        "must_not_say": "保证不罚",
        "expect": "clarify",
    }
    asked = Typed.of(form).question_like(None)
    assert asked == GoldenQuestion(
        id="",
        question="能撤回吗",
        region=None,
        kind="",
        expect="clarify",
        gold=(("zhanhe", "二/3"), ("apl2021", "第三十三条/第一款")),
        must_say=(("改正", "整改", "纠正"), ("后果",)),
        must_not_say=("保证不罚",),
        turns=(("user", "甲"), ("user", "乙")),
        lang="",
    )
    before = make_question("a", turns=(("user", "甲"), ("assistant", "答"), ("user", "乙")), style="typo")
    kept = Typed.of(form).question_like(before)
    assert (kept.turns, kept.style) == (before.turns, "typo")
