"""The desk as its pages show it: documents with what waits, clauses with what is proposed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from knowledge.clause import Clause
from knowledge.edition import Edition
from knowledge.topic import Topic
from portal.library.addresses import section_anchor
from portal.library.models import EditionRow, EditionState
from portal.library.publication import waiting_drafts
from portal.library.record import edition_of, editions_now
from portal.policy import policy

from .drafts import withdrawn_editions
from .models import Draft
from .part import Part, is_open, is_settled, name_of, proposed_of


@dataclass(frozen=True, slots=True)
class Tally:
    """How much of a document is decided: of the clauses and items with topics or ways of asking."""

    settled: int
    total: int

    @property
    def open(self) -> int:
        return self.total - self.settled


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """One instrument in the list of the desk. ``state`` is its draft's, else ``published``, ``waiting`` for
    a draft from the command line that nobody has opened, or ``withdrawn`` for what a rollback took back."""

    instrument: str
    title: str
    kind: str
    region: str
    state: str
    published: bool
    tally: Tally
    draft: Draft | None = None


@dataclass(frozen=True, slots=True)
class PartView:
    """A clause or item with the names of its topics, ready for the templates."""

    part: Part
    topics: tuple[Topic, ...]
    proposed: tuple[tuple[Topic, float | None], ...]

    @property
    def section(self) -> str:
        return name_of(self.part)

    @property
    def anchor(self) -> str:
        return section_anchor(self.section)

    @property
    def is_clause(self) -> bool:
        return isinstance(self.part, Clause)

    @property
    def level(self) -> int:
        return self.part.level if isinstance(self.part, Clause) else 1

    @property
    def heading(self) -> str:
        return self.part.heading if isinstance(self.part, Clause) else ""

    @property
    def lines(self) -> tuple[str, ...]:
        if isinstance(self.part, Clause):
            text = self.part.text
        else:
            text = "\n".join((self.part.matter, *(c.text for c in self.part.conditions)))
        return tuple(line.strip() for line in text.splitlines() if line.strip())

    @property
    def plain(self) -> str:
        return self.part.plain if isinstance(self.part, Clause) else ""

    @property
    def plain_en(self) -> str:
        return self.part.plain_en if isinstance(self.part, Clause) else ""

    @property
    def state(self) -> str:
        """``open``, ``settled`` or ``bare``: something waits, all is decided, or there is nothing."""
        return "open" if is_open(self.part) else "settled" if is_settled(self.part) else "bare"


def parts_of(edition: Edition) -> tuple[Part, ...]:
    return (*edition.clauses, *edition.items)


def tally_of(edition: Edition) -> Tally:
    parts = parts_of(edition)
    settled = sum(map(is_settled, parts))
    return Tally(settled, settled + sum(map(is_open, parts)))


def view_of(part: Part, topics: Mapping[str, Topic], chances: Mapping[str, float]) -> PartView:
    return PartView(
        part,
        tuple(_named(topic, topics) for topic in part.topics),
        tuple((_named(topic, topics), chances.get(topic)) for topic in proposed_of(part)),
    )


def views_of(
    edition: Edition,
    topics: Mapping[str, Topic],
    certainties: Mapping[str, Mapping[str, float]],
    *,
    only_open: bool = False,
) -> tuple[PartView, ...]:
    """The clauses and items in order; ``only_open`` leaves out those on which nothing waits."""
    held = (part for part in parts_of(edition) if is_open(part) or not only_open)
    return tuple(view_of(part, topics, certainties.get(name_of(part), {})) for part in held)


def above_bars(edition: Edition, certainties: Mapping[str, Mapping[str, float]]) -> dict[float, int]:
    """For each bar, on how many clauses a topic waits that is at least as certain."""
    best = [
        max((certainties.get(clause.section, {}).get(topic, 0.0) for topic in clause.proposed), default=0.0)
        for clause in edition.clauses
    ]
    return {bar: sum(chance >= bar for chance in best) for bar in policy().certainty_bars}


def document_rows(session: Session) -> tuple[DocumentRow, ...]:
    """Every instrument: those with something waiting first, then by region and name."""
    published = {row.instrument_id: row for row in editions_now(session)}
    drafts = {d.edition.instrument_id: d for d in open_drafts(session)}
    waiting = {row.instrument_id: row for row in waiting_drafts(session)}
    rows = [
        _row(instrument, drafts.get(instrument), waiting.get(instrument), published.get(instrument))
        for instrument in {*published, *drafts, *waiting}
    ]
    rows += [
        replace(_row(row.instrument_id, None, row, None), state="withdrawn")
        for row in withdrawn_editions(session)
        if row.instrument_id not in {*published, *drafts, *waiting}
    ]
    return tuple(sorted(rows, key=lambda row: (row.state == "published", row.region, row.instrument)))


def open_drafts(session: Session) -> list[Draft]:
    return list(
        session.scalars(select(Draft).where(Draft.open_for.is_not(None)).order_by(Draft.opened_at.desc()))
    )


def _row(
    instrument: str, draft: Draft | None, waiting: EditionRow | None, shown: EditionRow | None
) -> DocumentRow:
    row = draft.edition if draft else waiting or shown
    assert row is not None
    edition = edition_of(row)
    state = draft.state if draft else "waiting" if waiting else "published"
    if draft and draft.state == EditionState.DRAFT.value and draft.remarks:
        state = "returned"
    return DocumentRow(
        instrument,
        edition.title,
        edition.kind.value,
        edition.region,
        state,
        shown is not None,
        tally_of(edition),
        draft,
    )


def _named(topic: str, topics: Mapping[str, Topic]) -> Topic:
    return topics.get(topic) or Topic(topic, topic, "")


def in_tree(topics: Iterable[Topic]) -> tuple[tuple[int, Topic], ...]:
    """Topics with the depth at which each stands, every one after its parent."""
    held = tuple(topics)
    known = {topic.id for topic in held}
    below: dict[str, list[Topic]] = {}
    for topic in held:
        below.setdefault(topic.parent if topic.parent in known else "", []).append(topic)

    def walk(parent: str, depth: int) -> Iterator[tuple[int, Topic]]:
        for topic in below.get(parent, ()):
            yield depth, topic
            yield from walk(topic.id, depth + 1)

    return tuple(walk("", 0))
