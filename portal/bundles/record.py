"""What the record says of a case, as data: each part by its name in the bundle, ``record/<name>.json``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from portal.applications.acts.case import subject
from portal.applications.case_page import cited_sources
from portal.applications.dossier import held_about
from portal.applications.models import Application, Complaint, Offence
from portal.applications.presentation import event_json, is_for_party
from portal.documents.issuing import Filed
from portal.documents.models import DeliveryConfirmation
from portal.journal import JournalEntry
from portal.wording import Language


@dataclass(frozen=True, slots=True)
class Record:
    """``internal`` is the full file of the handling agency; else it is what the party may have."""

    session: Session
    application: Application
    papers: tuple[Filed, ...]
    language: Language
    internal: bool

    def parts(self) -> dict[str, object]:
        """Every part; what the supervisor alone reads (投诉) is only the party's own to take."""
        held = held_about(
            self.session,
            self.application,
            self.language,
            internal=self.internal,
            complaints=not self.internal,
        )
        told: dict[str, object] = {
            "application": {**held["application"], "choice_notice": held["choice_notice"]},
            "revisions": held["revisions"],
            "verdict": {"verdict": held["verdict"], "clauses": self._clauses()},
            "entries": held["entries"],
            "messages": held["messages"],
            "delivery": self._confirmations(),
            "journal": [self._event(entry) for entry in self.events()],
        }
        if self.internal:
            return {**told, "ledger": [_offence(line) for line in self.ledger()]}
        return {**told, "complaints": held["complaints"], "mail_address": held["mail_address"]}

    def events(self) -> tuple[JournalEntry, ...]:
        """The events of the case, of its documents and of the bundles made of it, in their order."""
        subjects = [subject(self.application), *(f"document:{f.document.number}" for f in self.papers)]
        wanted: list[ColumnElement[bool]] = [JournalEntry.subject.in_(subjects)]
        if self.internal:
            wanted.append(JournalEntry.subject == bundle_subject(self.application))
        found = select(JournalEntry).where(or_(*wanted)).order_by(JournalEntry.number)
        return tuple(e for e in self.session.scalars(found) if self.internal or is_for_party(e))

    def ledger(self) -> tuple[Offence, ...]:
        """What this case left in the first-offence ledger."""
        wanted = select(Offence).where(Offence.application_id == self.application.id)
        return tuple(self.session.scalars(wanted.order_by(Offence.id)))

    def complaints(self) -> tuple[Complaint, ...]:
        wanted = select(Complaint).where(Complaint.application_id == self.application.id)
        return tuple(self.session.scalars(wanted.order_by(Complaint.id)))

    def _event(self, entry: JournalEntry) -> dict[str, Any]:
        """As it stands in the journal, so that it can be hashed again; a party reads it as on its page."""
        if not self.internal:
            return {**event_json(entry, self.language), "number": entry.number, "hash": entry.hash}
        return {
            "number": entry.number,
            "at": entry.at.isoformat(timespec="microseconds"),
            "actor": entry.actor,
            "act": entry.act,
            "subject": entry.subject,
            "detail": dict(entry.detail),
            "previous": entry.previous,
            "hash": entry.hash,
        }

    def _clauses(self) -> list[dict[str, object]]:
        found = cited_sources(self.session, self.application)
        return [{"title": s.title, "section": s.section, "text": s.text} for s in found]

    def _confirmations(self) -> list[dict[str, object]]:
        wanted = select(DeliveryConfirmation).where(
            DeliveryConfirmation.application_id == self.application.id
        )
        return [
            {
                "version": c.version,
                "name": c.name,
                "address": c.address,
                "signed_on": c.signed_on.isoformat(),
                "made_at": c.made_at.isoformat(),
                "ended_at": c.ended_at.isoformat() if c.ended_at else None,
            }
            for c in self.session.scalars(wanted.order_by(DeliveryConfirmation.id))
        ]


def bundle_subject(application: Application) -> str:
    """What the journal calls the file of a case as a whole. Not the case itself: that it was taken out is
    no news for an officer in the middle of an act."""
    return f"case_file:{application.number}"


def _offence(line: Offence) -> dict[str, object]:
    """Names no party: the ledger does not."""
    return {
        "matter": line.matter,
        "found_on": line.found_on.isoformat(),
        "outcome": line.outcome,
        "region": line.region,
        "agency": line.agency.name,
        "made_at": line.made_at.isoformat(),
    }
