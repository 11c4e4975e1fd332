"""A case on one page, as staff see it: what is stated, what was cited, what changed, what was done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from itertools import pairwise
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from knowledge.library import Knowledge
from portal.accounts.models import Staff
from portal.calendar import today
from portal.chat.models import AnswerSource
from portal.documents.kinds import Kind, kind_of, kinds
from portal.phrasing import date_words
from portal.word_changes import Piece, word_changes
from portal.wording import Language, wording

from . import ledger
from .acts import events
from .basis import open_change
from .case_forms import (
    CaseForm,
    Field,
    basis_ground,
    case_form,
    forms_of,
    paper_act,
    paper_kinds,
    region_options,
)
from .choice import methods
from .deadlines import Duty, Standing, Workdays, duties
from .forms import said
from .lifecycle import Role, State, possible_acts
from .models import AgencyTerms, Application, AskedColleague, Complaint, Entry, Offence
from .papers import commitment_here, servable
from .problems import CaseConflict
from .statement import differences

LEADING = (
    "check_basis",
    "accept",
    "request_supplement",
    "refuse",
    "measure",
    "commitment",
    "reinspection",
    "expert_opinion",
    "issue_opinion",
    "deliver",
    "conclude",
    "follow_up",
    "archive",
    "terminate",
    "hand_over",
    "message",
    "note",
    "paper_confirmation",
    "ask_colleague",
    "assign",
)
"""The forms in the order in which a case needs them."""


Words = Mapping[str, Mapping[str, str]]
"""Words for choices that depend on the case, by the name of the choice."""


class Change(NamedTuple):
    field: str
    pieces: tuple[Piece, ...]


class Changes(NamedTuple):
    """What one revision changed."""

    number: int
    made_at: datetime
    fields: tuple[Change, ...]


class Event(NamedTuple):
    """One line of the journal."""

    number: int
    at: datetime
    act: str
    by: str


def forms_here(session: Session, application: Application) -> tuple[CaseForm, ...]:
    """The forms of what an officer may do now."""
    acts = possible_acts(State(application.state), Role.OFFICER)
    allowed = {form.name for act in acts for form in forms_of(act)} - _beside_the_point(session, application)
    return tuple(form for name in LEADING if name in allowed and (form := case_form(name)))


def paper_kinds_here(application: Application) -> tuple[Kind, ...]:
    """The documents that may be issued by themselves now."""
    acts = possible_acts(State(application.state), Role.OFFICER)
    return tuple(kind_of(name) for name in paper_kinds() if paper_act(name, correction=False) in acts)


def correctable_here(application: Application) -> frozenset[str]:
    """The kinds of documents that may be corrected now."""
    acts = possible_acts(State(application.state), Role.OFFICER)
    return frozenset(k.id.value for k in kinds() if paper_act(k.id, correction=True) in acts)


def form_options(session: Session, application: Application, language: Language) -> dict[str, Sequence[str]]:
    """What may be chosen in the forms of this case."""
    return {
        **region_options(application.region),
        "methods": tuple(m.id for m in methods(application.region, language)),
        "colleagues": tuple(str(s.id) for s in colleagues(session, application)),
        "documents": tuple(filed.document.number for filed in servable(session, application)),
    }


def option_words(session: Session, application: Application, language: Language) -> Words:
    """The words for choices that depend on the case."""
    return {
        "methods": {m.id: m.name for m in methods(application.region, language)},
        "colleagues": {str(s.id): s.name for s in colleagues(session, application)},
        "documents": {
            filed.document.number: f"{filed.kind.title} {filed.document.number}"
            for filed in servable(session, application)
        },
    }


def colleagues(session: Session, application: Application) -> tuple[Staff, ...]:
    """Those of the agency who may handle cases."""
    from portal.accounts.models import Role as StaffRole

    own = select(Staff).where(Staff.agency_id == application.agency_id, Staff.active)
    return tuple(s for s in session.scalars(own.order_by(Staff.name)) if StaffRole.OFFICER in s.roles)


def revisions(application: Application, language: Language) -> tuple[Changes, ...]:
    """Every change with its differences, the last one first."""
    found = []
    for before, after in pairwise(application.revisions):
        changes = tuple(
            Change(
                d.field,
                word_changes(said(d.field, d.before, language), said(d.field, d.after, language)),
            )
            for d in differences(before.statement, after.statement)
        )
        found.append(Changes(after.number, after.made_at, changes))
    return tuple(reversed(found))


def journal_lines(session: Session, application: Application, language: Language) -> tuple[Event, ...]:
    """The journal of the case, the last event first."""
    return tuple(
        Event(e.number, e.at, act_words(e.act, language), by_words(e.actor, language))
        for e in reversed(events(session, application))
    )


def act_words(act: str, language: Language) -> str:
    """What happened, in the words for staff where the party's are others."""
    t, name = wording(language), act.rpartition(".")[2]
    return t.of("case_event" if t.has(f"case_event.{name}") else "application_event", name)


def by_words(actor: str, language: Language) -> str:
    """Who did it, by name where it was a member of staff."""
    _, named, name = actor.partition(":")
    if named:
        return name
    return wording(language).of("application_role", actor)


def cited_sources(session: Session, application: Application) -> tuple[AnswerSource, ...]:
    """The clauses that the attached pre-check cited, as they stood in its release."""
    answer = str((application.verdict or {}).get("answer") or "")
    found = select(AnswerSource).where(AnswerSource.answer_id == answer).order_by(AnswerSource.number)
    return tuple(session.scalars(found)) if answer else ()


def duties_of(session: Session, application: Application, workdays: Workdays) -> tuple[Duty, ...]:
    terms = session.get(AgencyTerms, application.agency_id) if application.agency_id else None
    return duties(Standing.of(application, terms), workdays)


def offences(
    session: Session, application: Application, knowledge: Knowledge | None
) -> tuple[ledger.Window, tuple[Offence, ...]]:
    """The window that applies to the matter, and what the ledger holds within it."""
    statement = application.current.statement
    edition = knowledge.edition(str(statement.get("item_list") or ""), today()) if knowledge else None
    number = str(statement.get("item_number") or "")
    item = next((i for i in edition.items if i.number == number), None) if edition else None
    within = ledger.window(item, edition.in_force_from if edition else None, today())
    return within, ledger.earlier(session, statement, within, but_not=application.id)


def asks_me(session: Session, application: Application, staff_id: int) -> bool:
    return session.get(AskedColleague, (application.id, staff_id)) is not None


def open_complaints(session: Session, application: Application) -> bool:
    found = select(Complaint.id).where(
        Complaint.application_id == application.id, Complaint.answered_at.is_(None)
    )
    return session.scalar(found.limit(1)) is not None


def prefilled(session: Session, application: Application, form: CaseForm, name: str) -> dict[str, object]:
    """What the case already knows of a form, to be read and corrected by the officer."""
    statement = application.current.statement
    values: dict[str, object] = {f.name: today().isoformat() for f in form.fields if f.day == "past"}
    if form.name == "issue_opinion":
        terms = session.get(AgencyTerms, application.agency_id) if application.agency_id else None
        values["object"] = statement.get("party_name", "")
        values["contact"] = f"{name} {terms.phone}" if terms and terms.phone else ""
    if form.name == "commitment":
        values["facts"] = statement.get("matter", "")
    if form.name == "conclude":
        values["matter"] = ledger.matter_of(statement)
        values["found_on"] = ""
    if form.name == "terminate" and open_change(session, application) is not None:
        values["ground"] = basis_ground(application.region)
    if form.name == "deliver":
        papers = servable(session, application)
        values["document"] = papers[-1].document.number if papers else ""
    return values


def since_lines(conflict: CaseConflict, language: Language) -> list[tuple[datetime, str, str]]:
    """What came in between, for an officer."""
    return [(at, act_words(act, language), by_words(by, language)) for act, by, at in conflict.since]


def file_entries(
    application: Application, language: Language, words: Words
) -> list[tuple[Entry, list[tuple[str, str]]]]:
    """What acts left in the file, the first one first, with what each says."""
    return [(e, entry_lines(e, language, words)) for e in application.entries]


def entry_lines(entry: Entry, language: Language, words: Words) -> list[tuple[str, str]]:
    """What an act left in the file, as label and text."""
    form = case_form(entry.kind)
    if form is None:
        return [("", str(entry.content.get("text", "")))] if entry.content.get("text") else []
    t = wording(language)
    lines = []
    for part in form.fields:
        text = _value_words(part, entry.content.get(part.name), language, words)
        if text:
            lines.append((str(t(f"case_form.{form.name}.{part.name}")), text))
    return lines


def _value_words(
    part: Field,
    value: object,
    language: Language,
    words: Words,
) -> str:
    t = wording(language)
    if isinstance(value, bool):
        return str(t("applications.yes")) if value else ""
    if not value:
        return ""
    values = [str(v) for v in value] if isinstance(value, list) else [str(value)]
    if part.kind == "date":
        return date_words(date.fromisoformat(values[0]), language)
    if not part.options:
        return "\n".join(map(str, values))
    named = words.get(part.options, {})
    return "；".join(named.get(v) or t.of(f"case_option.{part.options}", v) for v in values)


def _beside_the_point(session: Session, application: Application) -> set[str]:
    """Forms that the table allows and the case has no use for."""
    beside = set()
    if open_change(session, application) is None:
        beside.add("check_basis")
    if not commitment_here(application.region):
        beside.add("commitment")
    if application.correction_due is None and not application.of_kind("reinspection"):
        beside.add("reinspection")
    return beside
