"""The forms of the acts, which are data: complete, worded, and strict about what they take."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from portal.applications.acts import BY_FORM
from portal.applications.case_forms import (
    CaseForm,
    case_form,
    check_form,
    forms_of,
    options_of,
    poor_ratings,
    region_options,
    rule_of,
)
from portal.applications.handling import handling
from portal.applications.lifecycle import TRANSITIONS, Act, Role, State
from portal.applications.party_acts import ACTS
from portal.errors import FieldErrors
from portal.word_changes import Piece, word_changes
from portal.wording import Language, wording

TODAY = date(2026, 11, 24)
REGIONS = ("", "河南省/平顶山市/湛河区", "浙江省/舟山市", "重庆市/黔江区", "辽宁省/盘锦市", "安徽省/六安市")
ALL = [form for act in Act for form in forms_of(act)]


def form(name: str) -> CaseForm:
    found = case_form(name)
    assert found is not None
    return found


def wrong(name: str, values: dict[str, Any], options: dict[str, Any] | None = None) -> dict[str, str]:
    with pytest.raises(FieldErrors) as caught:
        check_form(form(name), values, options or region_options(REGIONS[1]), TODAY)
    return {error.field: error.word for error in caught.value.errors}


def test_every_act_of_an_officer_has_a_form_and_every_form_an_act():
    acts = {act for (_, act, role) in TRANSITIONS if role is Role.OFFICER}
    assert {form(name).act for name in BY_FORM} == acts - {Act.OFFER}
    assert {f.name for f in ALL} == {*BY_FORM, *ACTS}


@pytest.mark.parametrize("language", list(Language))
def test_every_form_field_and_option_has_its_words(language: Language):
    t = wording(language)
    missing = [
        key
        for f in ALL
        for key in (
            *(f"case_form.{f.name}.{part}" for part in ("title", "lead", "submit")),
            *(f"case_form.{f.name}.{part.name}" for part in f.fields),
            *(f"case_option.{p.options}.{v}" for p in f.fields for v in options_of(p, {}) if p.options),
        )
        if not t.has(key)
    ]
    regional = [
        f"case_option.{name}.{value}"
        for region in REGIONS
        for name, values in region_options(region).items()
        for value in values
    ]
    grounds = [
        f"application_ground.{v}"
        for v in (
            *options_of(form("refuse").field("ground"), {}),
            *(g for r in REGIONS for g in region_options(r)["termination"]),
            *("stopped", "ordinary_procedure", "crime"),
        )
    ]
    assert missing + [key for key in (*regional, *grounds) if not t.has(key)] == []
    assert [a for a in Act if not t.has(f"application_event.{a}") or not t.has(f"application_act.{a}")] == []
    assert [s for s in State if not t.has(f"case_state.{s}") or not t.has(f"application_state.{s}")] == []


def test_each_region_ends_on_its_own_grounds():
    assert "basis_changed" in region_options(REGIONS[1])["termination"]
    assert "basis_lapsed" in region_options(REGIONS[2])["termination"]
    assert "not_corrected" in region_options(REGIONS[4])["termination"]
    assert region_options(REGIONS[2])["simple_case"] == ("routine", "inspection")
    assert region_options("河南省/平顶山市/湛河区/某街道") == region_options(REGIONS[1])
    assert (rule_of("harm"), rule_of("duplicate")) == ("termination", "")


def test_a_simple_form_needs_its_case_and_writing_needs_none():
    values = {"methods": ["reminder"], "on": "2026-11-24", "text": "说了", "form": "written"}
    options = {**region_options(REGIONS[1]), "methods": ("reminder", "talk", "admonition")}
    assert check_form(form("measure"), values, options, TODAY)["simple_case"] == ""
    assert wrong("measure", {**values, "form": "sms"}, options) == {"simple_case": "choose"}
    kept = check_form(form("measure"), {**values, "form": "sms", "simple_case": "routine"}, options, TODAY)
    assert kept["simple_case"] == "routine"
    dropped = check_form(form("measure"), {**values, "simple_case": "routine"}, options, TODAY)
    assert dropped["simple_case"] == ""
    assert wrong("measure", {**values, "methods": ["talk"]}, options) == {"people": "required"}
    assert wrong("measure", {**values, "methods": ["gift"]}, options) == {"methods": "choose"}


def test_a_supplement_asks_for_something():
    assert wrong("request_supplement", {}) == {"missing": "one_of_these"}
    assert check_form(form("request_supplement"), {"text": "请说明"}, {}, TODAY)["missing"] == []


def test_days_lie_where_they_must():
    assert wrong("hand_over", {"to": "x", "text": "y", "on": "2026-11-25"}) == {"on": "day_past"}
    bad = {"result": "more_time", "text": "z", "on": "2026-11-24", "due_on": "2026-11-23"}
    assert wrong("reinspection", bad) == {"due_on": "day_future"}
    assert wrong("reinspection", {**bad, "due_on": ""}) == {"due_on": "required"}
    assert wrong("reinspection", {**bad, "on": "gestern", "due_on": "2026-12-01"}) == {"on": "date"}


def test_texts_are_cleaned_and_limited():
    assert check_form(form("message"), {"text": " 您好\r\n再见 \x00"}, {}, TODAY)["text"] == "您好\n再见"
    assert wrong("message", {"text": "长" * 1001}) == {"text": "too_long"}
    assert wrong("message", {"text": "  "}) == {"text": "required"}
    assert wrong("message", {"text": 5}) == {"text": "required"}


def test_the_commitment_letter_asks_for_all_five_and_admits_nothing():
    every = ["told", "voluntary", "correct", "not_again", "true"]
    assert wrong("sign_commitment", {"conditions": every[1:], "signature": "张三"}) == {
        "conditions": "all_needed"
    }
    t = wording(Language.CHINESE)
    assert "不等于承认违法" in t.of("case_option.commitment", "told")
    assert "不放弃" in str(t("applications.commitment_rights"))


def test_the_numbers_of_handling_make_sense():
    assert set(handling().retention_months) == {s.value for s in State} - {
        "offered",
        "submitted",
        "supplement_requested",
        "accepted",
    }
    assert set(poor_ratings()) < set(options_of(form("rate").field("stars"), {}))
    assert len(options_of(form("rate").field("stars"), {})) == 5


def test_changes_are_shown_word_by_word():
    assert word_changes("摆了两把梯子", "摆了三把梯子") == (
        Piece("same", "摆了"),
        Piece("gone", "两"),
        Piece("new", "三"),
        Piece("same", "把梯子"),
    )
    assert word_changes("Tel 120", "Tel 1200") == (
        Piece("same", "Tel "),
        Piece("gone", "120"),
        Piece("new", "1200"),
    )
    assert word_changes("", "新") == (Piece("new", "新"),)
