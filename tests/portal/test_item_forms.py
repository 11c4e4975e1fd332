"""What a form makes of an item and of a case is what it was made from; every kind and fact has its words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date

import pytest

from knowledge.exemption import Condition, ListItem, Outcome
from knowledge.item_case import ItemCase, NoProposal, case_key, propose_cases
from knowledge.parse.conditions import parse_conditions
from knowledge.predicate import (
    Appraisal,
    Attestation,
    Basis,
    FirstOffence,
    Incapacity,
    Lookback,
    MitigatedBy,
    NoFault,
    Predicate,
    QuantityAtMost,
    Scope,
    Term,
)
from knowledge.situation import Correction, Fault, Harm, Mitigation, Quantity, Situation
from knowledge.told_day import ToldDay
from portal.errors import FieldErrors, table
from portal.library.desk.items.case_form import CaseForm, all_facts, near_facts
from portal.library.desk.items.cases import CaseGap, Standing
from portal.library.desk.items.form import LIMITS, ItemForm
from portal.library.desk.items.form_fields import as_shown, sent_fields
from portal.library.desk.items.predicate_form import GROUPS, JOINED, KINDS, PredicateForm, kind_fields
from portal.library.desk.items.typed_fields import Input, TypedField, WrongField, read
from portal.library.desk.items.words import item_lines, predicate_words, situation_words
from portal.wording import Language, wording
from tests.knowledge.test_assess_lists import ITEMS

from .desk import imported_list

ONE = imported_list().items[0]
BOTH = tuple(Language)


def sent(form: PredicateForm, path: str) -> Iterator[tuple[str, str]]:
    """What a browser sends of a typed condition."""
    yield f"{path}-kind", form.kind
    yield f"{path}-shown", form.kind
    for field in form.fields:
        if field.input is not Input.TICKED or form.typed[field.name] == "yes":
            yield f"{path}-{field.name}", form.typed[field.name]
    for n, part in enumerate(form.parts):
        yield from sent(part, f"{path}-{n}")


def sent_item(form: ItemForm) -> dict[str, str]:
    told = {**form.texts, "outcome": form.outcome, **({"mandatory": "yes"} if form.mandatory else {})}
    for n, condition in enumerate(form.conditions):
        told[f"c-{n}-words"] = condition.words
        told.update(sent(condition.meaning, f"c-{n}"))
    return told


def every_kind(base: type[Predicate] = Predicate) -> Iterator[type[Predicate]]:
    for kind in base.__subclasses__():
        yield kind
        yield from every_kind(kind)


@pytest.mark.parametrize("item", ITEMS, ids=lambda i: str(i.ref))
def test_every_item_of_every_list_comes_back_from_its_form_as_it_was(item: ListItem):
    form = ItemForm.of(item)
    assert all(len(form.texts[name]) <= limit for name, limit in LIMITS.items())
    again = ItemForm.sent(sent_item(form))
    assert again.build(item) == item
    assert [c.meaning.seen(f"c-{n}") for n, c in enumerate(again.conditions)] == [[]] * len(item.conditions)
    assert sent_fields(again) == {k: " ".join(v.split()) for k, v in sent_item(form).items()}


def test_a_long_text_from_a_file_stays_and_a_longer_one_is_not_typed():
    long = "长" * 600
    item = replace(ONE, benchmark=long, conditions=(*ONE.conditions, Condition(long)))
    assert ItemForm.of(item).build(item) == item
    typed = ItemForm.sent({**sent_item(ItemForm.of(item)), "benchmark": long + "长", "c-3-words": "短" * 600})
    with pytest.raises(FieldErrors) as refused:
        typed.build(item)
    assert {error.field for error in refused.value.errors} == {"benchmark", "c-3-words"}


def test_a_kind_that_was_just_chosen_is_kept_as_such_until_it_was_seen():
    told = {**sent_item(ItemForm.of(ONE)), "c-0-kind": "AnyOf", "c-1-kind": "Corrected"}
    form = ItemForm.sent(told)
    assert ItemForm.sent(sent_fields(form)) == form
    assert form.conditions[0].meaning.fresh
    seen = as_shown(form)
    assert sent_fields(ItemForm.sent(sent_fields(seen))) == sent_fields(seen)
    assert not any(condition.meaning.fresh for condition in seen.conditions)


@pytest.mark.parametrize("item", ITEMS, ids=lambda i: str(i.ref))
def test_every_proposed_case_comes_back_from_its_form_and_has_words(item: ListItem):
    for case in propose_cases(item).cases:
        form = CaseForm.of(item, case)
        again = form.build(item)
        assert (case_key(again), again.due, again.condition) == (case_key(case), case.due, case.condition)
        told = set(case.situation.known()) - {"sectors"}
        for language in BOTH:
            assert len(situation_words(case.situation, wording(language))) >= len(told)
    assert all(line for line in item_lines(item))


def test_every_kind_of_condition_is_offered_once():
    offered = [kind for kinds in GROUPS.values() for kind in kinds]
    assert len(offered) == len(set(offered))
    assert {kind.__name__ for kind in offered} == {kind.__name__ for kind in every_kind()}


@pytest.mark.parametrize("language", BOTH)
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_and_field_has_its_words(kind: str, language: Language):
    t = wording(language)
    assert t.has(f"items.kind.{kind}")
    for field in kind_fields(kind):
        assert t.has(f"items.field.{kind}.{field.name}")
        if field.input is Input.CHOICE:
            assert [c for c in field.choices if not t.has(f"items.choice.{field.name}.{c}")] == []
        elif field.input in (Input.NUMBER, Input.WHOLE, Input.DAY):
            assert t.has(f"items.field_told.{kind}.{field.name}") or kind == "QuantityAtMost"
        elif field.input is Input.TICKED:
            other = "no" if field.start == "yes" else "yes"
            assert t.has(f"items.ticked.{kind}.{field.name}.{other}")


@pytest.mark.parametrize("language", BOTH)
def test_every_value_that_a_page_may_show_has_its_words(language: Language):
    t = wording(language)
    groups: Mapping[str, object] = {
        "due_word": Outcome,
        "standing": Standing,
        "gap": CaseGap,
        "state": CaseGap,
        "no_cases": NoProposal,
        "kinds": GROUPS,
    }
    missing = [f"{g}.{v}" for g, values in groups.items() for v in values if not t.has(f"items.{g}.{v}")]  # type: ignore[attr-defined]
    assert missing == []
    for fact in all_facts():
        assert t.has(f"items.fact.{fact.name}")
    for name, values in (("harm", Harm), ("corrected", Correction), ("fault", Fault)):
        assert [v for v in values if not t.has(f"items.fact_choice.{name}.{v}")] == []


@pytest.mark.parametrize("language", BOTH)
def test_everything_that_can_be_told_at_all_is_said(language: Language):
    told = Situation(
        first_offence=False,
        harm=Harm.SERIOUS,
        corrected=Correction.NOT_YET,
        minor=False,
        fault=Fault.NEGLIGENT,
        emergency_exploited=True,
        high_risk=True,
        suspected_crime=True,
        refused_correction=True,
        repeat_within_months=3,
        amount_yuan=1.5,
        quantity=(Quantity(2, "处"),),
        duration_days=4,
        correction_days=5,
        correction_hours=6,
        acted_on=ToldDay(2025, 3),
        corrected_on=ToldDay(2025, 6, 30),
        days_since_opening=60,
        days_since_registration=90,
        age=16,
        time_since_act_years=2.5,
        incapacity=False,
        mitigations=frozenset(Mitigation),
        told=(("没有违法所得", False),),
    )
    words = situation_words(told, wording(language))
    assert len(words) == len(set(words)) == 21 + len(Mitigation) + len(("a quantity", "an answer"))


@pytest.mark.parametrize(
    ("predicate", "words"),
    [
        (FirstOffence(), "初次违法"),
        (
            FirstOffence(Basis.PENALISED, Scope.SAME_RULE, 24, True, "city", True),
            "初次违法：被处罚过，违反同一规定，24 个月以内，自清单施行起，全市，以前免罚也算一次",
        ),
        (Lookback(12), "一段时间内没有同样的事：12 个月以内"),
        (QuantityAtMost(20, "%", strict=True), "数量或者比例不超过：20 %，不含本数"),
        (NoFault(provable=False), "没有过错：没有故意就行"),
        (
            parse_conditions("2025年6月30日前改正")[0].predicate,
            "在某一天以前：改正，2025-06-30 以前，当日没有写明",
        ),
        (
            parse_conditions("开业未满六个月")[0].predicate,
            "开业、登记不久：开业，180 日以内，不含本数",
        ),
        (Incapacity(), "不能辨认或者控制自己的行为"),
        (MitigatedBy(Mitigation.MERIT), "从轻减轻的情节：配合查处有立功表现"),
        (None, "由执法机关判断"),
        (parse_conditions("24小时内改正")[0].predicate, "改正：24 小时以内"),
        (parse_conditions("5个工作日内改正")[0].predicate, "改正：5 日以内，按工作日"),
        (
            parse_conditions("符合之一：不超过3处／轻微并及时改正")[0].predicate,
            "数量或者比例不超过：3 处，或者（违法行为轻微，并且改正：及时）",
        ),
    ],
)
def test_a_typed_condition_is_said_in_plain_words(predicate: Predicate | None, words: str):
    assert predicate_words(predicate, wording(Language.CHINESE)) == words


def test_no_value_of_a_choice_goes_without_words():
    t = wording(Language.CHINESE)
    for name, values in (("basis", Basis), ("scope", Scope), ("term", Term), ("ground", Mitigation)):
        assert [v for v in values if not t.has(f"items.choice.{name}.{v}")] == []
    assert [v for v in (*Attestation, *Appraisal) if not t.has(f"items.choice.about.{v}")] == []


def test_every_error_of_the_forms_has_its_words():
    words = table()["fields"]
    for name in (
        "number",
        "whole",
        "age",
        "months",
        "parts",
        "day",
        "when",
        "fresh",
        "mandatory",
        "number_taken",
    ):
        assert words[f"item_{name}"].keys() >= {"zh", "en"}


def test_a_case_is_read_fact_by_fact():
    form = {
        "f-first_offence": "no",
        "f-repeat_within_months": "12",
        "q-0-unit": "平方米",
        "q-0": "",
        "t-0-text": "没有违法所得",
        "t-0": "yes",
        "t-1-text": "情节特殊",
        "t-1": "",
        "due": "conditions_not_met",
        "condition": "初次违法",
    }
    case = CaseForm.sent(form, ["merit", "nonsense"]).build(ONE)
    assert case == ItemCase(
        Situation(
            first_offence=False,
            repeat_within_months=12,
            told=(("没有违法所得", True),),
            mitigations=frozenset({Mitigation.MERIT}),
            sectors=case.situation.sectors,
        ),
        Outcome.CONDITIONS_NOT_MET,
        "初次违法",
    )
    assert case.situation.sectors == ("city_appearance",)


def test_a_case_that_cannot_be_is_refused_at_its_fields():
    form = {"f-harm": "huge", "f-age": "minus", "due": "lighter", "condition": "不再印着的条件"}
    with pytest.raises(FieldErrors) as refused:
        CaseForm.sent(form, []).build(ONE)
    assert [e.field for e in refused.value.errors] == ["f-harm", "f-age", "due", "condition"]


def test_the_facts_on_which_an_item_turns_come_first():
    assert near_facts(ONE) == {
        "first_offence",
        "repeat_within_months",
        "corrected",
        "correction_days",
        "correction_hours",
        "refused_correction",
        "quantity",
    }


@pytest.mark.parametrize(
    ("text", "whole", "value"),
    [("12", True, 12), ("１２", True, 12), ("1,234.5", False, 1234.5), (" 7 ", False, 7.0)],
)
def test_numbers_are_read_as_people_type_them(text: str, whole: bool, value: float):
    field = TypedField("n", Input.WHOLE if whole else Input.NUMBER)
    assert read(field, {"n": text}) == value


@pytest.mark.parametrize("text", ["", "x", "-1", "nan", "inf", "1e99"])
def test_what_is_no_number_is_refused(text: str):
    with pytest.raises(WrongField):
        read(TypedField("n", Input.NUMBER), {"n": text})


@pytest.mark.parametrize(
    ("input_", "text", "value"),
    [
        (Input.DAY, "2025-06-30", date(2025, 6, 30)),
        (Input.DAY, "2025年6月30日", date(2025, 6, 30)),
        (Input.DAY, "2025/6/30", date(2025, 6, 30)),
        (Input.WHEN, "２０２５-06", ToldDay(2025, 6)),
        (Input.WHEN, "2025年", ToldDay(2025)),
    ],
)
def test_days_are_read_as_people_type_them(input_: Input, text: str, value: object):
    assert read(TypedField("n", input_), {"n": text}) == value


@pytest.mark.parametrize(
    ("input_", "text"),
    [(Input.DAY, "2025-06"), (Input.DAY, "2025-02-30"), (Input.WHEN, "六月"), (Input.WHEN, "1")],
)
def test_what_is_no_day_is_refused(input_: Input, text: str):
    with pytest.raises(WrongField):
        read(TypedField("n", input_), {"n": text})


def test_a_condition_on_a_day_and_a_case_of_it_come_back_from_their_forms():
    item = replace(
        ONE,
        conditions=parse_conditions(
            "违法行为发生在2024年1月1日以前；2025年6月30日前完成整改；开业未满六个月"
        ),
    )
    assert ItemForm.sent(sent_item(ItemForm.of(item))).build(item) == item
    assert {"acted_on", "corrected", "corrected_on", "days_since_opening"} <= near_facts(item)
    for case in propose_cases(item).cases:
        assert case_key(CaseForm.of(item, case).build(item)) == case_key(case)


def test_a_correction_within_hours_wants_its_hours():
    form = {"c-0-kind": "Corrected", "c-0-shown": "Corrected", "c-0-term": "within_hours", "c-0-hours": ""}
    _, errors = PredicateForm.sent(form, "c-0").build("c-0", "24小时内改正")
    assert [e.field for e in errors] == ["c-0-hours"]
    built, errors = PredicateForm.sent({**form, "c-0-hours": "24"}, "c-0").build("c-0", "24小时内改正")
    assert (built, errors) == (parse_conditions("24小时内改正")[0].predicate, [])


def test_a_condition_that_becomes_a_group_is_its_first_part():
    form = {"c-0-kind": "AnyOf", "c-0-shown": "Lookback", "c-0-months": "24", "c-0-basis": "occurred"}
    node = PredicateForm.sent(form, "c-0")
    assert node.kind in JOINED
    assert [part.kind for part in node.parts] == ["Lookback", ""]
    assert node.parts[0].typed["months"] == "24"
