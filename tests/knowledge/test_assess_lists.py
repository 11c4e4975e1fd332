"""Every list item is tried: once as it should be, once with each condition broken, once on each limit."""

from collections.abc import Iterator

import pytest

from knowledge.assess import assess
from knowledge.casework import blank, edges, negatives, positive
from knowledge.exemption import Ground, ItemFinding, ListItem, ListOutcome, Outcome, Verdict
from knowledge.listing import effect
from knowledge.parse.list_edition import list_edition
from knowledge.parse.table import parse_list
from knowledge.predicate import Appraised, Attestation, Attested, MitigatedBy, OtherGround, leaves
from knowledge.record import from_json
from knowledge.situation import Finding, Situation
from knowledge.starter_lists import starter_lists
from tests import shared_folder

SHIPPED = tuple(item for edition in starter_lists() for item in edition.items)
EASING = (ListOutcome.LIGHTER, ListOutcome.MITIGATED)


def _all_items() -> Iterator[ListItem]:
    yield from SHIPPED
    folder = shared_folder()
    if folder is not None:
        for file in sorted((folder / "lists").glob("*.csv")):
            yield from list_edition(parse_list(file.read_bytes(), file.name)).items


ITEMS = tuple(_all_items())


def judged(item: ListItem, situation: Situation) -> tuple[Verdict, ItemFinding]:
    verdict = assess(situation, [item], region=item.region.split("、")[0], sure=[item.ref])
    return verdict, verdict.considered[0]


def _turns_on_more_than_facts(item: ListItem) -> bool:
    """True where a part can only be judged by the authority, or names what nobody can deny."""
    return any(
        isinstance(leaf, Appraised | OtherGround | MitigatedBy)
        for c in item.conditions
        if c.predicate
        for leaf in leaves(c.predicate)
    )


@pytest.mark.parametrize("item", ITEMS, ids=lambda i: str(i.ref))
def test_an_item_whose_conditions_are_all_told_as_met_is_met_or_the_officers(item: ListItem):
    verdict, found = judged(item, positive(item).situation)
    assert found.finding in (Finding.MET, Finding.OFFICER)
    if found.finding is Finding.MET and item.outcome not in EASING:
        assert verdict.outcome in (effect(item), Outcome.SHALL_BE_EXEMPT)


@pytest.mark.parametrize("item", ITEMS, ids=lambda i: str(i.ref))
def test_an_item_with_one_condition_broken_is_never_met(item: ListItem):
    for sample in negatives(item):
        _, found = judged(item, sample.situation)
        broken = next(c for c in found.conditions if c.condition == sample.condition)
        assert broken.finding is not Finding.MET
        if not _is_commitment(item, sample.condition):
            assert found.finding is not Finding.MET


def _is_commitment(item: ListItem, condition: str) -> bool:
    found = [c.predicate for c in item.conditions if c.text == condition and c.predicate]
    return any(
        isinstance(leaf, Attested) and leaf.about is Attestation.COMMITMENT
        for predicate in found
        for leaf in leaves(predicate)
    )


@pytest.mark.parametrize("item", ITEMS, ids=lambda i: str(i.ref))
def test_an_item_on_its_limit_is_judged_by_the_words_of_the_limit(item: ListItem):
    for sample in edges(item):
        _, found = judged(item, sample.situation)
        at = next(c for c in found.conditions if c.condition == sample.condition)
        strict = any(word in sample.condition for word in ("不足", "不满", "未满", "小于"))
        numeric = at.fact in ("quantity", "amount_yuan", "duration_days")
        if numeric and "符合之一" not in sample.condition and "或" not in sample.condition:
            assert (at.finding is Finding.NOT_MET) is strict


@pytest.mark.parametrize("item", ITEMS, ids=lambda i: str(i.ref))
def test_an_item_of_which_nothing_is_told_decides_nothing(item: ListItem):
    verdict, found = judged(item, blank(item))
    assert found.finding in (Finding.UNKNOWN, Finding.OFFICER)
    assert verdict.outcome in (Outcome.NEEDS_FACTS, Outcome.OFFICER_DECIDES)


@pytest.mark.parametrize("item", SHIPPED, ids=lambda i: str(i.ref))
def test_shipped_items_lead_where_their_list_says(item: ListItem):
    """The effect of each shipped item, as read: tax says 不予, other 首违 and 可以 lists leave discretion."""
    verdict, found = judged(item, positive(item).situation)
    if item.list.startswith("tax-cn"):
        assert (verdict.outcome, verdict.ground) == (Outcome.SHALL_BE_EXEMPT, Ground.LIST_ITEM)
    elif item.outcome is ListOutcome.MAY_BE_EXEMPT and found.finding is Finding.MET:
        assert (verdict.outcome, verdict.ground) == (Outcome.MAY_BE_EXEMPT, Ground.LIST_ITEM)
    elif item.outcome in EASING:
        assert verdict.at_least is Outcome.LIGHTER
    if _turns_on_more_than_facts(item):
        assert verdict.outcome is not Outcome.CONDITIONS_NOT_MET


FIRST_AND_SLIGHT = {"first_offence": True, "harm": "slight", "corrected": "in_time"}
FIRST_NO_HARM = {**FIRST_AND_SLIGHT, "harm": "none"}
MINOR_NO_HARM = {"minor": True, "harm": "none", "corrected": "in_time"}


@pytest.mark.parametrize(
    ("ref", "told", "outcome"),
    [
        ("tax-cn-2021-06#3", FIRST_NO_HARM, Outcome.SHALL_BE_EXEMPT),
        ("tax-cn-2021-06#3", {**FIRST_NO_HARM, "first_offence": False}, Outcome.OFFICER_DECIDES),
        ("tax-cn-2021-06#3", {**FIRST_NO_HARM, "corrected": "late"}, Outcome.CONDITIONS_NOT_MET),
        ("tax-cn-2021-06#5", FIRST_AND_SLIGHT, Outcome.MAY_BE_EXEMPT),
        ("law-spjc-51#51-2", FIRST_AND_SLIGHT, Outcome.MAY_BE_EXEMPT),
        ("law-spjc-51#51-3", {"fault": "none_provable", "harm": "serious"}, Outcome.OFFICER_DECIDES),
        ("law-jg-26#26-2b", {**FIRST_NO_HARM, "corrected": "on_the_spot"}, Outcome.MAY_BE_EXEMPT),
        ("law-scdj-77#77-2a", MINOR_NO_HARM, Outcome.SHALL_BE_EXEMPT),
        ("law-sp-136#136", {"fault": "none_provable", "harm": "serious"}, Outcome.OFFICER_DECIDES),
        ("law-sp-136#136", {"fault": "intentional", "harm": "serious"}, Outcome.CONDITIONS_NOT_MET),
        ("law-yt-21#21a", {**MINOR_NO_HARM, "harm": "slight"}, Outcome.NEEDS_FACTS),
    ],
)
def test_cases_of_shipped_items_read_by_a_person(ref: str, told: dict[str, object], outcome: Outcome):
    item = next(i for i in SHIPPED if str(i.ref) == ref)
    situation = from_json(Situation, {**told, "sectors": list(blank(item).sectors)})
    assert judged(item, situation)[0].outcome is outcome


def test_all_real_items_were_tried_where_they_are_at_hand():
    assert len(SHIPPED) >= 29
    assert len(ITEMS) == len(SHIPPED) + (242 if shared_folder() else 0)
