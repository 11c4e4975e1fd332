"""What is typed of an item, in plain words: what a condition means, and what a case tells."""

from __future__ import annotations

from collections.abc import Iterator

from knowledge.exemption import ListItem
from knowledge.predicate import AllOf, AnyOf, Predicate, QuantityAtMost
from knowledge.situation import Situation
from portal.wording import Language, Wording, wording

from .predicate_form import kind_fields
from .typed_fields import Input, TypedField, fields_of, shown

_BESIDE = ("violation_basis", "penalty_basis", "measures", "benchmark", "field", "department", "source")
_ALWAYS = ("HarmIs", "Corrected", "TimeBar", "AgeIs", "MitigatedBy", "DoneByDate")
"""Kinds whose fields are told also where they stand as usual: their name alone says too little."""
_SAID_BY_ANOTHER = {
    ("QuantityAtMost", "unit"),
    ("Attested", "about"),
    ("Appraised", "about"),
    ("Corrected", "term", "within_days"),
    ("Corrected", "term", "within_hours"),
}
"""Fields, or values of them, that another field of the same kind already tells."""


def predicate_words(predicate: Predicate | None, t: Wording) -> str:
    """What a typed condition means: its kind and every field that does not stand as usual."""
    if predicate is None:
        return str(t("items.kind.none"))
    if isinstance(predicate, AllOf | AnyOf):
        joint = str(t("items.and" if isinstance(predicate, AllOf) else "items.or"))
        return joint.join(_part(part, t) for part in predicate.parts)
    kind = type(predicate).__name__
    told = [words for f in kind_fields(kind) if (words := _field_words(kind, f, predicate, t))]
    name = str(t(f"items.kind.{kind}"))
    return str(t("items.with", name=name, told=str(t("items.comma")).join(told))) if told else name


def situation_words(situation: Situation, t: Wording) -> tuple[str, ...]:
    """What a case tells, one fact each; empty where nothing is told."""
    facts = [
        _fact(f, shown(value), t)
        for f in fields_of(Situation)
        if (value := getattr(situation, f.name)) is not None
    ]
    amounts = [str(t("items.quantity_told", value=shown(q.value), unit=q.unit)) for q in situation.quantity]
    grounds = [str(t(f"items.choice.ground.{m.value}")) for m in sorted(situation.mitigations)]
    told = [str(t(f"items.answer.{shown(yes)}", text=text)) for text, yes in situation.told]
    return (*facts, *amounts, *grounds, *told)


def item_lines(item: ListItem) -> Iterator[str]:
    """An item line by line, with everything that the pre-check makes of it, to be compared with another."""
    t = wording(Language.CHINESE)
    yield item.matter
    effect = t.of("list_outcome_name", item.outcome)
    yield f"{t('list.outcome')}：{effect}{t('items.mandatory_words') if item.mandatory else ''}"
    for condition in item.conditions:
        yield f"{condition.text}（{predicate_words(condition.predicate, t)}）"
    for name in _BESIDE:
        if value := getattr(item, name):
            yield f"{t(f'list.{name}')}：{value}"


def _part(part: Predicate, t: Wording) -> str:
    words = predicate_words(part, t)
    return str(t("items.group", words=words)) if isinstance(part, AllOf | AnyOf) else words


def _field_words(kind: str, field: TypedField, predicate: Predicate, t: Wording) -> str:
    value = shown(getattr(predicate, field.name))
    ticked = field.input is Input.TICKED
    if value == field.start and (ticked or kind not in _ALWAYS):
        return ""
    if ticked:
        return str(t(f"items.ticked.{kind}.{field.name}.{value}"))
    if not value or (kind, field.name, value) in _SAID_BY_ANOTHER or (kind, field.name) in _SAID_BY_ANOTHER:
        return ""
    if isinstance(predicate, QuantityAtMost) and field.name == "value":
        return str(t("items.quantity_told", value=value, unit=predicate.unit))
    if field.input is Input.CHOICE:
        return str(t(f"items.choice.{field.name}.{value}"))
    return value if field.name == "text" else str(t(f"items.field_told.{kind}.{field.name}", value=value))


def _fact(field: TypedField, value: str, t: Wording) -> str:
    if field.input in (Input.NUMBER, Input.WHOLE, Input.WHEN):
        return str(t(f"items.fact_told.{field.name}", value=value))
    return str(t(f"items.fact_told.{field.name}.{value}"))
