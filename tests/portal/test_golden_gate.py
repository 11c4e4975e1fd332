"""Nothing that makes the assistant worse goes out through the desk, unless a second person answers for it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from knowledge.clause import Clause, ClauseRef
from knowledge.exemption import ListItem, ListOutcome
from knowledge.topic import Topic
from portal.calendar import today
from portal.database import Database
from portal.errors import FieldErrors, NotFound
from portal.golden import asking, gate
from portal.golden.gate import ReleaseBlocked, falls_allowed, lacks
from portal.golden.keeping import edit, find, set_enabled
from portal.golden.links import broken_links
from portal.golden.models import ReleaseCheck
from portal.golden.release_checks import (
    CheckOutdated,
    NothingToOverride,
    check_approved,
    find_check,
    latest_check,
    override,
    still_proposed,
    touched_since,
)
from portal.journal import JournalEntry
from portal.library import publication
from portal.library.desk.drafts import needed_draft
from portal.library.desk.release import publish_approved, roll_back
from portal.library.desk.review import SamePerson, approve, submit, take_back
from portal.library.desk.topic_changes import new_topic
from portal.library.holder import KnowledgeHolder
from portal.library.lock import LockedError, publication_lock
from portal.library.models import EditionState, ReleaseShelf
from portal.library.publication import PublicationError
from portal.library.record import current_release, editions_now, open_release
from portal.library.shelving import Shelving
from portal.policy import policy

from .desk import EDITOR, PUBLISHER, REVIEWER, bring_in
from .golden import keep, make_question, rewritten
from .small import ZHANHE, Condition, make_list, make_notice

SECOND_PUBLISHER = "publisher-sun"
TALK = make_question("b", question="约谈要几个执法人员", gold=(("zhanhe", "二/4"),))
WEATHER = make_question("c", question="天气怎么样", expect="abstain", gold=())
WORSE = tuple(c for c in make_notice().clauses if c.section != "二/3")
REWORDED = tuple(replace(c, text=c.text.replace("两名", "三名")) for c in make_notice().clauses)


@pytest.fixture
def worse(session: Session) -> Session:
    """Three golden questions, and an approved draft that makes one of them fall."""
    keep(session, make_question("a"), TALK, WEATHER)
    rewritten(session, WORSE)
    return session


def make_result(**changes: Any) -> ReleaseCheck:
    values = {"asked": 100, "passed_before": 100, "passed": 100, "falls": 0, **changes}
    return ReleaseCheck(**values)


def entries(session: Session, act: str) -> list[JournalEntry]:
    found = select(JournalEntry).where(JournalEntry.act == act).order_by(JournalEntry.number)
    return list(session.scalars(found))


def checks(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(ReleaseCheck)) or 0


def number_now(session: Session) -> int:
    release = current_release(session)
    assert release is not None
    return release.number


def test_the_numbers_of_the_gate_are_those_of_the_decision():
    assert (policy().golden_bar, policy().golden_falls) == (0.9, 0.02)


@pytest.mark.parametrize(
    ("result", "short"),
    [
        ({}, ()),
        ({"passed": 90, "passed_before": 90}, ()),
        ({"passed": 89, "passed_before": 89}, ("share",)),
        ({"passed": 89, "passed_before": 80}, ("share",)),
        ({"passed": 98, "falls": 2}, ()),
        ({"passed": 97, "falls": 3}, ("falls",)),
        ({"passed": 100, "falls": 3, "passed_before": 100}, ("falls",)),
        ({"passed": 50, "falls": 50}, ("share", "falls")),
        ({"asked": 49, "passed_before": 49, "passed": 48, "falls": 1}, ("falls",)),
        ({"asked": 50, "passed_before": 50, "passed": 49, "falls": 1}, ()),
        ({"asked": 0, "passed_before": 0, "passed": 0}, ()),
        ({"asked": 3, "passed_before": 0, "passed": 3}, ()),
    ],
)
def test_the_share_must_be_met_and_what_passes_today_must_stay(result: dict[str, int], short: Any):
    assert lacks(make_result(**result)) == short


def test_below_fifty_questions_none_may_fall():
    allowed = [falls_allowed(make_result(passed_before=n)) for n in (0, 3, 49, 50, 99, 100, 300)]
    assert allowed == [0, 0, 0, 1, 1, 2, 6]


def test_without_golden_questions_there_is_no_bar_and_no_check(session: Session, shelving: Shelving):
    rewritten(session, WORSE)
    assert publish_approved(session, shelving, actor=PUBLISHER).release == 2
    assert checks(session) == 0
    assert entries(session, "release.publish")[-1].detail["check"] is None


def test_a_release_that_makes_a_question_fall_is_blocked_at_the_act(
    worse: Session, shelving: Shelving, holder: KnowledgeHolder
):
    with pytest.raises(ReleaseBlocked) as blocked:
        publish_approved(worse, shelving, actor=PUBLISHER)
    worse.rollback()
    assert number_now(worse) == 1
    assert holder.current(worse).edition("zhanhe", today()).clause("二/3") is not None
    check = find_check(worse, blocked.value.values["check"])
    assert (check.asked, check.passed_before, check.passed, check.falls) == (3, 3, 2, 1)
    assert lacks(check) == ("share", "falls")
    assert entries(worse, "release.checked")[-1].detail["falls"] == 1


def test_what_falls_is_told_side_by_side(worse: Session, shelving: Shelving):
    check = find_check(worse, check_approved(worse, shelving, actor=PUBLISHER).id)
    (outcome,) = check.outcomes
    assert (outcome["name"], outcome["kind"]) == ("a", "falls")
    assert (outcome["before"]["status"], outcome["after"]["status"]) == ("answered", "abstained")
    assert [tuple(c)[:2] for c in outcome["before"]["clauses"]] == [("zhanhe", "二/3")]
    assert outcome["after"]["clauses"] == []
    assert (outcome["after"]["wanted"], outcome["after"]["why"]) == ("answer", ["没有引用应引的条款"])
    assert {(link["source"], link["where"]) for link in check.links} == {("golden", "a")}
    assert (check.subjects, check.titles, check.release) == (["zhanhe"], ["湛河区柔性执法办法"], 1)


def test_a_changed_answer_that_still_passes_is_told_and_lets_the_release_through(
    session: Session, shelving: Shelving
):
    keep(session, make_question("a"), TALK, WEATHER)
    rewritten(session, REWORDED)
    check = find_check(session, check_approved(session, shelving, actor=PUBLISHER).id)
    assert [(o["name"], o["kind"]) for o in check.outcomes] == [("b", "changes")]
    assert "三名" in check.outcomes[0]["after"]["answer"]
    assert publish_approved(session, shelving, actor=PUBLISHER).release == 2
    assert (check.led_to, checks(session), latest_check(session)) == (2, 1, None)
    assert entries(session, "release.publish")[-1].detail["check"] == check.id


def test_a_question_that_fails_before_and_after_counts_against_the_share(
    session: Session, shelving: Shelving
):
    keep(session, make_question("a"), make_question("d", must_say=(("宇宙",),)))
    rewritten(session, REWORDED)
    with pytest.raises(ReleaseBlocked) as blocked:
        publish_approved(session, shelving, actor=PUBLISHER)
    check = find_check(session, blocked.value.values["check"])
    assert lacks(check) == ("share",)
    assert [(o["name"], o["kind"]) for o in check.outcomes] == [("d", "fails")]


def test_a_question_that_begins_to_pass_is_told(session: Session, shelving: Shelving):
    keep(session, make_question("a", must_say=(("三名",),), question="约谈要几个执法人员", gold=()))
    rewritten(session, REWORDED)
    check = find_check(session, check_approved(session, shelving, actor=PUBLISHER).id)
    assert [(o["kind"], check.passed_before, check.passed) for o in check.outcomes] == [("rises", 0, 1)]


def test_a_region_that_a_release_does_not_know_fails_its_question_and_nothing_else(
    session: Session, shelving: Shelving
):
    keep(session, make_question("a"), WEATHER)
    find(session, "a").region = "鼓楼区"
    session.commit()
    rewritten(session, REWORDED)
    check = find_check(session, check_approved(session, shelving, actor=PUBLISHER).id)
    assert (check.asked, check.passed) == (2, 1)
    assert check.outcomes[0]["after"]["status"] == "unknown_region"


def test_a_question_on_a_clause_that_is_still_to_come_waits_and_does_not_count(
    session: Session, shelving: Shelving
):
    keep(session, make_question("a"), make_question("d", gold=(("shanqian", "二/（三）"),)))
    rewritten(session, REWORDED)
    check = find_check(session, check_approved(session, shelving, actor=PUBLISHER).id)
    assert (check.asked, check.passed, lacks(check)) == (1, 1, ())
    assert [(o["name"], o["kind"], o["after"]) for o in check.outcomes] == [("d", "waits", None)]


def test_a_question_on_a_clause_that_goes_does_not_wait_but_falls(worse: Session, shelving: Shelving):
    check = find_check(worse, check_approved(worse, shelving, actor=PUBLISHER).id)
    assert [o["kind"] for o in check.outcomes] == ["falls"]


def test_whoever_publishes_sees_where_the_measure_moved(worse: Session, shelving: Shelving):
    assert touched_since(worse, 1) == ()
    question_changes(worse, shelving)
    set_enabled(worse, find(worse, "b"), enabled=False, actor=EDITOR)
    assert [(row.name, row.enabled) for row in touched_since(worse, 1)] == [("b", False), ("c", True)]
    assert touched_since(worse, None) == ()


def test_what_is_taken_back_while_it_is_checked_does_not_go_out(
    worse: Session, shelving: Shelving, database: Database, monkeypatch: pytest.MonkeyPatch
):
    set_enabled(worse, find(worse, "a"), enabled=False, actor=EDITOR)
    make = gate.make_check

    def taken_back_meanwhile(*args: Any, **more: Any) -> ReleaseCheck:
        check = make(*args, **more)
        with database.session() as other:
            take_back(other, needed_draft(other, "zhanhe", EditionState.APPROVED), actor=EDITOR)
        return check

    monkeypatch.setattr(gate, "make_check", taken_back_meanwhile)
    with pytest.raises(StaleDataError):
        publish_approved(worse, shelving, actor=PUBLISHER)
    worse.rollback()
    worse.expire_all()
    assert number_now(worse) == 1
    assert needed_draft(worse, "zhanhe").state == "draft"


def test_the_first_release_has_nothing_to_compare_with(session: Session, shelving: Shelving):
    keep(session, make_question("a"))
    rewritten(session, [replace(clause, topics=()) for clause in REWORDED])
    session.query(publication.ReleasePointer).update({"release": None})
    session.commit()
    draft = needed_draft(session, "zhanhe", EditionState.APPROVED)
    draft.base_id = None
    session.commit()
    check = find_check(session, check_approved(session, shelving, actor=PUBLISHER).id)
    assert (check.release, check.passed_before, check.outcomes[0]["before"]) == (None, 0, None)


def test_a_check_publishes_nothing_and_its_shelves_serve_the_release(session: Session, shelving: Shelving):
    keep(session, make_question("a"))
    rewritten(session, REWORDED)
    check_approved(session, shelving, actor=PUBLISHER)
    assert number_now(session) == 1
    built = {path.name for path in shelving.store.folder.iterdir()}
    publish_approved(session, shelving, actor=PUBLISHER)
    assert {path.name for path in shelving.store.folder.iterdir()} == built
    named = set(session.scalars(select(ReleaseShelf.digest).where(ReleaseShelf.release == 2)))
    assert named <= built


def test_publishing_what_was_just_checked_does_not_ask_again(session: Session, shelving: Shelving):
    keep(session, make_question("a"))
    rewritten(session, REWORDED)
    check = check_approved(session, shelving, actor=SECOND_PUBLISHER)
    publish_approved(session, shelving, actor=PUBLISHER)
    assert (checks(session), check.led_to) == (1, 2)


def test_no_release_is_asked_the_same_question_twice(
    session: Session, shelving: Shelving, monkeypatch: pytest.MonkeyPatch
):
    put, asked = asking.put, []

    def counted(knowledge: Any, model: Any, question: Any) -> Any:
        asked.append((knowledge.release, question.id))
        return put(knowledge, model, question)

    monkeypatch.setattr(asking, "put", counted)
    keep(session, make_question("a"), TALK)
    rewritten(session, REWORDED)
    check_approved(session, shelving, actor=PUBLISHER)
    check_approved(session, shelving, actor=PUBLISHER)
    assert sorted(asked) == [(1, "a"), (1, "b"), (2, "a"), (2, "b")]
    publish_approved(session, shelving, actor=PUBLISHER)
    rewritten(session, [replace(c, text=c.text.replace("三名", "四名")) for c in REWORDED])
    keep(session, WEATHER)
    asked.clear()
    check = check_approved(session, shelving, actor=PUBLISHER)
    assert sorted(asked) == [(2, "c"), (3, "a"), (3, "b"), (3, "c")]
    assert (check.passed_before, check.passed) == (3, 3)
    day_after = today() + timedelta(days=1)
    for module in ("portal.golden.checking", "portal.chat.golden"):
        monkeypatch.setattr(f"{module}.today", lambda: day_after)
    asked.clear()
    check_approved(session, shelving, actor=PUBLISHER)
    assert len(asked) == 6


def test_nothing_approved_is_nothing_to_check_and_two_do_not_check_at_once(
    session: Session, shelving: Shelving
):
    with pytest.raises(PublicationError):
        check_approved(session, shelving, actor=PUBLISHER)
    rewritten(session, REWORDED)
    with publication_lock(session), pytest.raises(LockedError):
        check_approved(session, shelving, actor=PUBLISHER)


def blocked_check(session: Session, shelving: Shelving) -> ReleaseCheck:
    return find_check(session, check_approved(session, shelving, actor=PUBLISHER).id)


def lets_through(session: Session, shelving: Shelving, check: ReleaseCheck, actor: str = SECOND_PUBLISHER):
    override(session, shelving, check, "撤回一条另行公布，先上线。", actor=actor)


def test_a_second_person_lets_it_through_with_a_reason_on_record(worse: Session, shelving: Shelving):
    check = blocked_check(worse, shelving)
    lets_through(worse, shelving, check)
    assert publish_approved(worse, shelving, actor=PUBLISHER).release == 2
    assert (check.overridden_by, check.led_to) == (SECOND_PUBLISHER, 2)
    (entry,) = entries(worse, "release.overridden")
    assert (entry.actor, entry.subject) == (SECOND_PUBLISHER, f"check:{check.id}")
    assert entry.detail["reason"] == check.override_reason == "撤回一条另行公布，先上线。"
    assert checks(worse) == 1


def test_who_let_it_through_does_not_publish_it(worse: Session, shelving: Shelving):
    lets_through(worse, shelving, blocked_check(worse, shelving))
    with pytest.raises(SamePerson, match="same_person"):
        publish_approved(worse, shelving, actor=SECOND_PUBLISHER)
    worse.rollback()
    assert number_now(worse) == 1


@pytest.mark.parametrize("actor", [EDITOR, REVIEWER])
def test_who_wrote_or_reviewed_a_piece_of_it_does_not_let_it_through(
    worse: Session, shelving: Shelving, actor: str
):
    check = blocked_check(worse, shelving)
    with pytest.raises(SamePerson):
        lets_through(worse, shelving, check, actor=actor)
    worse.rollback()
    with pytest.raises(ReleaseBlocked):
        publish_approved(worse, shelving, actor=PUBLISHER)


def test_who_let_it_through_and_took_part_in_it_afterwards_does_not_count(worse: Session, shelving: Shelving):
    lets_through(worse, shelving, blocked_check(worse, shelving))
    draft = needed_draft(worse, "zhanhe", EditionState.APPROVED)
    take_back(worse, draft, actor=EDITOR)
    submit(worse, draft, actor=EDITOR)
    approve(worse, draft, actor=SECOND_PUBLISHER)
    with pytest.raises(SamePerson):
        publish_approved(worse, shelving, actor=PUBLISHER)


@pytest.mark.parametrize("reason", ["", "  ", "长" * 501])
def test_without_a_reason_nobody_lets_it_through(worse: Session, shelving: Shelving, reason: str):
    with pytest.raises(FieldErrors):
        override(worse, shelving, blocked_check(worse, shelving), reason, actor=SECOND_PUBLISHER)
    assert entries(worse, "release.overridden") == []


def test_what_meets_the_bar_or_was_let_through_needs_nobody(worse: Session, shelving: Shelving):
    check = blocked_check(worse, shelving)
    lets_through(worse, shelving, check)
    with pytest.raises(NothingToOverride):
        lets_through(worse, shelving, check, actor="publisher-wu")
    good = make_result()
    with pytest.raises(NothingToOverride):
        override(worse, shelving, good, "x", actor=SECOND_PUBLISHER)


def content_changes(session: Session, shelving: Shelving) -> None:
    draft = needed_draft(session, "zhanhe", EditionState.APPROVED)
    take_back(session, draft, actor=EDITOR)
    draft.edition.digest = "f" * 64
    session.commit()
    submit(session, draft, actor=EDITOR)
    approve(session, draft, actor=REVIEWER)


def topic_joins(session: Session, shelving: Shelving) -> None:
    change = new_topic(session, Topic("lateness", "逾期", "过了期限。"), actor=EDITOR)
    approve(session, submit(session, change, actor=EDITOR), actor=REVIEWER)


def release_moves(session: Session, shelving: Shelving) -> None:
    bring_in(session, make_notice("panjin", "辽宁省/盘锦市", digest=False))
    publication.publish(session, shelving, actor="operator")


def question_changes(session: Session, shelving: Shelving) -> None:
    row = find(session, "c")
    edit(session, row, make_question("c", question="下雨吗", expect="abstain", gold=()), seen=1, actor=EDITOR)


def question_goes(session: Session, shelving: Shelving) -> None:
    set_enabled(session, find(session, "c"), enabled=False, actor=EDITOR)


def embedding_changes(session: Session, shelving: Shelving) -> None:
    shelving.embedder.digest = "another-embedder"


def day_passes(session: Session, shelving: Shelving) -> None:
    session.query(ReleaseCheck).update({"on": today() - timedelta(days=1)})
    session.commit()


@pytest.mark.parametrize(
    "change",
    [
        content_changes,
        release_moves,
        question_changes,
        question_goes,
        embedding_changes,
        day_passes,
    ],
)
def test_a_check_speaks_only_for_what_it_saw(worse: Session, shelving: Shelving, change: Any):
    check = blocked_check(worse, shelving)
    assert still_proposed(worse, shelving, check) is not None
    change(worse, shelving)
    worse.expire_all()
    assert still_proposed(worse, shelving, find_check(worse, check.id)) is None
    with pytest.raises(CheckOutdated):
        lets_through(worse, shelving, find_check(worse, check.id))


def test_an_override_does_not_carry_over_to_a_larger_release(worse: Session, shelving: Shelving):
    lets_through(worse, shelving, blocked_check(worse, shelving))
    topic_joins(worse, shelving)
    with pytest.raises(ReleaseBlocked):
        publish_approved(worse, shelving, actor=PUBLISHER)
    worse.rollback()
    assert publish_approved(worse, shelving, actor=PUBLISHER, subjects=["zhanhe"]).release == 2


def test_the_command_line_is_not_blocked_and_is_on_record_as_such(session: Session, shelving: Shelving):
    keep(session, make_question("a"))
    bring_in(session, make_notice(clauses=WORSE, title="新的办法"))
    assert publication.publish(session, shelving, actor="operator").release == 2
    (entry,) = entries(session, "release.publish")
    assert (entry.actor, entry.detail["golden_questions"]) == ("operator", "not asked")


def test_the_way_back_is_never_blocked(worse: Session, shelving: Shelving):
    lets_through(worse, shelving, blocked_check(worse, shelving))
    publish_approved(worse, shelving, actor=PUBLISHER)
    assert roll_back(worse, shelving, 1, actor=PUBLISHER, reason="先撤下").release == 3
    assert roll_back(worse, shelving, 2, actor=PUBLISHER, reason="再上").release == 4


def test_old_checks_go_but_not_those_that_a_release_or_an_override_rests_on(
    worse: Session, shelving: Shelving, monkeypatch: pytest.MonkeyPatch
):
    first = blocked_check(worse, shelving)
    lets_through(worse, shelving, first)
    number = policy().kept_checks
    monkeypatch.setattr("portal.golden.checking.policy", lambda: type("P", (), {"kept_checks": 2}))
    made = [check_approved(worse, shelving, actor=PUBLISHER).id for _ in range(3)]
    assert set(worse.scalars(select(ReleaseCheck.id))) == {first.id, *made[1:]}
    assert number >= 10
    with pytest.raises(NotFound):
        find_check(worse, made[0])


def test_links_of_texts_and_rules_that_would_point_nowhere_are_found(session: Session, shelving: Shelving):
    statute = make_notice(
        "apl2021",
        "全国",
        title="行政处罚法",
        clauses=(
            Clause("第三十三条", "第三十三条　轻微的，不予处罚。"),
            Clause("第三十六条", "第三十六条　二年。"),
        ),
    )
    naming = ListItem(
        "list-one",
        "1",
        "未按期申报纳税",
        ListOutcome.FIRST_OFFENCE_EXEMPT,
        (Condition("初次违法"),),
        penalty_basis="《行政处罚法》第三十六条",
        region="全国",
    )
    notice = make_notice(clauses=(Clause("二/（三）/1", "依照行政处罚法第三十三条办理，可以撤回。"),))
    for edition in (statute, make_list(items=(naming,)), notice):
        bring_in(session, edition)
    publication.publish(session, shelving, actor="operator")
    before = open_release(session, shelving, 2)
    shorter = make_notice("apl2021", "全国", title="行政处罚法", clauses=statute.clauses[:1])
    bring_in(session, shorter)
    bring_in(session, make_notice(clauses=(Clause("一", "依照行政处罚法第三十三条办理。"),)))
    publication.publish(session, shelving, actor="operator")
    after = open_release(session, shelving, 3)
    found = broken_links(before, after, [make_question("a", gold=(("zhanhe", "二/(三)/1"),))], today())
    told = {(link.source, link.where, link.document, link.section) for link in found}
    assert ("text", "《试验免罚清单》1", "apl2021", "第三十六条") in told
    assert ("rule", f"{ZHANHE} withdrawal", "zhanhe", "二/（三）/1") in told
    assert ("golden", "a", "zhanhe", "二/(三)/1") in told
    assert not [link for link in found if link.section == "第三十三条"]
    assert broken_links(before, before, [], today()) == ()
    assert broken_links(None, after, [], today()) == ()
    assert ClauseRef("zhanhe", "二/（三）/1") in {
        ClauseRef(link.document, link.section) for link in found if link.source == "rule"
    }


def test_what_a_check_saw_is_what_is_published(session: Session, shelving: Shelving):
    keep(session, make_question("a"))
    rewritten(session, REWORDED)
    check = check_approved(session, shelving, actor=PUBLISHER)
    proposed = still_proposed(session, shelving, check)
    assert proposed is not None
    publish_approved(session, shelving, actor=PUBLISHER)
    assert {row.digest for row in editions_now(session)} == {row.digest for row in proposed.rows}
