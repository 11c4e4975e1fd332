"""The documents that an act issues: what each says, taken from what the officer wrote and from the case."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy.orm import Session

from portal.calendar import today
from portal.database import now
from portal.documents.issuing import Filed, documents_of, issue
from portal.documents.kinds import DocumentKind, kind_of
from portal.documents.models import Document
from portal.errors import FieldError, FieldErrors
from portal.phrasing import moment_words
from portal.wording import Language, wording

from .choice import method_name
from .models import AgencyTerms, Application

if TYPE_CHECKING:
    from .acts import Officer

Content = Mapping[str, Any]
OPINION_PARTS = ("purpose", "content", "time", "object", "officers", "basis", "contact")
FORM_FIELDS = {"deadline": "due_on", "until": "reply_by", "explanation": "text"}
"""Where the field of a document is asked under another name on the form of the act."""


def issue_paper(  # noqa: PLR0917  what, with what, by whom, in place of which
    session: Session,
    application: Application,
    kind: DocumentKind,
    fields: Mapping[str, Any],
    officer: Officer | None,
    replaces: Document | None = None,
) -> str:
    """Issues a document of the case and gives its number; not yet committed.

    Raises FieldErrors, and nothing is held, where the document cannot say what its kind must say.
    """
    try:
        return issue(session, application, kind, fields, officer, today(), replaces).number
    except FieldErrors as wrong:
        session.rollback()
        errors = [FieldError(FORM_FIELDS.get(e.field, e.field), e.word, e.values) for e in wrong.errors]
        raise FieldErrors(errors=errors) from None


def supplement(session: Session, application: Application, content: Content, officer: Officer) -> str:
    """补正通知书: everything that is missing, told at once."""
    missing = [_word("missing", name) for name in content["missing"]]
    fields = {
        "missing": _lines([*missing, *content["text"].splitlines()]),
        "until": content["reply_by"],
        "manner": _t("papers.supplement_manner", number=application.number),
        "contact": contact_of(session, officer),
    }
    return issue_paper(session, application, DocumentKind.SUPPLEMENT, fields, officer)


def acceptance(session: Session, application: Application, content: Content, officer: Officer) -> str:
    """受理通知书."""
    terms = session.get(AgencyTerms, officer.agency_id)
    days = terms.conclude_days if terms else None
    fields = {
        "officer": officer.name,
        "promise": _t("papers.promise", days=days) if days else "",
        "words": content["text"],
        "contact": contact_of(session, officer),
    }
    return issue_paper(session, application, DocumentKind.ACCEPTANCE, fields, officer)


def refusal(session: Session, application: Application, content: Content, officer: Officer) -> str:
    """不予受理通知书: ground, reasons, clause; the remedies stand in its wording."""
    fields = {
        "ground": _word("refusal", content["ground"]),
        "explanation": content["text"],
        "clause": content["clause"],
        "contact": contact_of(session, officer),
    }
    return issue_paper(session, application, DocumentKind.REFUSAL, fields, officer)


def commitment(session: Session, application: Application, content: Content, officer: Officer) -> str:
    """承诺书, to be signed or not."""
    fields = {
        "facts": content["facts"],
        "basis": content["basis"],
        "correction": content["correction"],
        "deadline": content["due_on"],
        "education": content["education"],
    }
    return issue_paper(session, application, DocumentKind.COMMITMENT, fields, officer)


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
    return issue_paper(session, application, DocumentKind.OPINION, fields, officer)


def termination(session: Session, application: Application, content: Content, officer: Officer) -> str:
    """终止通知书."""
    fields = {
        "ground": _word("termination", content["ground"]),
        "explanation": content["text"],
        "clause": content["clause"],
        "effect": _t("papers.termination_effect"),
        "contact": contact_of(session, officer),
    }
    return issue_paper(session, application, DocumentKind.TERMINATION, fields, officer)


def withdrawal(session: Session, application: Application) -> str:
    """撤回申请确认书, which the portal itself issues at once."""
    fields = {
        "withdrawn": moment_words(now(), Language.CHINESE),
        "contact": _agency_contact(session, application),
    }
    return issue_paper(session, application, DocumentKind.WITHDRAWAL, fields, None)


def party_ending(session: Session, application: Application) -> str:
    """终止通知书 where the party itself ended it; the portal issues it at once."""
    fields = {
        "ground": _t(f"case_ground.{application.ground}"),
        "effect": _t("papers.termination_effect"),
        "contact": _agency_contact(session, application) or _t("papers.contact_here"),
    }
    return issue_paper(session, application, DocumentKind.TERMINATION, fields, None)


def papers_of(session: Session, application: Application) -> tuple[Filed, ...]:
    """The documents of a case, the first one first, those for internal use too."""
    return tuple(reversed(documents_of(session, application, internal=True)))


def servable(session: Session, application: Application) -> tuple[Filed, ...]:
    """The documents that may be served on the party."""
    return tuple(filed for filed in papers_of(session, application) if not filed.kind.internal)


def commitment_here(region: str) -> bool:
    """Whether the notice of the region provides for commitment letters."""
    return kind_of(DocumentKind.COMMITMENT).used_in(region)


def contact_of(session: Session, officer: Officer) -> str:
    """Whom to ask about a document: the officer, and the telephone that the agency made known."""
    terms = session.get(AgencyTerms, officer.agency_id)
    return f"{officer.name} {terms.phone}" if terms and terms.phone else officer.name


def _agency_contact(session: Session, application: Application) -> str:
    terms = session.get(AgencyTerms, application.agency_id) if application.agency_id else None
    return terms.phone if terms else ""


def paper_day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _word(options: str, value: str) -> str:
    return wording(Language.CHINESE).of(f"case_option.{options}", value)


def _t(key: str, **holes: object) -> str:
    return str(wording(Language.CHINESE).texts[key]).format(**holes)


def _lines(lines: Iterable[str]) -> str:
    return "\n".join(line for line in lines if line.strip())
