"""What a typed condition means is said in words; and what a file is called that brings no id."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy.orm import Session

from knowledge import predicate as typed
from knowledge.parse.conditions import parse_conditions
from knowledge.situation import Harm, Mitigation
from portal.library.desk.intake.recognising import recognise
from portal.library.meaning import meaning
from portal.library.models import Origin
from portal.library.readings import text_of
from portal.library.record import keep_edition
from portal.wording import Language, wording

from .small import make_notice

ZH, EN = wording(Language.CHINESE), wording(Language.ENGLISH)
EVERY = (
    *(typed.FirstOffence(basis, scope) for basis in typed.Basis for scope in typed.Scope),
    *(typed.FirstOffence(territory=place) for place in ("agency", "city", "province", "nation")),
    typed.FirstOffence(window_months=24, since_list=True, counts_prior_exemption=True),
    typed.Lookback(12),
    typed.TimeBar(),
    typed.ActMinor(),
    typed.ActMinor(markedly=True),
    *(typed.HarmIs(harm) for harm in Harm),
    typed.HarmIs(aspect="影响交通"),
    *(typed.Corrected(term) for term in typed.Term),
    typed.Corrected(typed.Term.WITHIN_DAYS, 15, working_days=True),
    typed.Corrected(typed.Term.WITHIN_HOURS, hours=24),
    typed.NoFault(),
    typed.NoFault(provable=False),
    typed.AmountAtMost(500),
    typed.AmountAtMost(500, strict=True, per="人"),
    typed.QuantityAtMost(3, "处"),
    typed.QuantityAtMost(3, "处", strict=True),
    typed.DurationAtMost(30),
    typed.DurationAtMost(30, strict=True),
    *(typed.DoneByDate(deed, date(2025, 6, 30), limit) for deed in typed.Deed for limit in typed.LimitDay),
    *(typed.BusinessAgeAtMost(start, 90, strict) for start in typed.Start for strict in (True, False)),
    typed.AgeIs(),
    typed.Incapacity(),
    *(typed.MitigatedBy(ground) for ground in Mitigation),
    *(typed.Attested(about, "签订承诺书") for about in typed.Attestation),
    *(typed.Appraised(about, "风险可控") for about in typed.Appraisal),
    typed.OtherGround(),
    typed.AllOf((typed.ActMinor(), typed.NoFault())),
    typed.AnyOf((typed.ActMinor(), typed.NoFault())),
)


def test_every_kind_of_condition_has_its_words_in_both_languages():
    kinds = {kind.__name__ for kind in typed.Predicate.__subclasses__()}
    assert {type(predicate).__name__ for predicate in EVERY} == kinds
    for words in (ZH, EN):
        assert all(meaning(predicate, words).strip() for predicate in EVERY)
        assert all("{" not in meaning(predicate, words) for predicate in EVERY)


@pytest.mark.parametrize(
    ("printed", "words"),
    [
        ("初次违法", "以前没有同一事项的违法发生"),
        ("及时改正", "已及时改正"),
        ("三日内改正", "3 日内改正"),
        ("24小时内改正", "24 小时内改正"),
        ("30分钟内改正", "0.5 小时内改正"),
        ("没有造成危害后果", "没有造成危害后果"),
        ("违法所得不足500元", "金额不满 500 元"),
        ("2025年6月30日前改正", "在2025年6月30日前改正（当日算不算，由执法机关判断）"),
        ("开业未满六个月", "开业不满 180 日"),
        ("说不清的情形", "由执法机关判断"),
    ],
)
def test_a_printed_condition_is_said_back_as_it_was_understood(printed: str, words: str):
    (condition,) = parse_conditions(printed)
    assert meaning(condition.predicate, ZH) == words


def test_two_parts_are_joined_and_notes_stand_in_brackets():
    assert meaning(EVERY[-2], ZH) == "违法行为轻微，并且有证据证明没有主观过错"
    first = typed.FirstOffence(window_months=24, since_list=True)
    assert meaning(first, ZH) == "24 个月内没有同一事项的违法发生（从清单施行之日起算）"


def proposed(session: Session, text: str) -> str:
    return recognise(session, text_of("a.txt", f"{text}\n一、总则。\n二、附则。\n".encode()))["instrument"]


def test_an_id_is_made_of_region_year_and_number_and_is_free(session: Session):
    assert proposed(session, "六安市柔性执法办法\n六政办〔2026〕12号") == "luan-2026-12"
    keep_edition(session, make_notice("luan-2026-12", "全国"), origin=Origin.EDITOR, author="x")
    assert proposed(session, "六安市柔性执法办法\n六政办〔2026〕12号") == "luan-2026-12-2"
    assert proposed(session, "六安市柔性执法办法") == "luan"
    assert proposed(session, "关于推行柔性执法的办法") == "document"


def test_another_edition_of_a_document_keeps_its_id(session: Session):
    assert proposed(session, "湛河区柔性执法 办法\n湛政办〔2026〕12号") == "zhanhe"
    assert proposed(session, "舟山市全面推行柔性执法办法\n试政发〔2021〕1号") == "zhoushan"


def test_a_list_is_named_by_its_issuer_and_never_after_a_notice(session: Session):
    table = "湛河区柔性执法办法\n序号,违法行为,适用条件\n1,乱贴广告,及时改正\n"
    assert recognise(session, text_of("a.csv", table.encode()))["instrument"] == "zhanhe-list"
    table = "湛河区城市管理局免罚清单（2025-03-01起施行）\n序号,违法行为,适用条件\n1,乱贴广告,及时改正\n"
    told = recognise(session, text_of("a.csv", table.encode()))
    assert (told["issuer"], told["department"]) == ("湛河区城市管理局", "城市管理局")
    assert told["in_force_from"] == str(date(2025, 3, 1))
    assert told["instrument"] == "zhanhe-list-2025"
