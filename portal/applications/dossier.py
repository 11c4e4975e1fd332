"""Everything held about one application, in one piece: for the party that asks for its data (个人信息), and
for the archive (目录、文书、证据、过程记录)."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.documents.issuing import Filed
from portal.uploads.files import uploads_of
from portal.uploads.models import Upload
from portal.wording import Language

from .acts import events
from .basis import BasisChange, changes_of
from .mailing import address_of
from .models import Application, Complaint, Entry
from .papers import papers_of, servable
from .presentation import application_json, event_json, is_for_party


def dossier(
    session: Session,
    application: Application,
    language: Language,
    *,
    internal: bool,
    complaints: bool = True,
) -> str:
    """The file as JSON; ``internal`` adds what the party does not see. ``complaints`` go past the officer,
    to the supervisor: they are left out for who may not read them."""
    held = held_about(session, application, language, internal=internal, complaints=complaints)
    return json.dumps(held, ensure_ascii=False, indent=2) + "\n"


def dossier_name(application: Application) -> str:
    return f"{application.number}.json"


def held_about(
    session: Session,
    application: Application,
    language: Language,
    *,
    internal: bool = False,
    complaints: bool = True,
) -> dict[str, Any]:
    """What is held, beginning with a catalogue of it."""
    entries = [e for e in application.entries if e.public or internal]
    journal = [e for e in events(session, application) if internal or is_for_party(e)]
    documents = (papers_of if internal else servable)(session, application)
    content: dict[str, Any] = {
        "application": application_json(application, language),
        **({} if internal else {"mail_address": address_of(session, application)}),
        "choice_notice": application.choice.text if application.choice else "",
        "verdict": application.verdict,
        "revisions": [
            {"number": r.number, "made_at": r.made_at.isoformat(), "statement": dict(r.statement)}
            for r in application.revisions
        ],
        "entries": [_entry(e) for e in entries],
        "documents": [_paper(p) for p in documents],
        "evidence": [_upload(u) for u in uploads_of(session, application)],
        "basis_changes": [_basis_change(c) for c in changes_of(session, application)],
        "messages": [
            {"by": m.author, "at": m.sent_at.isoformat(), "text": m.text} for m in application.messages
        ],
        **({"complaints": _complaints(session, application)} if complaints else {}),
        "journal": [{**event_json(e, language), "number": e.number, "hash": e.hash} for e in journal],
    }
    catalogue = {name: len(part) for name, part in content.items() if isinstance(part, list)}
    return {"number": application.number, "catalogue": catalogue, **content}


def _complaints(session: Session, application: Application) -> list[dict[str, str]]:
    found = session.scalars(select(Complaint).where(Complaint.application_id == application.id))
    return [{"at": c.made_at.isoformat(), "text": c.text, "answer": c.answer} for c in found]


def _paper(filed: Filed) -> dict[str, Any]:
    document = filed.document
    return {
        "number": document.number,
        "kind": document.kind,
        "title": filed.kind.title,
        "on": document.issued_on.isoformat(),
        "digest": document.digest,
        "served": [{"way": d.form, "at": d.served_at.isoformat()} for d in filed.served],
        "opened_at": filed.opened_at.isoformat() if filed.opened_at else None,
        "acknowledged_at": filed.acknowledged_at.isoformat() if filed.acknowledged_at else None,
        "fields": document.content["fields"],
    }


def _upload(upload: Upload) -> dict[str, Any]:
    return {
        "name": upload.name,
        "kind": upload.kind,
        "size": upload.size,
        "digest": upload.digest,
        "at": upload.made_at.isoformat(),
    }


def _basis_change(change: BasisChange) -> dict[str, Any]:
    return {
        "at": change.made_at.isoformat(),
        "from_release": change.against,
        "to_release": change.release,
        "settled_at": change.settled_at.isoformat() if change.settled_at else None,
        "parts": change.parts,
    }


def _entry(entry: Entry) -> dict[str, Any]:
    return {
        "kind": entry.kind,
        "by": entry.author,
        "at": entry.made_at.isoformat(),
        "due_on": entry.due_on.isoformat() if entry.due_on else None,
        "content": dict(entry.content),
    }
