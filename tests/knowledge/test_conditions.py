"""Printed conditions become typed ones, as a whole phrase or not at all."""

import pytest

from knowledge.exemption import ListItem
from knowledge.parse.conditions import parse_condition, parse_conditions, typed_share
from knowledge.parse.meanings import meanings
from knowledge.parse.table import parse_list
from knowledge.predicate import (
    ActMinor,
    AgeIs,
    AllOf,
    AmountAtMost,
    AnyOf,
    Appraisal,
    Appraised,
    Attestation,
    Attested,
    Basis,
    Corrected,
    DurationAtMost,
    FirstOffence,
    HarmIs,
    Incapacity,
    Lookback,
    MitigatedBy,
    NoFault,
    OtherGround,
    Predicate,
    QuantityAtMost,
    Scope,
    Term,
    TimeBar,
    leaves,
)
from knowledge.situation import Harm, Mitigation
from tests import shared_folder


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("初次违法", FirstOffence()),
        ("系首次违法", FirstOffence()),
        ("首次被发现", FirstOffence(Basis.DISCOVERED)),
        ("首次被执法机关查处", FirstOffence(Basis.PENALISED)),
        ("12个月内首次被发现", FirstOffence(Basis.DISCOVERED, window_months=12)),
        ("两年内初次违法", FirstOffence(window_months=24)),
        ("此前未发生涉烟违法行为", FirstOffence(scope=Scope.SAME_SECTOR)),
        ("二年内未就该事项被查处", Lookback(24)),
        ("一年内无违反同一规定查处记录", Lookback(12, scope=Scope.SAME_RULE)),
        ("违法行为在两年内未被发现", TimeBar(2)),
        ("违法情节轻微", ActMinor()),
        ("情节显著轻微", ActMinor(markedly=True)),
        ("没有造成危害后果", HarmIs(Harm.NONE)),
        ("危害后果轻微", HarmIs(Harm.SLIGHT)),
        ("没有造成危害后果或者危害后果轻微", HarmIs(Harm.SLIGHT)),
        ("未造成严重后果", HarmIs(Harm.SLIGHT)),
        ("不影响系统功能", HarmIs(Harm.NONE, "系统功能")),
        ("未造成环境污染", HarmIs(Harm.NONE, "环境污染")),
        ("没有主观故意", NoFault(provable=False)),
        ("有证据足以证明没有主观过错", NoFault()),
        ("货值不足500元", AmountAtMost(500, strict=True)),
        ("违法所得1万元以下", AmountAtMost(10_000)),
        ("人均收取金额不超过二百元", AmountAtMost(200, per="人均")),
        ("不超过3处", QuantityAtMost(3, "处")),
        ("涉及劳动者两人以下", QuantityAtMost(2, "人")),
        ("占用宽度未超过总宽度的20%", QuantityAtMost(20, "%")),
        ("每楼层不超过1个", QuantityAtMost(1, "个", per="每楼层")),
        ("超标倍数小于0.1倍", QuantityAtMost(0.1, "倍", strict=True)),
        ("逾期不超过3个月", DurationAtMost(90)),
        ("持续时间未满六个月", DurationAtMost(180, strict=True)),
        ("不满十四周岁", AgeIs(0, 14)),
        ("已满十四周岁不满十八周岁", AgeIs(14, 18)),
        ("受他人胁迫或者诱骗", MitigatedBy(Mitigation.COERCED)),
        ("配合行政机关查处违法行为有立功表现", MitigatedBy(Mitigation.MERIT)),
        ("精神病人不能辨认或者不能控制自己行为", Incapacity()),
        ("其他法定免予处罚情形", OtherGround()),
    ],
)
def test_a_phrase_says_what_it_means(text: str, meaning: Predicate):
    assert parse_condition(text) == meaning


@pytest.mark.parametrize(
    ("text", "correction"),
    [
        ("及时改正", Corrected()),
        ("责令限期改正后及时改正", Corrected()),
        ("当场改正", Corrected(Term.ON_THE_SPOT)),
        ("立行立改", Corrected(Term.AT_ONCE)),
        ("违法行为人立即纠正", Corrected(Term.AT_ONCE)),
        ("在责令限期改正的期限内改正", Corrected(Term.IN_PERIOD)),
        ("自行改正或者在责令改正的期限内改正", Corrected(Term.IN_PERIOD)),
        ("在税务机关发现前主动改正或者在责令限期改正的期限内改正", Corrected(Term.IN_PERIOD)),
        ("在税务机关发现前主动改正", Corrected(Term.OWN_MOTION)),
        ("能在责令改正前及时改正", Corrected(Term.BEFORE_ORDER)),
        ("5日内整改", Corrected(Term.WITHIN_DAYS, 5)),
        ("责令改正后5个工作日内完成整改", Corrected(Term.WITHIN_DAYS, 5, True, "责令改正后")),
        ("自检查发现之日起10日内完成整改", Corrected(Term.WITHIN_DAYS, 10, False, "检查发现")),
    ],
)
def test_correction_keeps_its_term(text: str, correction: Corrected):
    assert parse_condition(text) == correction


@pytest.mark.parametrize(
    ("text", "about"),
    [
        ("没有违法所得", Attestation.NO_ILLEGAL_GAIN),
        ("签订《首次违法改正承诺书》", Attestation.COMMITMENT),
        ("积极配合调查", Attestation.COOPERATION),
        ("未被列入严重失信主体名单", Attestation.CREDIT_CLEAN),
        ("3年内未发生过人员死亡的生产安全事故", Attestation.NO_ACCIDENT),
        ("非高危生产经营单位", Attestation.NOT_SUBJECT),
        ("处于施工初期", Attestation.STAGE),
        ("已取得批准文号", Attestation.CREDENTIAL),
    ],
)
def test_what_no_fact_covers_can_still_be_answered_by_yes_or_no(text: str, about: Attestation):
    found = parse_condition(text)
    assert isinstance(found, Attested)
    assert found.about is about


def test_a_combined_text_is_split_at_its_joints():
    assert parse_condition("首次被发现且违法情节轻微") == AllOf((FirstOffence(Basis.DISCOVERED), ActMinor()))
    assert parse_condition("初次违法且危害后果轻微并及时改正") == AllOf(
        (FirstOffence(), HarmIs(Harm.SLIGHT), Corrected())
    )


def test_two_numbers_joined_by_and_both_bind():
    assert parse_condition("数量不超过30公斤且违法金额不超过1000元") == AllOf(
        (QuantityAtMost(30, "公斤"), AmountAtMost(1000))
    )


def test_two_numbers_joined_by_or_are_alternatives():
    assert parse_condition("金额200元以内或收取物品3人以内") == AnyOf(
        (AmountAtMost(200), QuantityAtMost(3, "人"))
    )


def test_an_any_of_group_is_one_condition():
    (group,) = parse_conditions("符合之一：二年内未被发现／轻微并及时改正，没有造成危害后果／其他法定情形")
    assert isinstance(group.predicate, AnyOf)
    assert group.predicate.parts == (
        TimeBar(2),
        AllOf((AllOf((ActMinor(), Corrected())), HarmIs())),
        OtherGround(),
    )


def test_an_any_of_group_may_follow_conditions_that_bind_in_any_case():
    conditions = parse_conditions("违法数额占应报数额10%以下；并符合下列之一：情节轻微／初次违法")
    assert [type(c.predicate) for c in conditions] == [QuantityAtMost, AnyOf]


def test_numbered_alternatives_under_one_lead_in_are_one_group():
    (group,) = parse_conditions("符合下列情形之一的：\n1.当场改正；\n2.危害后果轻微且初次违法。")
    assert group.predicate == AnyOf(
        (Corrected(Term.ON_THE_SPOT), AllOf((HarmIs(Harm.SLIGHT), FirstOffence())))
    )


@pytest.mark.parametrize(
    "text",
    [
        "初次违法；危害后果轻微；及时改正",
        "同时符合下列条件：1.初次违法；2.危害后果轻微；3.及时改正。",
        "（需同时满足）初次违法；危害后果轻微；及时改正",
        "（1）初次违法\n（2）危害后果轻微\n（3）及时改正",
        "①初次违法；②危害后果轻微；③及时改正",
    ],
)
def test_numbering_and_lead_ins_carry_no_meaning_of_their_own(text: str):
    assert [c.predicate for c in parse_conditions(text)] == [
        FirstOffence(),
        HarmIs(Harm.SLIGHT),
        Corrected(),
    ]


def test_a_remark_in_brackets_neither_splits_nor_changes_a_condition():
    (only,) = parse_conditions("有证据足以证明没有主观过错（法律另有规定的除外；从其规定）")
    assert only.predicate == NoFault()


def test_a_number_without_a_limiting_word_is_no_limit():
    assert parse_condition("涉案3处") is None


def test_what_cannot_be_typed_stays_text_for_the_officer():
    assert parse_condition("与本地产业政策方向一致") is None
    assert parse_conditions("与本地产业政策方向一致")[0].text == "与本地产业政策方向一致"


def test_an_untyped_part_of_a_typed_condition_is_the_officers():
    found = parse_condition("情节轻微且与本地产业政策方向一致")
    assert found == AllOf((ActMinor(), Appraised(Appraisal.TEXT, "与本地产业政策方向一致")))


def test_harm_done_is_never_read_as_harm_absent():
    for text in ("造成危害后果", "造成严重后果", "已造成环境污染"):
        found = parse_condition(text)
        assert not any(isinstance(leaf, HarmIs) for leaf in (leaves(found) if found else ()))


@pytest.mark.parametrize("text", ["未在规定期限内改正", "不及时改正", "责令后仍未改正", "未主动消除危害后果"])
def test_a_denied_correction_is_never_read_as_a_correction(text: str):
    assert parse_condition(text) is None


def test_a_remark_may_define_the_first_offence_of_its_condition():
    found = parse_condition("初次违法（两年内同一违法行为首次被发现）")
    assert found == FirstOffence(Basis.DISCOVERED, window_months=24)


def test_a_very_long_phrase_is_left_to_the_officer_at_once():
    assert parse_condition("及时" * 5000) is None


def test_empty_text_makes_no_condition():
    assert parse_conditions("") == ()
    assert parse_conditions("；；\n（）") == ()


def test_every_pattern_is_a_valid_expression():
    assert len(meanings()) > 50


def _shared_items() -> list[ListItem]:
    folder = shared_folder()
    if folder is None:
        pytest.skip("the lists beside the checkout are absent")
    files = sorted((folder / "lists").glob("*.csv"))
    return [item for file in files for item in parse_list(file.read_bytes(), file.name).items]


def test_conditions_of_real_lists_stay_typed():
    typed, whole = typed_share(_shared_items())
    assert typed >= 0.99
    assert whole >= 0.98


def test_real_conditions_by_kind_are_as_many_as_counted_by_hand():
    """Lower bounds near the counts of a hand survey of the same lists, so that no kind is lost unseen."""
    items = _shared_items()

    def having(*kinds: type[Predicate]) -> int:
        found = (
            [leaf for c in item.conditions if c.predicate for leaf in leaves(c.predicate)] for item in items
        )
        return sum(any(isinstance(leaf, kinds) for leaf in item) for item in found)

    assert having(FirstOffence) >= 115
    assert having(HarmIs) >= 165
    assert having(Corrected) >= 195
    assert having(ActMinor) >= 30
    assert having(NoFault) >= 12
    assert having(TimeBar) >= 8
    assert having(QuantityAtMost, AmountAtMost, DurationAtMost) >= 35
    assert having(AgeIs, Incapacity) >= 8


def test_a_phrase_that_begins_with_or_is_an_alternative_and_no_further_condition():
    (condition,) = parse_conditions("初次违法；危害后果轻微；或者主动消除危害后果")
    assert isinstance(condition.predicate, AnyOf)
    assert condition.text == "初次违法；危害后果轻微；或者主动消除危害后果"
    assert len(condition.predicate.parts) == 2
