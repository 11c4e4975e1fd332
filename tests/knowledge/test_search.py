"""Search: the right clause of the right place, on the right day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from knowledge.clause import Clause, ClauseRef
from knowledge.edition import EditionStatus
from knowledge.vectors import StoreUnavailableError, VectorStore
from tests.knowledge.shelving import HAVEN, HILL, TODAY, exempt_list, haven, hill, law, notice, opened


@pytest.fixture
def library(tmp_path):
    return opened(tmp_path, haven(), hill(), law(), exempt_list())


def refs(hits):
    return [str(h.ref) for h in hits]


def test_a_way_of_asking_finds_its_clause(library):
    assert refs(library.search("东西交上去了还能拿回来不", regions=[HAVEN], on=TODAY))[0] == "haven#一/（一）"
    assert refs(library.search("没钱交清罚款", regions=[HAVEN], on=TODAY))[0] == "law#第一条"


def test_a_region_never_gets_another_regions_rule(library):
    hits = library.search("撤回申请", regions=[HAVEN], on=TODAY)
    assert {h.region for h in hits} == {"全国", HAVEN}
    assert {h.ref.document for h in hits} == {"haven", "law"}


def test_a_local_rule_stands_before_a_general_one_that_answers_as_well(tmp_path):
    general = replace(haven(), instrument="general", region="全国", title=haven().title)
    hits = refs(opened(tmp_path, general, haven()).search("我想撤回申请", regions=[HAVEN], on=TODAY))
    assert hits[:2] == ["haven#一/（一）", "general#一/（一）"]


def test_without_a_region_every_region_speaks_under_its_name(library):
    hits = library.search("撤回申请", regions=None, on=TODAY)
    assert {(h.ref.document, h.region) for h in hits} >= {("haven", HAVEN), ("hill", HILL), ("law", "全国")}


def test_a_district_is_answered_from_all_above_it(library):
    hits = library.search("撤回申请", regions=[HAVEN + "/海边区"], on=TODAY)
    assert {h.region for h in hits} == {"全国", HAVEN}


def test_a_score_is_the_same_whatever_else_is_published(tmp_path, library):
    alone = opened(tmp_path / "alone", law())
    asked = "罚款能不能分期交"
    with_others = library.search(asked, regions=["全国"], on=TODAY)
    assert [(h.ref, h.score) for h in alone.search(asked, regions=["全国"], on=TODAY)] == [
        (h.ref, pytest.approx(h.score)) for h in with_others
    ]


def test_only_the_edition_in_force_on_the_day_answers(tmp_path):
    until = {"in_force_from": date(2020, 1, 1), "in_force_to": date(2022, 12, 31)}
    old = notice("rule", HAVEN, Clause("一", "一、申请不得撤回。"), **until)
    new = notice("rule", HAVEN, Clause("二", "二、申请可以撤回。"), in_force_from=date(2023, 1, 1))
    library = opened(tmp_path, old, new)
    assert refs(library.search("撤回申请", regions=[HAVEN], on=date(2021, 6, 1))) == ["rule#一"]
    assert refs(library.search("撤回申请", regions=[HAVEN], on=TODAY)) == ["rule#二"]
    assert library.edition("rule", date(2019, 1, 1)) is None
    assert library.any_edition("rule") == new


def test_a_repealed_text_answers_nothing_but_can_still_be_read(tmp_path):
    repealed = replace(haven(), status=EditionStatus.REPEALED)
    library = opened(tmp_path, repealed)
    assert library.search("撤回申请", regions=[HAVEN], on=TODAY) == ()
    assert library.any_edition("haven") == repealed


def test_a_search_may_be_kept_to_some_documents(library):
    hits = library.search("撤回申请", regions=[HAVEN], on=TODAY, documents=["law"])
    assert {h.ref.document for h in hits} == {"law"}


def test_a_question_about_nothing_here_finds_nothing(library):
    assert all(h.lexical == 0 for h in library.search("xyzzy", regions=[HAVEN], on=TODAY))
    assert library.search("", regions=[HAVEN], on=TODAY) == ()


def test_a_view_without_a_region_has_nothing_of_it_and_is_kept(library):
    view = library.without(frozenset({HAVEN}))
    assert HAVEN not in view.regions()
    assert HAVEN in library.regions()
    assert view.search("撤回申请", regions=[HAVEN], on=TODAY) != library.search(
        "撤回申请", regions=[HAVEN], on=TODAY
    )
    assert library.without(frozenset({HAVEN})) is view


def test_of_a_parent_and_its_child_one_is_shown(tmp_path):
    library = opened(
        tmp_path,
        notice(
            "rule",
            HAVEN,
            Clause("一", "一、撤回申请。当事人撤回申请的，按下列办法。", heading="撤回申请"),
            Clause("一/（一）", "（一）撤回申请不需要理由。"),
            Clause("二", "二、约谈。"),
        ),
    )
    hits = refs(library.search("撤回申请要不要理由", regions=[HAVEN], on=TODAY))
    assert "rule#一/（一）" in hits
    assert "rule#一" not in hits


def test_a_typed_slip_finds_the_clause_by_its_sound(library):
    hits = refs(library.search("车回神请", regions=[HAVEN], on=TODAY))
    assert set(hits[:2]) == {"haven#一/（一）", "law#第二条"}


def test_a_failing_vector_store_is_made_up_for(tmp_path, monkeypatch):
    monkeypatch.setattr("knowledge.shelf.SCANNED_BELOW", 0)
    library = opened(tmp_path, haven(), law())
    before = library.search("东西交上去了还能拿回来不", regions=[HAVEN], on=TODAY)

    def down(self: VectorStore, name: str, vector: object, limit: int) -> None:
        raise StoreUnavailableError("down")

    monkeypatch.setattr(VectorStore, "nearest", down)
    assert library.search("东西交上去了还能拿回来不", regions=[HAVEN], on=TODAY) == before


def test_items_are_found_by_the_owners_own_words(library):
    story = "我的店把营业执照忘在抽屉里，没有挂在墙上"
    assert [h.item.number for h in library.search_items(story, region=HAVEN, on=TODAY)] == ["1"]


def test_no_item_fits_a_story_about_something_else(library):
    assert library.search_items("邻居家的狗半夜叫唤", region=HAVEN, on=TODAY) == ()


def test_items_of_another_department_are_left_out(library):
    story = "营业执照没有挂在墙上"
    assert library.search_items(story, region=HAVEN, on=TODAY, department="城市管理局") == ()


def test_items_of_another_region_are_not_offered(library):
    assert library.search_items("营业执照没有挂在墙上", region=HILL, on=TODAY) == ()


def test_a_topic_leads_to_the_clauses_of_the_askers_region(library):
    assert library.clauses_of_topic("withdrawal", HAVEN, TODAY) == (ClauseRef("haven", "一/（一）"),)
    assert library.clauses_of_topic("withdrawal", HILL, TODAY) == (ClauseRef("hill", "一"),)
    assert library.match_topics("我想把申请收回来")[0].topic == "withdrawal"


def test_regions_with_knowledge_are_named_the_nation_first(library):
    assert library.regions() == ("全国", HAVEN, HILL)


@pytest.mark.parametrize(
    "asked", ["东西交上去了还能拿回来不", "撤回申请", "准许", "没钱交清罚款", "多久能办好"]
)
def test_confirming_a_proposal_never_costs_a_clause_its_place(tmp_path, asked):
    proposed = tuple(
        replace(c, proposed=c.topics, carried=c.asked_as, topics=(), asked_as=()) for c in haven().clauses
    )
    unsure = opened(tmp_path / "unsure", replace(haven(), clauses=proposed))
    sure = opened(tmp_path / "sure", haven())
    before, after = (
        {h.ref: h.score for h in held.search(asked, regions=[HAVEN], on=TODAY)} for held in (unsure, sure)
    )
    assert before.keys() <= after.keys()
    assert all(before[ref] <= after[ref] + 1e-6 for ref in before)
    assert before
