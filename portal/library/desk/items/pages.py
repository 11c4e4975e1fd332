"""The pages of a list's items on the desk, also when an act was refused: what was typed is there again."""

from __future__ import annotations

from flask import request

from knowledge.clause import ClauseRef
from knowledge.edition import Edition, InstrumentKind
from knowledge.item_case import dues
from portal.accounts.forms import problem_page
from portal.database import current_session
from portal.errors import NotFound, Problem
from portal.language import caller_language
from portal.library.record import edition_of
from portal.wording import wording

from ..drafts import shown_edition
from ..models import Draft
from ..showing import common, row_on_desk
from .acts import ItemChanged, item_digest, item_of, new_item
from .case_form import CaseForm, all_facts, conditions_of, near_facts, turns_on_mitigation
from .cases import CaseView, ItemView, item_views
from .form import LIMITS, ItemForm
from .predicate_form import GROUPS, known_units
from .words import item_lines, predicate_words, situation_words

NEW = ""


def items_page(instrument: str, problem: Problem | None = None) -> tuple[str, int]:
    """Every item of a list with the state of its cases; ``show=open`` those that still hinder."""
    draft, edition, views = _on_desk(instrument)
    only_open = request.args.get("show") == "open"
    return problem_page(
        "staff/knowledge/items.html",
        problem,
        **common(instrument, draft, edition),
        views=[view for view in views if view.hinders or not only_open],
        total=len(views),
        open_count=sum(view.hinders for view in views),
        ready=sum(view.gap is None for view in views),
        waiting=sum(len(view.waiting) for view in views),
        only_open=only_open,
    )


def item_page(
    place: ClauseRef, form: ItemForm | None = None, problem: Problem | None = None, *, seen: str = ""
) -> tuple[str, int]:
    """One item with its cases, or the form of a new one; ``form`` is what was typed, if anything was."""
    draft, edition, views = _on_desk(place.document)
    creating = place.section == NEW
    item = new_item(edition) if creating else item_of(edition, place.section)
    view = next((v for v in views if v.item == item), None)
    overtaken = isinstance(problem, ItemChanged)
    t = wording(caller_language())
    return problem_page(
        "staff/knowledge/item.html",
        problem,
        **common(place.document, draft, edition),
        item=item,
        view=view,
        creating=creating,
        form=form or (ItemForm.new(edition) if creating else ItemForm.of(item)),
        seen=item_digest(item) if overtaken or not seen else seen,
        now=tuple(item_lines(item)) if overtaken else (),
        **form_choices(),
        meaning=lambda predicate: predicate_words(predicate, t),
        situation=lambda case: situation_words(case.situation, t),
        next_open=next((v.number for v in views if v.hinders and v.item != item), ""),
    )


def case_page(
    place: ClauseRef, key: str, form: CaseForm | None = None, problem: Problem | None = None
) -> tuple[str, int]:
    """The form of one case: a new one, or ``key`` to be corrected."""
    draft, edition, views = _on_desk(place.document)
    view = next((v for v in views if v.number == place.section), None)
    if view is None:
        raise NotFound
    old = found_case(view, key)
    if key and old is None:
        raise NotFound
    return problem_page(
        "staff/knowledge/item_case.html",
        problem,
        **common(place.document, draft, edition),
        item=view.item,
        key=key,
        form=form or CaseForm.of(view.item, old.case if old else None),
        facts=all_facts(),
        near=near_facts(view.item),
        mitigating=turns_on_mitigation(view.item),
        conditions=conditions_of(view.item),
        dues=[due.value for due in dues(view.item)],
    )


def form_choices() -> dict[str, object]:
    """What the form of an item offers: kinds of conditions in their groups, units, and its limits."""
    return {
        "limits": LIMITS,
        "groups": {group: [kind.__name__ for kind in kinds] for group, kinds in GROUPS.items()},
        "units": known_units(),
    }


def found_case(view: ItemView, key: str) -> CaseView | None:
    return next((case for case in (*view.cases, *view.aside) if case.key == key), None)


def _on_desk(instrument: str) -> tuple[Draft | None, Edition, list[ItemView]]:
    """The list on the desk with its items; NotFound for what is no list."""
    draft, row = row_on_desk(instrument)
    edition = edition_of(row)
    if edition.kind is not InstrumentKind.LIST:
        raise NotFound
    shown = shown_edition(current_session(), instrument)
    published = edition_of(shown) if shown else None
    return draft, edition, item_views(current_session(), row.id, edition, published)
