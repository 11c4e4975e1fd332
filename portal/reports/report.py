"""A report put together: the figures that a member of staff may see, of the time and agency asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from portal.accounts.current import SignedIn
from portal.accounts.models import Agency
from portal.applications.models import Application
from portal.applications.staff_access import readable
from portal.calendar import CHINA
from portal.permissions import Permission
from portal.phrasing import region_words
from portal.wording import Language

from .figures import Figures, figures
from .matters import Matter, matters
from .period import Period
from .table import OF_AGENCIES, Table, table


@dataclass(frozen=True, slots=True)
class Report:
    """``chosen`` is the agency it is kept to, ``agencies`` all that may be chosen, ``months`` those of the
    year that it reaches."""

    period: Period
    chosen: Agency | None
    agencies: tuple[Agency, ...]
    found: Figures
    table: Table
    months: tuple[int, ...]
    matters: tuple[Matter, ...]

    @property
    def in_hand(self) -> int:
        return sum(self.found.in_hand.values())

    @property
    def compared(self) -> tuple[tuple[str, tuple[int, ...]], ...]:
        """Every agency beside the others, where there are several: ``OF_AGENCIES``, then what is in hand."""
        if self.chosen is not None or len(self.agencies) < 2:
            return ()
        return tuple((a.name, (*self._counts(a), self.found.in_hand[a.id])) for a in self.agencies)

    def whose(self, staff: SignedIn, language: Language) -> str:
        """Whose figures they are, in words."""
        if self.chosen is not None:
            return self.chosen.name
        supervises = staff.region and staff.may(Permission.CASES_READ)
        return region_words(staff.region, language) if supervises else staff.agency

    def _counts(self, agency: Agency) -> tuple[int, ...]:
        own = (self.period.month,) if self.period.month else self.months
        return tuple(
            sum(self.found.count(figure, months=own, agency=agency.id) for figure in summed)
            for _, summed in OF_AGENCIES
        )


def make_report(
    session: Session, staff: SignedIn, args: Mapping[str, str], day: date, language: Language
) -> Report:
    """The report that an address asks for; what cannot be meant there counts as not asked."""
    period, scope = Period.of(args, day), readable(staff)
    held = select(Application.agency_id).where(scope)
    agencies = tuple(session.scalars(select(Agency).where(Agency.id.in_(held)).order_by(Agency.name)))
    chosen = next((a for a in agencies if str(a.id) == args.get("agency")), None)
    if chosen is not None:
        scope = and_(scope, Application.agency_id == chosen.id)
    found, months = figures(session, scope, period), period.months(day)
    laid_out = table(found, period, months, language)
    return Report(period, chosen, agencies, found, laid_out, months, matters(session, scope, period))


def years(session: Session, staff: SignedIn, day: date) -> range:
    """The years in which there were cases, this one first."""
    first = session.scalar(select(func.min(Application.made_at)).where(readable(staff)))
    return range(day.year, (first.astimezone(CHINA).year if first else day.year) - 1, -1)
