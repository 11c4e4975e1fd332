"""Acts on the test cases of a draft's items: one commit and one journal event each.

Whoever confirms a case has a part in the draft, as whoever writes in it: he does not review it.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy.orm import Session

from knowledge import record
from knowledge.clause import ClauseRef
from knowledge.exemption import ListItem
from knowledge.item_case import ItemCase, NoProposal, case_key, officers_case, propose_cases
from portal.errors import NotFound, Problem
from portal.library.record import edition_of

from ..acting import Entry, act_on_draft
from ..annotating import LONGEST_SUBJECT
from ..models import Draft
from .case_rows import Decision, keep_case, rows_of
from .cases import CaseView, ItemView, item_view, item_views
from .models import CaseState, ItemCaseRow


class CaseGone(Problem):
    """The item was changed meanwhile and has no such case any more."""

    slug = "case_gone"


def confirm_case(session: Session, place: ClauseRef, key: str, *, actor: str) -> None:
    """Someone who knows the list says that a case is right, as the item stands now."""

    def act(draft: Draft) -> Entry:
        view = _view(session, draft, place)
        found = _found(view, key)
        keep_case(session, draft.edition_id, Decision(view.item, found.case, actor))
        return _entry("confirmed", place, found.case)

    act_on_draft(session, place.document, act, actor=actor)


def put_aside(session: Session, place: ClauseRef, key: str, *, actor: str) -> None:
    """A case is not used; one that nothing proposes any more is removed altogether."""

    def act(draft: Draft) -> Entry:
        view = _view(session, draft, place)
        found = _found(view, key)
        _leave(session, draft, view.item, found.case, actor)
        return _entry("removed", place, found.case)

    act_on_draft(session, place.document, act, actor=actor)


def write_case(session: Session, place: ClauseRef, case: ItemCase, replaces: str = "", *, actor: str) -> None:
    """A case in an editor's own words, confirmed by being written, in place of the one named ``replaces``."""

    def act(draft: Draft) -> Entry:
        view = _view(session, draft, place)
        old = next((v for v in (*view.cases, *view.aside) if v.key == replaces), None)
        if old and old.key != case_key(case):
            _leave(session, draft, view.item, old.case, actor)
        keep_case(session, draft.edition_id, Decision(view.item, case, actor))
        return _entry("written", place, case)

    act_on_draft(session, place.document, act, actor=actor)


def confirm_untyped(session: Session, place: ClauseRef, *, actor: str) -> None:
    """Someone says by name that nothing in the item can be held against facts: the authority decides."""

    def act(draft: Draft) -> Entry:
        item = _view(session, draft, place).item
        if propose_cases(item).reason is not NoProposal.UNTYPED:
            raise CaseGone
        case = officers_case(item)
        keep_case(session, draft.edition_id, Decision(item, case, actor))
        return _entry("untyped_confirmed", place, case)

    act_on_draft(session, place.document, act, actor=actor)


def confirm_passing(session: Session, instrument: str, *, actor: str) -> int:
    """Confirms every case of the whole draft that passes and waits; how many those were."""
    counted: list[int] = []

    def act(draft: Draft) -> Entry | None:
        counted.clear()
        waiting = [(view.item, case) for view in _views(session, draft) for case in view.waiting]
        counted.append(len(waiting))
        if not waiting:
            return None
        for item, view in waiting:
            keep_case(session, draft.edition_id, Decision(item, view.case, actor))
        cases = [f"{item.number}/{view.key}" for item, view in waiting]
        return Entry("item_cases.confirmed_passing", instrument, {"cases": cases})

    act_on_draft(session, instrument, act, actor=actor)
    return counted[0]


def _views(session: Session, draft: Draft) -> Iterable[ItemView]:
    return item_views(session, draft.edition_id, edition_of(draft.edition), None)


def _view(session: Session, draft: Draft, place: ClauseRef) -> ItemView:
    item = next((i for i in edition_of(draft.edition).items if i.number == place.section), None)
    if item is None:
        raise NotFound
    return item_view(item, rows_of(session, draft.edition_id).get(item.number, ()), changed=True)


def _found(view: ItemView, key: str) -> CaseView:
    found = next((case for case in (*view.cases, *view.aside) if case.key == key), None)
    if found is None:
        raise CaseGone
    return found


def _leave(session: Session, draft: Draft, item: ListItem, case: ItemCase, actor: str) -> None:
    """A proposal is remembered as turned down; anything else simply goes."""
    if case_key(case) in {case_key(proposed) for proposed in propose_cases(item).cases}:
        keep_case(session, draft.edition_id, Decision(item, case, actor, CaseState.PUT_ASIDE))
    elif row := session.get(ItemCaseRow, (draft.edition_id, item.number, case_key(case))):
        session.delete(row)


def _entry(act: str, place: ClauseRef, case: ItemCase) -> Entry:
    detail = {"case": case_key(case), **record.to_json(case)}
    return Entry(f"item_case.{act}", str(place)[:LONGEST_SUBJECT], detail)
