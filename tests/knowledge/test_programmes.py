"""What each region's notice bars, with the clause that says so, and nothing that no clause says."""

import dataclasses
import re

import pytest

from knowledge.clause import ClauseRef
from knowledge.programme import Programme, load_programmes
from knowledge.sector import load_sectors
from knowledge.situation import Situation
from knowledge.starter import starter_editions
from tests import shared_folder

ZHANHE, ZHOUSHAN, QIANJIANG, PANJIN, LUAN = (
    "河南省/平顶山市/湛河区",
    "浙江省/舟山市",
    "重庆市/黔江区",
    "辽宁省/盘锦市",
    "安徽省/六安市",
)


def _refs(programme: Programme) -> dict[str, ClauseRef]:
    refs: dict[str, ClauseRef] = {}
    for field in dataclasses.fields(programme):
        value = getattr(programme, field.name)
        if isinstance(value, ClauseRef):
            refs[field.name] = value
        elif field.name.endswith("_sectors"):
            refs.update({f"{field.name}:{sector}": ref for sector, ref in value.items()})
    return refs


def test_every_clause_named_stands_in_the_notice_that_ships():
    sections = {e.instrument: {c.section for c in e.clauses} for e in starter_editions()}
    for programme in load_programmes().values():
        for name, ref in _refs(programme).items():
            assert ref.section in sections[ref.document], (programme.region, name, ref)


def test_every_sector_named_exists():
    for programme in load_programmes().values():
        named = {*programme.barred_sectors, *programme.strict_sectors, *programme.sectors}
        assert named <= set(load_sectors())


@pytest.mark.parametrize(
    ("document", "words"),
    [
        ("zhanhe", ["食品药品安全", "安全生产", "生态环境", "突发事件实施违法行为的，不适用柔性执法"]),
        ("panjin", ["食品药品", "劳动保障", "城乡规划", "不适用柔性执法", "依法严厉查处"]),
        ("qianjiang", ["不得强制或变相强制", "不适用柔性执法"]),
        ("luan", ["免于行政处罚告知承诺制", "无主观恶意"]),
        ("zhoushan", ["对不予处罚清单未作出规定", "应当准许"]),
    ],
)
def test_the_rules_rest_on_words_of_the_real_notices(document: str, words: list[str]):
    folder = shared_folder()
    if folder is None:
        pytest.skip("the notices beside the checkout are absent")
    text = re.sub(r"\s", "", (folder / "notices" / f"{document}.txt").read_text(encoding="utf-8"))
    assert all(word in text for word in words)


def _bar(region: str, **told: object) -> tuple[bool | None, str]:
    found = load_programmes()[region].bar(Situation(**told))  # type: ignore[arg-type]
    return found.excluded, found.citation.section if found.citation else ""


def test_zhanhe_bars_whole_fields():
    assert _bar(ZHANHE, sectors=("food",)) == (True, "二/（一）")
    assert _bar(ZHANHE, sectors=("tax", "fire")) == (True, "二/（一）")
    assert _bar(ZHANHE, sectors=("city_appearance",), emergency_exploited=False) == (False, "")


def test_zhanhe_bars_exploiting_an_emergency_not_offending_during_one():
    assert _bar(ZHANHE, sectors=("price",), emergency_exploited=True) == (True, "一/（三）/4")
    assert _bar(ZHANHE, sectors=("price",))[0] is None


def test_panjin_is_strict_in_its_key_fields_and_does_not_bar_them():
    finding = load_programmes()[PANJIN].bar(
        Situation(sectors=("food",), emergency_exploited=False, high_risk=False)
    )
    assert finding.excluded is False
    assert finding.strict == ClauseRef("panjin", "二/（四）")


def test_panjin_and_qianjiang_bar_what_is_risky_or_beyond_repair():
    assert _bar(PANJIN, sectors=("market",), high_risk=True) == (True, "二/（四）")
    assert _bar(QIANJIANG, sectors=("statistics",), high_risk=True) == (True, "三/（三）")
    assert _bar(ZHANHE, sectors=("market",), high_risk=True, emergency_exploited=False) == (False, "")


def test_zhoushan_and_luan_bar_nothing():
    assert _bar(ZHOUSHAN, sectors=("food",), emergency_exploited=True, high_risk=True) == (False, "")
    assert _bar(LUAN, sectors=("city_appearance",)) == (False, "")


@pytest.mark.parametrize(
    ("region", "own", "other"), [(QIANJIANG, "statistics", "food"), (LUAN, "city_appearance", "tax")]
)
def test_a_notice_of_one_department_does_not_reach_another(region: str, own: str, other: str):
    programme = load_programmes()[region]
    assert programme.bar(Situation(sectors=(own,))).applies
    assert programme.bar(Situation()).applies
    outside = programme.bar(Situation(sectors=(other,)))
    assert not outside.applies
    assert outside.excluded is None
    assert not programme.bar(Situation(), department="税务局").applies


def test_what_could_still_exclude_the_case_is_named():
    assert load_programmes()[PANJIN].bar(Situation(sectors=("market",))).missing == (
        "emergency_exploited",
        "high_risk",
    )


def test_withdrawal_is_a_rule_only_where_a_notice_states_it():
    stated = {p.document for p in load_programmes().values() if p.withdrawal}
    assert stated == {"zhanhe", "zhoushan"}
    assert {p.document for p in load_programmes().values() if p.ordinary_procedure} == {"zhoushan"}
