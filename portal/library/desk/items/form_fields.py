"""A form of an item as the fields that it was sent in: what was typed is kept, whether or not it will do."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from .form import ItemForm
from .predicate_form import PredicateForm
from .typed_fields import YES, Input


def sent_fields(form: ItemForm) -> dict[str, str]:
    """The fields of a form by name; ``ItemForm.sent`` of them is the form again."""
    fields = {**form.texts, "outcome": form.outcome}
    if form.mandatory:
        fields["mandatory"] = YES
    for n, condition in enumerate(form.conditions):
        fields[f"c-{n}-words"] = condition.words
        fields |= dict(_meaning(condition.meaning, f"c-{n}"))
    return fields


def as_shown(form: ItemForm) -> ItemForm:
    """The form after whoever chose a kind has seen its fields."""
    conditions = (replace(c, meaning=_seen(c.meaning)) for c in form.conditions)
    return replace(form, conditions=tuple(conditions))


def _meaning(node: PredicateForm, path: str) -> Iterator[tuple[str, str]]:
    yield f"{path}-kind", node.kind
    yield f"{path}-shown", "" if node.fresh else node.kind
    for field in node.fields:
        value = node.typed.get(field.name, "")
        if field.input is not Input.TICKED or value == YES:  # a box that is not ticked sends nothing
            yield f"{path}-{field.name}", value
    for n, part in enumerate(node.parts):
        yield from _meaning(part, f"{path}-{n}")


def _seen(node: PredicateForm) -> PredicateForm:
    return replace(node, fresh=False, parts=tuple(map(_seen, node.parts)))
