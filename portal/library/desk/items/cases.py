"""The items of a list with their test cases: how each comes out now, and what still has to be done."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from knowledge.edition import Edition
from knowledge.exemption import ListItem
from knowledge.item_case import (
    CaseResult,
    ItemCase,
    NoProposal,
    case_key,
    judge_case,
    meaning_digest,
    propose_cases,
)
from portal.library.addresses import section_anchor
from portal.library.record import edition_of

from ..drafts import shown_edition
from ..models import Draft
from .case_rows import case_of, rows_of
from .models import CaseState, ItemCaseRow

MOST_NAMED = 5


class Standing(StrEnum):
    """``again``: confirmed for other conditions or another effect than the item has now."""

    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    AGAIN = "again"
    PUT_ASIDE = "put_aside"


class CaseGap(StrEnum):
    """Why an item cannot be published through the pages."""

    FAILS = "fails"
    AGAIN = "again"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class CaseView:
    """A case of an item, as it stands and as it comes out now."""

    case: ItemCase
    standing: Standing
    result: CaseResult
    by: str = ""
    at: datetime | None = None

    @property
    def key(self) -> str:
        return case_key(self.case)

    @property
    def waits(self) -> bool:
        """True where one click would confirm it: it passes, and nobody has confirmed it for what stands."""
        return self.standing in (Standing.PROPOSED, Standing.AGAIN) and self.result.passes


@dataclass(frozen=True, slots=True)
class ItemView:
    """An item with its cases. ``changed``: the published edition lacks it or says something else of it."""

    item: ListItem
    cases: tuple[CaseView, ...]
    aside: tuple[CaseView, ...]
    reason: NoProposal | None
    changed: bool

    @property
    def number(self) -> str:
        return self.item.number

    @property
    def anchor(self) -> str:
        return section_anchor(self.item.number)

    @property
    def typed(self) -> int:
        """How many conditions the pre-check can judge."""
        return sum(condition.predicate is not None for condition in self.item.conditions)

    @property
    def confirmed(self) -> int:
        return sum(view.standing is Standing.CONFIRMED and view.result.passes for view in self.cases)

    @property
    def waiting(self) -> tuple[CaseView, ...]:
        """What "confirm all that pass" takes; where nothing can be told someone has to say so by name."""
        return () if self.reason is NoProposal.UNTYPED else tuple(view for view in self.cases if view.waits)

    @property
    def gap(self) -> CaseGap | None:
        """What its cases want before it is published; None where they are in order."""
        kept = [view for view in self.cases if view.standing is not Standing.PROPOSED]
        if any(not view.result.passes for view in kept):
            return CaseGap.FAILS
        if any(view.standing is Standing.AGAIN for view in kept):
            return CaseGap.AGAIN
        return None if kept else CaseGap.NONE

    @property
    def hinders(self) -> bool:
        return self.changed and self.gap is not None


def item_view(item: ListItem, rows: Iterable[ItemCaseRow], *, changed: bool) -> ItemView:
    """An item with what was decided about its cases, and with those that are proposed beside them."""
    meaning, proposal = meaning_digest(item), propose_cases(item)
    decided = {row.key: _decided(item, row, meaning) for row in rows}
    proposed = (
        CaseView(case, Standing.PROPOSED, judge_case(item, case))
        for case in proposal.cases
        if case_key(case) not in decided
    )
    kept = [view for view in decided.values() if view.standing is not Standing.PUT_ASIDE]
    aside = tuple(view for view in decided.values() if view.standing is Standing.PUT_ASIDE)
    return ItemView(item, (*kept, *proposed), aside, proposal.reason, changed)


def item_views(session: Session, edition_id: int, edition: Edition, shown: Edition | None) -> list[ItemView]:
    """Every item of an edition with its cases; ``shown`` is the published edition, if there is one."""
    rows = rows_of(session, edition_id)
    published = {item.number: bare(item) for item in shown.items} if shown else {}
    return [
        item_view(item, rows.get(item.number, ()), changed=published.get(item.number) != bare(item))
        for item in edition.items
    ]


def bare(item: ListItem) -> ListItem:
    """The item without what stands beside it: topics and ways of asking."""
    return replace(item, topics=(), asked_as=(), carried=())


def draft_views(session: Session, draft: Draft) -> list[ItemView]:
    """The items of a draft with their cases; none for a document without items."""
    edition = edition_of(draft.edition)
    if not edition.items:
        return []
    shown = shown_edition(session, edition.instrument)
    return item_views(session, draft.edition_id, edition, edition_of(shown) if shown else None)


def wanting_cases(session: Session, draft: Draft) -> int:
    """How many items of a draft cannot be published for want of cases."""
    return sum(view.hinders for view in draft_views(session, draft))


def case_hindrances(session: Session, draft: Draft) -> tuple[str, ...]:
    """Why the items of a draft cannot be published yet, one sentence for each kind of reason."""
    found: dict[CaseGap, list[str]] = {}
    for view in draft_views(session, draft):
        if view.hinders and view.gap:
            found.setdefault(view.gap, []).append(view.number)
    title = draft.edition.title
    return tuple(_SENTENCES[gap].format(title=title, items=_named(found[gap])) for gap in found)


def _decided(item: ListItem, row: ItemCaseRow, meaning: str) -> CaseView:
    case = case_of(row)
    standing = Standing.CONFIRMED if row.meaning == meaning else Standing.AGAIN
    if row.standing == CaseState.PUT_ASIDE.value:
        standing = Standing.PUT_ASIDE
    return CaseView(case, standing, judge_case(item, case), row.decided_by, row.decided_at)


def _named(numbers: list[str]) -> str:
    named = "、".join(numbers[:MOST_NAMED])
    more = f"等 {len(numbers)} 项" if len(numbers) > MOST_NAMED else "项"
    return f"第 {named} {more}"


_DO = "请撤回修改，在“清单事项和案例”里"
_SENTENCES: Mapping[CaseGap, str] = {
    CaseGap.NONE: "《{title}》{items}还没有确认过的案例，" + _DO + "确认后重新送审。",
    CaseGap.AGAIN: "《{title}》{items}的条件或效果改过，案例要重新确认，" + _DO + "确认后重新送审。",
    CaseGap.FAILS: "《{title}》{items}有案例与现在的条件不符，" + _DO + "改正条件或者案例后重新送审。",
}
