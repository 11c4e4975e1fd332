"""The documents that an act issues: what each says, taken from what the officer wrote and from the case."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy.orm import Session

from knowledge.programme import load_programmes
from knowledge.region import ancestors
from portal.calendar import today
from portal.wording import Language, wording

from .choice import method_name
from .models import AgencyTerms, Application, Entry
from .numbers import next_number

if TYPE_CHECKING:
    from .acts import Officer

PAPER = "document"
Content = Mapping[str, Any]


def issue_paper(
    session: Session, application: Application, kind: str, fields: Mapping[str, Any], officer: Officer
) -> str:
    """Issues a document of the case, numbered and not to be changed after; not yet committed."""
    number = next_number(session, today().year, f"D{officer.agency_id}-")
    application.entries.append(
        Entry(
            kind=PAPER,
            author="officer",
            staff_id=officer.id,
            content={"kind": kind, "number": number, "fields": dict(fields), "on": today().isoformat()},
            public=True,
        )
    )
    return number


def supplement(session: Session, application: Application, content: Content, officer: Officer) -> str:
    """补正通知书: everything that is missing, told at once."""
    missing = [_word("missing", name) for name in content["missing"]]
    fields = {
        "missing": _lines([*missing, *content["text"].splitlines()]),
        "until": content["reply_by"],
        "manner": _t("papers.supplement_manner", number=application.number),
        "contact": contact_of(session, officer),
    }
    return issue_paper(session, application, "supplement", fields, officer)


def acceptance(session: Session, application: Application, content: Content, officer: Officer) -> str:
    """受理通知书."""
    terms = session.get(AgencyTerms, officer.agency_id)
    days = terms.conclude_days if terms else None
    fields = {
        "officer": officer.name,
        "promise": _t("papers.promise", days=days) if days else "",
        "following": content["text"],
        "contact": contact_of(session, officer),
    }
    return issue_paper(session, application, "acceptance", fields, officer)


def refusal(session: Session, application: Application, content: Content, officer: Officer) -> str:
    """不予受理通知书: ground, reasons, clause; the remedies stand in its wording."""
    fields = {
        "ground": _word("refusal", content["ground"]),
        "explanation": content["text"],
        "clause": content["clause"],
        "contact": contact_of(session, officer),
    }
    return issue_paper(session, application, "refusal", fields, officer)


def commitment(session: Session, application: Application, content: Content, officer: Officer) -> str:
    """承诺书, to be signed or not."""
    fields = {
        "facts": content["facts"],
        "basis": content["basis"],
        "correction": content["correction"],
        "deadline": content["due_on"],
        "education": content["education"],
    }
    return issue_paper(session, application, "commitment", fields, officer)


def opinion(session: Session, application: Application, content: Content, officer: Officer) -> str:
    """意见书 with its five parts."""
    methods = [m for e in application.of_kind("measure") for m in e.content["methods"]]
    fields = {
        **{
            name: content[name]
            for name in ("purpose", "content", "time", "object", "officers", "basis", "contact")
        },
        "facts": str(application.current.statement["matter"]),
        "methods": _lines(method_name(m, Language.CHINESE) for m in dict.fromkeys(methods)),
        "deadline": content["due_on"],
    }
    return issue_paper(session, application, "opinion", fields, officer)


def termination(session: Session, application: Application, content: Content, officer: Officer) -> str:
    """终止通知书."""
    fields = {
        "ground": _word("termination", content["ground"]),
        "explanation": content["text"],
        "clause": content["clause"],
        "effect": _t("papers.termination_effect"),
        "contact": contact_of(session, officer),
    }
    return issue_paper(session, application, "termination", fields, officer)


@dataclass(frozen=True, slots=True)
class Paper:
    """A document of a case, as lists name it. ``number`` is also what deliveries refer to."""

    number: str
    kind: str
    title: str
    on: date
    fields: Mapping[str, Any]


def papers_of(_session: Session, application: Application) -> tuple[Paper, ...]:
    """The documents of a case, the first one first."""
    return tuple(
        Paper(
            str(e.content["number"]),
            str(e.content["kind"]),
            wording(Language.CHINESE).of("papers.kind", e.content["kind"]),
            date.fromisoformat(str(e.content["on"])),
            e.content["fields"],
        )
        for e in application.of_kind(PAPER)
    )


def commitment_here(region: str) -> bool:
    """Whether the notice of the region provides for commitment letters."""
    programmes = load_programmes()
    return any(programmes[r].commitment for r in ancestors(region) if r in programmes)


def contact_of(session: Session, officer: Officer) -> str:
    """Whom to ask about a document: the officer, and the telephone that the agency made known."""
    terms = session.get(AgencyTerms, officer.agency_id)
    return f"{officer.name} {terms.phone}" if terms and terms.phone else officer.name


def paper_day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _word(options: str, value: str) -> str:
    return wording(Language.CHINESE).of(f"case_option.{options}", value)


def _t(key: str, **holes: object) -> str:
    return str(wording(Language.CHINESE).texts[key]).format(**holes)


def _lines(lines: Iterable[str]) -> str:
    return "\n".join(line for line in lines if line.strip())
