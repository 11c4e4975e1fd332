"""What is counted: the events of cases in the journal, each as one figure or several.

The journal holds them all, cannot be changed, and names nobody: what a report says can be proved by it, and a
party that had its data deleted still counts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, func, literal, select
from sqlalchemy.orm import Session

from portal.applications.acts.case import subject_of
from portal.applications.lifecycle import Act, State
from portal.applications.models import Application
from portal.journal import JournalEntry

from .period import Period, month_of

ANSWERED = "complaint.answered"
PLAIN = (
    Act.SUBMIT,
    Act.ACCEPT_OFFER,
    Act.DECLINE_OFFER,
    Act.WITHDRAW,
    Act.STOP,
    Act.ASK_ORDINARY_PROCEDURE,
    Act.REQUEST_SUPPLEMENT,
    Act.ACCEPT,
    Act.REFUSE,
    Act.COMMIT,
    Act.ISSUE_OPINION,
    Act.DELIVER,
    Act.CONCLUDE,
    Act.TERMINATE,
    Act.HAND_OVER,
    Act.FOLLOW_UP,
    Act.RATE,
    Act.COMPLAIN,
)
"""Acts of which each event counts once, whatever it says."""
DETAILS: Mapping[str, tuple[str, str]] = {
    Act.REFUSE: ("ground", "refusal"),
    Act.TERMINATE: ("ground", "termination"),
    Act.CONCLUDE: ("outcome", "outcome"),
    Act.FOLLOW_UP: ("corrected", "corrected"),
    Act.RATE: ("stars", "rating"),
}
"""What is told of an act beside that it happened, and under which name it is counted."""
OTHERS = (Act.OFFER, Act.CHANGE, Act.RECORD_MEASURE)


@dataclass(frozen=True, slots=True)
class Figures:
    """``counts`` of each figure by agency and month; ``in_hand``: the cases open when the time ended."""

    counts: dict[str, Counter[tuple[int | None, int]]] = field(default_factory=dict)
    in_hand: Counter[int | None] = field(default_factory=Counter)

    def count(self, figure: str, *, months: tuple[int, ...], agency: int | None = None) -> int:
        """How often, in these months; in one agency, or in all where none is named."""
        return sum(
            n
            for (held, month), n in self.counts.get(figure, Counter()).items()
            if month in months and agency in (None, held)
        )

    def names(self, prefix: str) -> tuple[str, ...]:
        """The figures below ``prefix`` that occur, the most frequent first."""
        below = [name for name in self.counts if name.startswith(f"{prefix}.")]
        return tuple(sorted(below, key=lambda name: (-self.counts[name].total(), name)))


def figures(session: Session, scope: ColumnElement[bool], period: Period) -> Figures:
    """The figures of the cases in ``scope``, from the beginning of the year to the end of ``period``.

    A case counts with the agency that has it now.
    """
    called = literal(subject_of("")) + Application.number
    agencies = {row[0]: row[1] for row in session.execute(select(called, Application.agency_id).where(scope))}
    found = Figures(in_hand=_in_hand(session, scope, period))
    events = select(JournalEntry.at, JournalEntry.act, JournalEntry.subject, JournalEntry.detail).where(
        JournalEntry.act.in_([*(f"application.{act}" for act in (*PLAIN, *OTHERS)), ANSWERED]),
        JournalEntry.at >= period.since,
        JournalEntry.at < period.until,
        JournalEntry.subject.in_(select(called).where(scope)),
    )
    for at, act, subject, detail in session.execute(events):
        for figure in figures_of(act, detail):
            found.counts.setdefault(figure, Counter())[agencies.get(subject), month_of(at)] += 1
    return found


def figures_of(act: str, detail: Mapping[str, object]) -> Iterator[str]:
    """What one event counts as.

    A link given anew is no new offer, a change of a draft no change of a case, and a corrected document no
    second one.
    """
    name = "answered" if act == ANSWERED else act.rpartition(".")[2]
    if name == Act.ISSUE_OPINION and "what" in detail:
        return  # a correction of one that was counted
    if name in PLAIN or name == "answered":
        yield name
        told, group = DETAILS.get(name, ("", ""))
        if detail.get(told):
            yield f"{group}.{detail[told]}"
    elif (name == Act.OFFER and "link" not in detail) or (
        name == Act.CHANGE and detail.get("state") != State.DRAFT
    ):
        yield name
    elif name == Act.RECORD_MEASURE:
        yield from _measures(detail)


def _measures(detail: Mapping[str, object]) -> Iterator[str]:
    methods = detail.get("methods")
    if isinstance(methods, list):
        yield "measure"
        yield from (f"method.{method}" for method in methods)
    elif detail.get("what") == "commitment" and "document" not in detail:
        yield "commitment"
    elif detail.get("what") == "reinspection":
        yield "reinspection"
        yield f"reinspection.{detail.get('result')}"


def _in_hand(session: Session, scope: ColumnElement[bool], period: Period) -> Counter[int | None]:
    begun = func.coalesce(Application.submitted_at, Application.made_at)
    found = (
        select(Application.agency_id, func.count())
        .where(
            scope,
            begun < period.until,
            Application.closed_at.is_(None) | (Application.closed_at >= period.until),
        )
        .group_by(Application.agency_id)
    )
    return Counter({row[0]: row[1] for row in session.execute(found)})
