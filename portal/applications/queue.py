"""The queue of an agency's cases: filtered, overdue first, with names partly hidden."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session, selectinload

from portal.accounts.current import SignedIn

from .basis import AFFECTED, BasisChange
from .deadlines import Duty, Standing, Workdays, duties
from .handling import handling
from .identifiers import mask_name
from .lifecycle import OPEN, State
from .models import AgencyTerms, Application, AskedColleague, Revision
from .staff_access import readable, unclaimed

SHOWN_STATES = ("open", "all", *(s.value for s in State if s is not State.DRAFT))
OFFICERS = ("all", "mine", "nobody", "asked")
DUE = ("all", "overdue", "soon")
BASES = ("all", "changed")
MATTER_SHOWN = 40


@dataclass(frozen=True, slots=True)
class Filters:
    """What is asked for in the address. ``state`` is a state, ``open`` or ``all``."""

    state: str = "open"
    officer: str = "all"
    due: str = "all"
    basis: str = "all"
    q: str = ""
    page: int = 1

    @classmethod
    def of(cls, args: Mapping[str, str]) -> Filters:
        """Whatever cannot be meant counts as not asked."""
        page = args.get("page", "1")
        return cls(
            _one_of(args.get("state"), SHOWN_STATES, "open"),
            _one_of(args.get("officer"), OFFICERS, "all"),
            _one_of(args.get("due"), DUE, "all"),
            _one_of(args.get("basis"), BASES, "all"),
            args.get("q", "").strip()[:60],
            max(1, int(page)) if page.isdecimal() and len(page) < 6 else 1,
        )

    def address(self, **changes: object) -> dict[str, object]:
        """As the arguments of an address, without what is as it would be anyway."""
        values = {
            "state": self.state,
            "officer": self.officer,
            "due": self.due,
            "basis": self.basis,
            "q": self.q,
            "page": self.page,
        }
        usual = {"state": "open", "officer": "all", "due": "all", "basis": "all", "q": "", "page": 1}
        return {name: value for name, value in {**values, **changes}.items() if value != usual[name]}


class Line(NamedTuple):
    """One case of the queue."""

    number: str
    state: str
    party: str
    matter: str
    officer: str
    submitted_at: datetime
    duty: Duty | None
    days_left: int
    basis_changed: bool


@dataclass(frozen=True, slots=True)
class Page:
    lines: tuple[Line, ...]
    total: int
    number: int
    last: bool


def queue_page(session: Session, staff: SignedIn, filters: Filters, workdays: Workdays, today: date) -> Page:
    """The page of the queue that the filters ask for."""
    terms = {t.agency_id: t for t in session.scalars(select(AgencyTerms))}
    found = list(session.scalars(_asked_for(staff, filters)))
    if filters.q:
        found = [a for a in found if _matches(a, filters.q)]
    standing = [(a, _first(a, terms, workdays)) for a in found]
    standing = [(a, duty) for a, duty in standing if _due_fits(duty, filters.due, workdays, today)]
    standing.sort(key=lambda pair: _order(*pair))
    size = handling().queue_page
    start = (filters.page - 1) * size
    shown = standing[start : start + size]
    changed = _basis_changed(session, [a for a, _ in shown])
    lines = tuple(_line(a, duty, workdays, today, changed) for a, duty in shown)
    return Page(lines, len(standing), filters.page, start + size >= len(standing))


def unclaimed_cases(session: Session, staff: SignedIn) -> tuple[Application, ...]:
    """Applications of the region that wait for the authority that they mean."""
    found = select(Application).where(unclaimed(staff)).order_by(Application.submitted_at)
    return tuple(session.scalars(found.options(selectinload(Application.revisions)).limit(50)))


def _asked_for(staff: SignedIn, filters: Filters) -> Select[Application]:
    found = select(Application).where(readable(staff), *_conditions(staff, filters))
    return found.options(
        selectinload(Application.revisions).load_only(Revision.number, Revision.statement),
        selectinload(Application.officer),
    )


def _conditions(staff: SignedIn, filters: Filters) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if filters.state == "open":
        conditions.append(Application.state.in_([s.value for s in OPEN]))
    elif filters.state != "all":
        conditions.append(Application.state == filters.state)
    if filters.officer == "mine":
        conditions.append(Application.officer_id == staff.id)
    elif filters.officer == "nobody":
        conditions.append(Application.officer_id.is_(None))
    elif filters.officer == "asked":
        asked = select(AskedColleague.application_id).where(AskedColleague.staff_id == staff.id)
        conditions.append(Application.id.in_(asked))
    if filters.basis == "changed":
        flagged = select(BasisChange.open_for).where(BasisChange.open_for.is_not(None))
        conditions += [Application.id.in_(flagged), Application.state.in_([s.value for s in AFFECTED])]
    return conditions


def _basis_changed(session: Session, applications: Sequence[Application]) -> set[int]:
    """The ids of those whose officer has still to look at a change of their basis."""
    ids = [a.id for a in applications if a.state in AFFECTED]
    found = session.scalars(select(BasisChange.application_id).where(BasisChange.open_for.in_(ids)))
    return set(found)


def _matches(application: Application, q: str) -> bool:
    """Names and matters are encrypted, so they are looked through here rather than in the database."""
    statement = application.current.statement
    said = (application.number, statement.get("party_name"), statement.get("matter"))
    return any(q.lower() in str(text).lower() for text in said)


def _first(application: Application, terms: Mapping[int, AgencyTerms], workdays: Workdays) -> Duty | None:
    own = terms.get(application.agency_id) if application.agency_id else None
    found = duties(Standing.of(application, own), workdays)
    return found[0] if found else None


def _due_fits(duty: Duty | None, wanted: str, workdays: Workdays, today: date) -> bool:
    if wanted == "all":
        return True
    if duty is None:
        return False
    if wanted == "overdue":
        return duty.overdue(today)
    return not duty.overdue(today) and duty.days_left(workdays, today) <= handling().due_soon_days


def _order(application: Application, duty: Duty | None) -> tuple[bool, date, datetime]:
    return (duty is None, duty.due.on if duty else date.max, application.submitted_at or application.made_at)


def _line(
    application: Application, duty: Duty | None, workdays: Workdays, today: date, changed: Collection[int]
) -> Line:
    statement = application.current.statement
    matter = str(statement.get("matter") or "")
    return Line(
        application.number,
        application.state,
        mask_name(str(statement.get("party_name") or "")),
        matter[:MATTER_SHOWN] + ("…" if len(matter) > MATTER_SHOWN else ""),
        application.officer.name if application.officer else "",
        application.submitted_at or application.made_at,
        duty,
        duty.days_left(workdays, today) if duty else 0,
        application.id in changed,
    )


def _one_of(value: str | None, known: tuple[str, ...], usual: str) -> str:
    return value if value in known else usual
