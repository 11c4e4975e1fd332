"""The pre-check, ground by ground: what meets it, what breaks it, and what stands on its edge."""

import gzip
import json
from datetime import date

import pytest

from knowledge import grounds
from knowledge.assess import assess
from knowledge.cautions import caution_wording
from knowledge.clause import ClauseRef
from knowledge.exemption import Caution, Condition, Ground, ListItem, ListOutcome, Outcome, Verdict
from knowledge.parse.conditions import parse_conditions
from knowledge.programme import load_programmes
from knowledge.situation import Correction, Fault, Finding, Harm, Mitigation, Quantity, Situation
from knowledge.starter import starter_editions
from tests import shared_folder

FULL = {"first_offence": True, "harm": Harm.NONE, "corrected": Correction.IN_TIME, "minor": True}


def judged(**told: object) -> Verdict:
    return assess(Situation(**told))  # type: ignore[arg-type]


def findings(verdict: Verdict) -> dict[str, Finding]:
    return {c.condition: c.finding for c in verdict.conditions}


@pytest.mark.parametrize(
    ("told", "outcome", "ground"),
    [
        # 33(1) first limb: minor, corrected in time, no harm; first offence or not
        (FULL, Outcome.SHALL_BE_EXEMPT, Ground.ARTICLE_33_1_MINOR),
        ({**FULL, "first_offence": False}, Outcome.SHALL_BE_EXEMPT, Ground.ARTICLE_33_1_MINOR),
        ({**FULL, "first_offence": None}, Outcome.SHALL_BE_EXEMPT, Ground.ARTICLE_33_1_MINOR),
        ({**FULL, "corrected": Correction.ON_THE_SPOT}, Outcome.SHALL_BE_EXEMPT, Ground.ARTICLE_33_1_MINOR),
        ({**FULL, "harm": Harm.SLIGHT, "first_offence": False}, Outcome.CONDITIONS_NOT_MET, None),
        ({**FULL, "corrected": Correction.NOT_YET}, Outcome.CONDITIONS_NOT_MET, None),
        # 33(1) second limb: first, slight harm, corrected in time; minor or not
        ({**FULL, "minor": None}, Outcome.MAY_BE_EXEMPT, Ground.ARTICLE_33_1_FIRST),
        ({**FULL, "minor": False}, Outcome.MAY_BE_EXEMPT, Ground.ARTICLE_33_1_FIRST),
        ({**FULL, "minor": None, "harm": Harm.SLIGHT}, Outcome.MAY_BE_EXEMPT, Ground.ARTICLE_33_1_FIRST),
        ({**FULL, "minor": None, "harm": Harm.SERIOUS}, Outcome.CONDITIONS_NOT_MET, None),
        ({**FULL, "minor": None, "corrected": Correction.LATE}, Outcome.CONDITIONS_NOT_MET, None),
        ({**FULL, "minor": None, "corrected": Correction.REFUSED}, Outcome.CONDITIONS_NOT_MET, None),
        ({**FULL, "minor": False, "first_offence": False}, Outcome.CONDITIONS_NOT_MET, None),
        # minor untold and no first offence: only the authority can say
        ({**FULL, "minor": None, "first_offence": False}, Outcome.OFFICER_DECIDES, Ground.ARTICLE_33_1_MINOR),
        # a first offence after a long-past one: the law sets no look-back
        (
            {**FULL, "minor": False, "first_offence": False, "repeat_within_months": 40},
            Outcome.OFFICER_DECIDES,
            Ground.ARTICLE_33_1_FIRST,
        ),
        (
            {**FULL, "minor": False, "first_offence": False, "repeat_within_months": 12},
            Outcome.CONDITIONS_NOT_MET,
            None,
        ),
        # 33(2): evidence is the authority's to weigh
        ({"fault": Fault.NONE_PROVABLE}, Outcome.OFFICER_DECIDES, Ground.ARTICLE_33_2),
        (
            {"fault": Fault.NEGLIGENT, "corrected": Correction.REFUSED},
            Outcome.CONDITIONS_NOT_MET,
            None,
        ),
        (
            {"fault": Fault.NONE_PROVABLE, "harm": Harm.SERIOUS, "corrected": Correction.NOT_YET},
            Outcome.OFFICER_DECIDES,
            Ground.ARTICLE_33_2,
        ),
        # 30: under 14 no penalty, 14 to 17 lighter, 18 nothing
        ({"age": 13, "harm": Harm.SERIOUS}, Outcome.SHALL_BE_EXEMPT, Ground.ARTICLE_30),
        ({"age": 14, "harm": Harm.SERIOUS}, Outcome.LIGHTER, Ground.ARTICLE_30),
        ({"age": 17, "corrected": Correction.REFUSED}, Outcome.LIGHTER, Ground.ARTICLE_30),
        ({"age": 18, "corrected": Correction.REFUSED}, Outcome.CONDITIONS_NOT_MET, None),
        # 31: incapacity must be established
        ({"incapacity": True, "harm": Harm.SERIOUS}, Outcome.OFFICER_DECIDES, Ground.ARTICLE_31),
        ({"incapacity": False, "harm": Harm.SERIOUS}, Outcome.CONDITIONS_NOT_MET, None),
        # 36: two years, five where life, health or finance is touched and harm was done
        ({"time_since_act_years": 2.5}, Outcome.OFFICER_DECIDES, Ground.ARTICLE_36),
        ({"time_since_act_years": 2, "harm": Harm.SERIOUS}, Outcome.CONDITIONS_NOT_MET, None),
        (
            {"time_since_act_years": 3, "harm": Harm.SERIOUS, "sectors": ("food",)},
            Outcome.CONDITIONS_NOT_MET,
            None,
        ),
        (
            {"time_since_act_years": 5.5, "harm": Harm.SERIOUS, "sectors": ("food",)},
            Outcome.OFFICER_DECIDES,
            Ground.ARTICLE_36,
        ),
        (
            {"time_since_act_years": 3, "harm": Harm.NONE, "minor": False, "sectors": ("food",)},
            Outcome.OFFICER_DECIDES,
            Ground.ARTICLE_36,
        ),
        # 32: lighter once every way to no penalty has failed
        (
            {"harm": Harm.SERIOUS, "mitigations": frozenset({Mitigation.HARM_REMOVED})},
            Outcome.LIGHTER,
            Ground.ARTICLE_32,
        ),
        ({"harm": Harm.SERIOUS}, Outcome.CONDITIONS_NOT_MET, None),
        # a suspected crime ends it, whatever else was told
        ({**FULL, "suspected_crime": True}, Outcome.NO_OPINION, Ground.SUSPECTED_CRIME),
        ({**FULL, "suspected_crime": False}, Outcome.SHALL_BE_EXEMPT, Ground.ARTICLE_33_1_MINOR),
        # nothing told
        ({}, Outcome.NEEDS_FACTS, Ground.ARTICLE_33_1_FIRST),
    ],
)
def test_each_ground_has_what_meets_it_breaks_it_and_stands_on_its_edge(
    told: dict[str, object], outcome: Outcome, ground: Ground | None
):
    verdict = judged(**told)
    assert verdict.outcome is outcome
    if ground is not None:
        assert verdict.ground is ground


def test_the_two_limbs_are_never_mixed_up():
    minor = judged(**FULL)
    assert findings(minor)["没有造成危害后果"] is Finding.MET
    first = judged(**{**FULL, "minor": None, "harm": Harm.SLIGHT})
    assert findings(first)["危害后果轻微"] is Finding.MET
    assert Caution.MAY_IS_DISCRETION in first.cautions
    assert Caution.MAY_IS_DISCRETION not in minor.cautions


def test_what_is_not_told_is_unknown_and_what_is_judged_is_the_officers():
    assert findings(judged()) == {
        "初次违法": Finding.UNKNOWN,
        "危害后果轻微": Finding.UNKNOWN,
        "及时改正": Finding.UNKNOWN,
        "违法行为轻微": Finding.OFFICER,
    }


def test_the_other_limb_is_named_while_it_may_still_help():
    verdict = judged(**{**FULL, "minor": None})
    assert findings(verdict)["违法行为轻微"] is Finding.OFFICER
    assert Caution.OTHER_LIMB_MINOR in verdict.cautions
    assert "违法行为轻微" not in findings(judged(**{**FULL, "minor": False}))


def test_the_fact_that_decides_most_is_asked_first():
    assert judged().missing == ("corrected", "harm", "first_offence")
    assert judged(corrected=Correction.IN_TIME).missing[0] == "harm"
    assert judged(corrected=Correction.IN_TIME, harm=Harm.NONE).missing == ("first_offence",)


def test_nothing_is_asked_once_it_cannot_help():
    assert judged(harm=Harm.SERIOUS).missing == ()
    assert judged(**FULL).missing == ()


def test_correction_still_to_come_is_named_as_the_way_back():
    verdict = judged(first_offence=True, harm=Harm.NONE, corrected=Correction.NOT_YET)
    assert verdict.outcome is Outcome.CONDITIONS_NOT_MET
    assert Caution.CORRECT_NOW in verdict.cautions
    refused = judged(corrected=Correction.REFUSED)
    assert Caution.REFUSAL_IS_PENALISED in refused.cautions


def test_not_being_on_a_list_is_never_a_reason():
    assert Caution.NOT_ON_LIST in judged(harm=Harm.SERIOUS).cautions


def test_a_lighter_penalty_is_kept_in_sight_while_exemption_is_open():
    verdict = judged(mitigations=frozenset({Mitigation.HARM_REMOVED}))
    assert verdict.outcome is Outcome.NEEDS_FACTS
    assert verdict.at_least is Outcome.LIGHTER
    assert Caution.LIGHTER_REMAINS in verdict.cautions
    assert ClauseRef("apl2021", "第三十二条/（一）") in verdict.citations


def test_time_passed_is_named_even_where_something_better_is_met():
    verdict = judged(**{**FULL, "minor": None, "time_since_act_years": 3})
    assert verdict.outcome is Outcome.MAY_BE_EXEMPT
    assert Caution.TIME_BAR in verdict.cautions


def test_an_act_before_the_present_law_is_flagged():
    told = Situation(time_since_act_years=6)
    assert Caution.OLD_ACT_OLD_LAW in assess(told, on=date(2026, 11, 22)).cautions
    assert Caution.OLD_ACT_OLD_LAW not in assess(told, on=date(2036, 11, 22)).cautions


def test_facts_that_conflict_are_judged_by_the_worse_and_named():
    verdict = judged(**{**FULL, "refused_correction": True})
    assert verdict.outcome is Outcome.CONDITIONS_NOT_MET
    assert Caution.FACTS_CONFLICT in verdict.cautions


def test_every_verdict_cites_its_ground_first_and_says_it_is_a_pre_check():
    for told in ({}, FULL, {"age": 12}, {"harm": Harm.SERIOUS}, {"time_since_act_years": 4}):
        verdict = judged(**told)
        assert verdict.conditions
        assert verdict.citations[0] == verdict.conditions[0].citation
        assert len(set(verdict.citations)) == len(verdict.citations)
        assert Caution.PRE_CHECK in verdict.cautions


def test_an_exemption_brings_education_and_leaves_liability():
    verdict = judged(**FULL)
    assert ClauseRef("apl2021", "第三十三条/第三款") in verdict.citations
    assert {Caution.EXEMPT_NOT_LIABLE, Caution.EDUCATION_FOLLOWS} <= set(verdict.cautions)


def test_the_programme_is_reported_beside_the_outcome():
    zhanhe = load_programmes()["河南省/平顶山市/湛河区"]
    told = Situation(**{**FULL, "minor": None, "sectors": ("food",)})
    with_bar, without = assess(told, (), zhanhe), assess(told)
    assert with_bar.programme.excluded is True
    assert with_bar.programme.citation == ClauseRef("zhanhe", "二/（一）")
    assert (with_bar.outcome, with_bar.ground) == (without.outcome, without.ground)
    assert ClauseRef("zhanhe", "二/（一）") in with_bar.citations
    assert Caution.PROGRAMME_IS_SEPARATE in with_bar.cautions


def test_exploiting_an_emergency_brings_article_49():
    panjin = load_programmes()["辽宁省/盘锦市"]
    verdict = assess(Situation(emergency_exploited=True), (), panjin)
    assert verdict.programme.citation == ClauseRef("panjin", "二/（四）")
    assert ClauseRef("apl2021", "第四十九条") in verdict.citations
    assert Caution.EMERGENCY_IS_HEAVIER in verdict.cautions


def test_article_49_is_cited_even_where_no_region_is_known():
    assert ClauseRef("apl2021", "第四十九条") in judged(emergency_exploited=True).citations


def test_a_crime_cites_the_transfer_of_law_and_notice():
    panjin = load_programmes()["辽宁省/盘锦市"]
    verdict = assess(Situation(suspected_crime=True), (), panjin)
    assert verdict.citations == (ClauseRef("apl2021", "第二十七条/第一款"), ClauseRef("panjin", "二/（四）"))
    assert verdict.cautions == (Caution.CRIME_GOES_TO_POLICE,)


def test_the_regions_own_clause_on_exemption_is_cited_where_its_notice_reaches_the_case():
    luan = load_programmes()["安徽省/六安市"]
    own = assess(Situation(sectors=("city_appearance",)), (), luan)
    assert ClauseRef("luan", "四/（一）") in own.citations
    other = assess(Situation(sectors=("food",)), (), luan)
    assert ClauseRef("luan", "四/（一）") not in other.citations
    assert not other.programme.applies


FIRST = ListOutcome.FIRST_OFFENCE_EXEMPT
HERE = "浙江省/舟山市"


def item(conditions: str, outcome: ListOutcome = FIRST, **more: object) -> ListItem:
    told = {"region": HERE, "field": "城市管理", **more}
    return ListItem("l1", "1", "未悬挂标志", outcome, parse_conditions(conditions), **told)  # type: ignore[arg-type]


def listed(one: ListItem, **told: object) -> Verdict:
    situation = Situation(**{"sectors": ("city_appearance",), **told})  # type: ignore[arg-type]
    return assess(situation, [one], region=HERE)


def test_a_first_offence_list_means_may_unless_it_says_otherwise():
    one = item("危害后果轻微；及时改正")
    told = {"first_offence": True, "harm": Harm.SLIGHT, "corrected": Correction.IN_TIME}
    assert listed(one, **told).outcome is Outcome.MAY_BE_EXEMPT
    assert listed(item("危害后果轻微；及时改正", mandatory=True), **told).outcome is Outcome.SHALL_BE_EXEMPT


def test_a_first_offence_list_demands_a_first_offence_even_unsaid():
    verdict = listed(item("危害后果轻微；及时改正"), first_offence=False, harm=Harm.SLIGHT)
    assert verdict.considered[0].finding is Finding.NOT_MET
    assert verdict.considered[0].conditions[-1].condition == "初次违法"


def test_a_lists_own_look_back_counts_and_not_another():
    one = item("12个月内首次被发现；及时改正；没有造成危害后果", ListOutcome.SHALL_BE_EXEMPT)
    told = {"first_offence": False, "harm": Harm.NONE, "corrected": Correction.IN_TIME, "minor": False}
    assert listed(one, **told, repeat_within_months=20).ground is Ground.LIST_ITEM
    assert listed(one, **told, repeat_within_months=6).outcome is Outcome.CONDITIONS_NOT_MET
    assert listed(one, **told).missing == ("repeat_within_months",)


def test_an_item_that_fails_leaves_the_statute_to_be_tried():
    one = item("不超过3处；及时改正", ListOutcome.SHALL_BE_EXEMPT)
    told = {"first_offence": True, "harm": Harm.SLIGHT, "corrected": Correction.IN_TIME}
    verdict = listed(one, **told, quantity=(Quantity(8, "处"),))
    assert (verdict.outcome, verdict.ground) == (Outcome.MAY_BE_EXEMPT, Ground.ARTICLE_33_1_FIRST)
    assert verdict.item is None
    assert verdict.considered[0].finding is Finding.NOT_MET


def test_an_item_may_still_do_better_than_the_statute_and_says_what_is_missing():
    one = item("不超过3处；及时改正", ListOutcome.SHALL_BE_EXEMPT)
    told = {"first_offence": True, "harm": Harm.SLIGHT, "corrected": Correction.IN_TIME}
    verdict = listed(one, **told)
    assert (verdict.outcome, verdict.missing) == (Outcome.MAY_BE_EXEMPT, ("quantity",))


def test_a_commitment_letter_is_neither_a_gate_nor_enough():
    told = {"first_offence": True, "harm": Harm.NONE, "corrected": Correction.IN_TIME}
    unsigned = (("签订承诺书", False),)
    verdict = listed(item("危害后果轻微；及时改正；签订承诺书"), **told, told=unsigned)
    assert verdict.outcome is Outcome.MAY_BE_EXEMPT
    assert Caution.COMMITMENT_IS_NO_GATE in verdict.cautions
    alone = item("签订承诺书", ListOutcome.SHALL_BE_EXEMPT)
    assert listed(alone, told=(("签订承诺书", True),)).considered[0].finding is Finding.OFFICER
    joined = item("及时改正，并承诺不再实施", ListOutcome.SHALL_BE_EXEMPT)
    assert listed(joined, **told).ground is Ground.LIST_ITEM


def test_printed_conditions_that_no_fact_covers_are_left_open_for_an_answer():
    one = item("及时改正；没有违法所得", ListOutcome.SHALL_BE_EXEMPT)
    told = {"first_offence": False, "minor": False, "corrected": Correction.IN_TIME, "harm": Harm.SLIGHT}
    verdict = listed(one, **told)
    assert verdict.outcome is Outcome.OFFICER_DECIDES
    assert verdict.open_conditions == ("没有违法所得",)
    assert listed(one, **told, told=(("没有违法所得", True),)).outcome is Outcome.SHALL_BE_EXEMPT
    assert listed(one, **told, told=(("没有违法所得", False),)).outcome is Outcome.CONDITIONS_NOT_MET


def test_an_untyped_condition_leaves_the_item_to_the_officer():
    untyped = (Condition("与本地产业方向一致"),)
    one = ListItem("l1", "1", "甲", ListOutcome.SHALL_BE_EXEMPT, untyped, region=HERE)
    assert listed(one).considered[0].finding is Finding.OFFICER


@pytest.mark.parametrize(
    ("place", "used"),
    [
        ("浙江省/舟山市", True),
        ("浙江省", True),
        ("全国", True),
        ("上海市、浙江省", True),
        ("河南省/平顶山市/湛河区", False),
        ("浙江省/舟山市/定海区", False),
    ],
)
def test_a_list_of_another_region_is_never_used(place: str, used: bool):
    verdict = listed(item("及时改正", region=place), first_offence=True, corrected=Correction.IN_TIME)
    assert bool(verdict.considered) is used


def test_a_list_of_another_field_is_never_used_on_a_likeness_of_words():
    told = {"first_offence": True, "harm": Harm.NONE, "corrected": Correction.IN_TIME}
    tax = item("危害后果轻微；及时改正", mandatory=True, field="税务", region="全国")
    assert listed(tax, **told).considered == ()
    assert assess(Situation(**told), [tax]).considered == ()  # type: ignore[arg-type]
    assert assess(Situation(**told), [tax], sure=[tax.ref]).ground is Ground.LIST_ITEM  # type: ignore[arg-type]
    assert assess(Situation(**told), [tax], department="税务局").ground is Ground.LIST_ITEM  # type: ignore[arg-type]


def test_a_special_rule_on_absence_of_fault_is_named_before_the_general_one():
    one = item("有证据足以证明没有主观过错", ListOutcome.MAY_BE_EXEMPT)
    verdict = listed(one, fault=Fault.NONE_PROVABLE, harm=Harm.SERIOUS)
    assert (verdict.outcome, verdict.ground) == (Outcome.OFFICER_DECIDES, Ground.LIST_ITEM)
    assert Caution.PROVE_NO_FAULT in verdict.cautions


def test_lighter_and_mitigating_lists_are_kept_apart():
    told = {"harm": Harm.SERIOUS, "quantity": (Quantity(100, "立方米"),)}
    for outcome, expected in (
        (ListOutcome.LIGHTER, Outcome.LIGHTER),
        (ListOutcome.MITIGATED, Outcome.MITIGATED),
    ):
        verdict = listed(item("取土在200立方米以下", outcome), **told)
        assert (verdict.outcome, verdict.ground) == (expected, Ground.LIST_ITEM)


def test_a_lighter_list_that_waits_for_a_number_asks_for_it():
    verdict = listed(item("取土在200立方米以下", ListOutcome.LIGHTER), harm=Harm.SERIOUS)
    assert (verdict.outcome, verdict.missing) == (Outcome.NEEDS_FACTS, ("quantity",))


def test_every_caution_has_words_in_both_languages_and_none_promises():
    assert set(caution_wording()) == {c.value for c in Caution}
    for wording in caution_wording().values():
        assert wording["zh"].endswith("。")
        assert wording["en"].endswith((".", "!"))
        assert not any(word in wording["zh"] for word in ("一定不罚", "肯定", "保证不", "必然不罚的"))


def _statute_sections() -> set[str]:
    return {
        value.section
        for name, value in vars(grounds).items()
        if isinstance(value, ClauseRef) and not name.startswith("_")
    }


def test_every_article_cited_stands_in_the_statute_that_ships():
    law = next(e for e in starter_editions() if e.instrument == "apl2021")
    assert _statute_sections() <= {c.section for c in law.clauses}


def test_paragraphs_cited_are_those_of_the_real_statute():
    folder = shared_folder()
    if folder is None:
        pytest.skip("the statutes beside the checkout are absent")
    articles: dict[str, int] = {}
    with gzip.open(folder / "training" / "laws_articles.jsonl.gz", "rt", encoding="utf-8") as lines:
        for row in (json.loads(line) for line in lines if "中华人民共和国行政处罚法" in line):
            if row["law"] == "中华人民共和国行政处罚法":
                paragraphs = [p for p in row["text"].split("\n") if not p.startswith("（")]
                articles[row["no"]] = len(paragraphs)
    order = "一二三四五"
    for section in _statute_sections():
        article, _, paragraph = section.partition("/")
        if paragraph:
            assert order.index(paragraph[1]) < articles[article]
        else:
            assert articles[article] == 1
