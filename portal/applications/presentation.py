"""An application as its party sees it: plain JSON values, and the words for its state and what comes next."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from portal.journal import JournalEntry
from portal.wording import Language, wording

from .acts import events
from .lifecycle import OPEN, Act, Role, State, possible_acts
from .models import Application
from .statement import Difference, differences, empty_statement


def application_url(number: str) -> str:
    return f"/applications/{number}"


def receipt_json(application: Application, code: str) -> dict[str, Any]:
    """What a submission is answered with; the only time that the code is said."""
    return {
        "number": application.number,
        "access_code": code,
        "state": application.state,
        "url": application_url(application.number),
    }


def application_json(application: Application, language: Language) -> dict[str, Any]:
    """Everything that the party has stated and that was done with it."""
    t = wording(language)
    state = State(application.state)
    submitted = application.submitted_at
    return {
        "number": application.number,
        "state": state.value,
        "open": state in OPEN,
        "region": application.region,
        "revision": application.current.number,
        "statement": {**empty_statement(), **application.current.statement},
        "made_at": application.made_at.isoformat(),
        "submitted_at": submitted.isoformat() if submitted else None,
        "touched_at": application.touched_at.isoformat(),
        "next": {
            "text": str(t(f"application_next.{state}")),
            "deadline": None,
            "deadline_note": str(t("applications.no_deadline")) if state in OPEN else "",
        },
        "acts": [act.value for act in acts_here(state)],
        "choice": {
            "version": application.choice.version,
            "accepted": application.choice.accepted,
            "chosen_at": application.choice.chosen_at.isoformat(),
        }
        if application.choice
        else None,
        "url": application_url(application.number),
    }


def changed_json(application: Application, before: int, language: Language) -> dict[str, Any]:
    """The application after a change, and what the change replaced since the revision ``before``."""
    return {
        **application_json(application, language),
        "changed": [
            {"field": d.field, "before": d.before, "after": d.after}
            for d in revision_differences(application, before)
        ],
    }


def events_json(session: Session, application: Application, language: Language) -> dict[str, Any]:
    return {
        "number": application.number,
        "events": [event_json(entry, language) for entry in party_events(session, application)],
    }


def party_events(session: Session, application: Application) -> tuple[JournalEntry, ...]:
    """The events that concern the party; notes for the file and talks among colleagues do not."""
    return tuple(entry for entry in events(session, application) if is_for_party(entry))


def is_for_party(entry: JournalEntry) -> bool:
    act = entry.act.rpartition(".")[2]
    if act == Act.NOTE:
        return bool(entry.detail.get("public"))
    return act not in (Act.ASK_COLLEAGUE, Act.ASSIGN)


def event_json(entry: JournalEntry, language: Language) -> dict[str, Any]:
    """One event of the journal; its detail names fields and revisions, never what was written."""
    act = entry.act.rpartition(".")[2]
    return {
        "at": entry.at.isoformat(),
        "act": act,
        "label": wording(language).of("application_event", act),
        "by": wording(language).of("application_role", _role(entry.actor)),
        "detail": dict(entry.detail),
    }


def _role(actor: str) -> str:
    """Parties are told by which side something was done, not by whom."""
    side = actor.partition(":")[0]
    return Role.OFFICER.value if side == "staff" else side


def acts_here(state: State) -> tuple[Act, ...]:
    """What the party can do now; a draft is saved by its form."""
    return tuple(act for act in possible_acts(state, Role.PARTY) if act is not Act.SAVE)


def revision_differences(application: Application, since: int) -> tuple[Difference, ...]:
    """What the current revision says otherwise than revision ``since``."""
    then = next((r for r in application.revisions if r.number == since), application.revisions[0])
    return differences(then.statement, application.current.statement)
