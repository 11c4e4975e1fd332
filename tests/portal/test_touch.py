"""What a release touches: told by what is in force, today and on the days to come."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from knowledge.clause import Clause, ClauseRef
from knowledge.edition import Edition, EditionStatus
from knowledge.exemption import Condition, ListOutcome
from knowledge.predicate import FirstOffence
from portal.library.touch import Touches, TouchKind, facets, touched

from .small import make_list, make_notice

TODAY = date(2026, 11, 28)
SOON = date(2026, 12, 15)
ADDED, REMOVED, CHANGED = TouchKind.ADDED, TouchKind.REMOVED, TouchKind.CHANGED


def with_clause(edition: Edition, section: str, **changes: object) -> Edition:
    clauses = tuple(replace(c, **changes) if c.section == section else c for c in edition.clauses)
    return replace(edition, clauses=clauses)


def with_item(edition: Edition, **changes: object) -> Edition:
    return replace(edition, items=(replace(edition.items[0], **changes), *edition.items[1:]))


def found(touches: Touches) -> list[tuple[str, str, TouchKind]]:
    return [(t.document, t.section, t.kind) for t in touches.all]


def between(before: Edition | None, after: Edition | None) -> Touches:
    old = {} if before is None else {1: before}
    return touched(old, {} if after is None else {2: after}, TODAY)


def test_the_same_editions_touch_nothing():
    notice = make_notice()
    assert not touched({1: notice}, {1: notice}, TODAY)
    assert not between(notice, make_notice())


def test_a_clause_with_other_words_is_touched_and_its_neighbours_are_not():
    notice = make_notice()
    touches = between(notice, with_clause(notice, "二/3", text="3.申请可以撤回，须说明理由。"))
    assert found(touches) == [("zhanhe", "二/3", CHANGED)]
    (touch,) = touches.all
    assert (touch.since, touch.before, touch.after) == (TODAY, 1, 2)


def test_what_leads_to_a_clause_is_no_part_of_it():
    notice = make_notice()
    beside = {"plain": "白话", "plain_en": "plain", "topics": ("a",), "asked_as": ("问",), "note": "注"}
    assert not between(notice, with_clause(notice, "二/3", **beside))
    listed = make_list()
    assert not between(
        listed, with_item(listed, topics=("a",), asked_as=("问",), carried=("沿",), source="x")
    )


def test_clauses_that_come_and_go_are_touched():
    notice = make_notice()
    fewer = replace(notice, clauses=notice.clauses[:-1])
    assert found(between(notice, fewer)) == [("zhanhe", "二/4", REMOVED)]
    assert found(between(fewer, notice)) == [("zhanhe", "二/4", ADDED)]


def test_a_document_that_is_repealed_or_left_out_takes_all_its_clauses_along():
    notice = make_notice()
    whole = [("zhanhe", c.section, REMOVED) for c in notice.clauses]
    assert found(between(notice, replace(notice, status=EditionStatus.REPEALED))) == whole
    assert found(between(notice, None)) == whole


@pytest.mark.parametrize(
    "changes",
    [
        {"outcome": ListOutcome.MAY_BE_EXEMPT},
        {"mandatory": True},
        {"matter": "未按期申报"},
        {"conditions": (Condition("初次违法"),)},
        {"conditions": (Condition("初次违法", FirstOffence(window_months=12)), Condition("及时改正"))},
        {"penalty_basis": "税收征收管理法 第六十二条"},
        {"violation_basis": "税收征收管理法 第二十五条"},
        {"measures": "辅导"},
        {"department": "海关"},
        {"field": "关税"},
    ],
)
def test_whatever_decides_whom_an_item_helps_touches_it(changes: dict[str, object]):
    listed = make_list()
    assert found(between(listed, with_item(listed, **changes))) == [("list-one", "1", CHANGED)]


def test_the_first_day_of_a_list_counts_only_where_first_offences_count_from_it():
    later = date(2022, 1, 1)
    plain = make_list()
    assert not between(plain, replace(plain, in_force_from=later))
    since = with_item(plain, conditions=(Condition("初次违法", FirstOffence(since_list=True)),))
    assert found(between(since, replace(since, in_force_from=later))) == [("list-one", "1", CHANGED)]


def test_a_region_that_a_document_leaves_touches_all_of_it_and_one_that_joins_nothing():
    listed = make_list(region="浙江省、江苏省")
    assert found(between(listed, replace(listed, region="浙江省"))) == [("list-one", "1", CHANGED)]
    assert not between(replace(listed, region="浙江省"), listed)


def test_a_change_that_is_published_ahead_is_found_with_its_day():
    notice = make_notice()
    later = with_clause(replace(notice, in_force_from=SOON), "二/3", text="3.不同。")
    (touch,) = touched({1: notice}, {1: notice, 2: later}, TODAY).all
    assert (touch.section, touch.kind, touch.since, touch.before, touch.after) == (
        "二/3",
        CHANGED,
        SOON,
        1,
        2,
    )
    assert not touched({1: notice, 2: later}, {1: notice, 2: later}, TODAY)


def test_an_end_of_force_that_is_set_ahead_is_found_with_the_day_after_it():
    notice = make_notice()
    touches = between(notice, replace(notice, in_force_to=SOON))
    assert {(t.kind, t.since) for t in touches.all} == {(REMOVED, SOON + timedelta(days=1))}


def test_what_was_in_force_on_past_days_only_is_left_aside():
    notice = make_notice()
    past = make_notice(
        in_force_from=date(2015, 1, 1), in_force_to=date(2018, 1, 1), clauses=(Clause("一", "旧"),)
    )
    assert not touched({1: notice}, {1: notice, 2: past}, TODAY)


def test_a_change_bears_on_the_clause_on_what_it_stands_under_and_on_what_stands_under_it():
    notice = make_notice()
    touches = between(notice, with_clause(notice, "二/3", text="3.不同。"))

    def bears(section: str, document: str = "zhanhe") -> bool:
        return bool(touches.on([ClauseRef(document, section)]))

    assert bears("二/3")
    assert bears("二"), "who rests on the whole rests on its parts"
    assert bears("二/3/（1）"), "who rests on a part rests on what it stands under"
    assert not bears("二/4")
    assert not bears("二/30")
    assert not bears("二/3", "zhoushan")
    assert not bears("前言")


def test_what_bears_on_several_is_told_once():
    notice = make_notice()
    touches = between(notice, None)
    bearing = touches.on(
        [ClauseRef("zhanhe", "二/3"), ClauseRef("zhanhe", "二"), ClauseRef("zhanhe", "二/3")]
    )
    assert [t.section for t in bearing] == ["二", "二/3", "二/4"]


def test_what_an_edition_says_at_a_section_it_does_not_have():
    assert facets(make_notice(), "九") is None
    assert facets(make_list(), "9") is None


def official(text: str = "3.申请人可以撤回申请，机关应当准许。", **changes: object) -> Edition:
    """The official text of the notice, of which the sample is the digest."""
    return with_clause(make_notice(**{"digest": False, **changes}), "二/3", text=text)


def kinds(touches: Touches) -> set[TouchKind]:
    return {touch.kind for touch in touches.all}


def test_the_official_text_of_the_same_issue_restates_its_digest_and_changes_nothing():
    assert found(between(make_notice(), official())) == [("zhanhe", "二/3", TouchKind.RESTATED)]
    assert found(between(official(), make_notice())) == [("zhanhe", "二/3", TouchKind.RESTATED)]


def test_what_only_one_of_them_has_is_restated_too():
    longer = official()
    longer = replace(longer, clauses=(*longer.clauses, Clause("三", "三、附则")))
    assert kinds(between(make_notice(), longer)) == {TouchKind.RESTATED}
    assert kinds(between(longer, make_notice())) == {TouchKind.RESTATED}


@pytest.mark.parametrize(
    "changes",
    [
        {"document_number": "试政发〔2026〕9号"},
        {"document_number": "", "issued_on": date(2026, 1, 1)},
        {"in_force_from": date(2022, 1, 1)},
        {"region": "河南省/平顶山市"},
    ],
)
def test_another_issue_first_day_or_region_is_a_change(changes: dict[str, object]):
    before = make_notice()
    assert TouchKind.RESTATED not in kinds(touched({1: before}, {2: official(**changes)}, TODAY))


def test_an_official_text_that_is_revised_is_a_change():
    assert kinds(between(official(), official("3.不得撤回。"))) == {CHANGED}


def test_an_official_text_that_ends_is_restated_now_and_gone_then():
    touches = between(make_notice(), official(in_force_to=SOON))
    assert kinds(touches) == {REMOVED}
    assert {t.since for t in touches.all} == {SOON + timedelta(days=1)}


def test_an_official_list_is_no_restatement_of_a_digest_of_one():
    digest = make_list(digest=True)
    assert kinds(between(digest, with_item(make_list(), outcome=ListOutcome.LIGHTER))) == {CHANGED}
