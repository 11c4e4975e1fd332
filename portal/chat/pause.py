"""What is open instead while the answering is stopped: said on the page where one would ask."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from knowledge.region import NATION, AmbiguousRegion, UnknownRegion, ancestors, resolve
from portal.accounts.models import Agency
from portal.applications.models import AgencyTerms
from portal.switch import is_answering, stopped_regions, stopping

MOST_CONTACTS = 8


@dataclass(frozen=True, slots=True)
class Contact:
    """How an agency is reached, as it made known."""

    agency: str
    phone: str
    hours: str
    address: str


@dataclass(frozen=True, slots=True)
class Pause:
    """A stop as the public is told of it. ``region`` is empty where nothing is answered at all; ``place``
    is the visitor's own region and ``contacts`` its agencies, where any made a telephone known."""

    region: str
    place: str
    contacts: tuple[Contact, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """How the answering stands for a visitor: stopped for them (``pause``), or for other regions."""

    pause: Pause | None = None
    elsewhere: tuple[str, ...] = ()

    @property
    def silent(self) -> bool:
        """True where no question can be put at all."""
        return self.pause is not None and not self.pause.region


def standing(session: Session, region: str = "") -> Standing:
    """How it stands for a visitor of this region, a path or as typed; empty for one who named none."""
    path = _path(region)
    if not is_answering(session):
        return Standing(pause_for(session, "", path))
    stopped = stopped_regions(session)
    held = stopping(stopped, path)
    if held:
        return Standing(pause_for(session, held, path), tuple(s for s in stopped if s != held))
    return Standing(None, stopped)


def pause_for(session: Session, region: str, typed: str = "") -> Pause:
    """The stop of one region (or of everything, for none), for a visitor of the region ``typed``."""
    path = _path(typed)
    place = path if path and (not region or stopping((region,), path)) else region
    return Pause(region, place, contacts(session, place))


def contacts(session: Session, region: str) -> tuple[Contact, ...]:
    """The agencies of this region, of those above it and within it, that made a telephone known; the
    nearest first."""
    rows = session.execute(
        select(Agency, AgencyTerms)
        .join(AgencyTerms, AgencyTerms.agency_id == Agency.id)
        .where(AgencyTerms.phone != "")
        .order_by(Agency.name)
    ).all()
    path = set(ancestors(region)) - {NATION} if region else set()

    def near(agency: Agency) -> bool:
        return not region or agency.region in path or agency.region.startswith(f"{region}/")

    found = sorted((row for row in rows if near(row[0])), key=lambda row: -len(row[0].region))
    return tuple(
        Contact(agency.name, terms.phone, terms.hours, terms.address)
        for agency, terms in found[:MOST_CONTACTS]
    )


def _path(region: str) -> str:
    """A region as a visitor's cookie or form has it; empty where it is none, which its field says."""
    try:
        return resolve(region) if region.strip() else ""
    except (AmbiguousRegion, UnknownRegion):
        return ""
