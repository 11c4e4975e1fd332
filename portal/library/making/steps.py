"""How an edition was made: 调研论证, 意见征询, 合法性审核 (舟山 二（一）1, 盘锦 二（一）; R28)."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from knowledge.clause import ClauseRef
from knowledge.edition import InstrumentKind
from portal import journal
from portal.calendar import today
from portal.errors import FieldError, FieldErrors, NotFound
from portal.library.issue import is_same_issue
from portal.library.models import EditionRow

from .models import Step
from .papers import Paper, proven
from .rules import StepKind, making_rules, rule_for


def steps_of(session: Session, edition_id: int) -> list[Step]:
    """All steps on record, struck ones too, in the order in which they were held."""
    return list(
        session.scalars(select(Step).where(Step.edition_id == edition_id).order_by(Step.held_on, Step.id))
    )


def add_step(
    session: Session,
    edition: EditionRow,
    kind: str,
    held_on: date | None,
    words: str,
    *,
    actor: str,
    paper: Paper | None = None,
) -> Step:
    """Puts a step on record, also after the edition was published: paper often arrives late."""
    paper_kind, wrong_paper = proven(paper) if paper else ("", None)
    errors = []
    if kind not in {k.value for k in StepKind}:
        errors.append(FieldError("kind", "choose"))
    if held_on is None:
        errors.append(FieldError("held_on", "required"))
    elif held_on > today():
        errors.append(FieldError("held_on", "day_past"))
    errors += [*wrong_words("step_words", words), *([wrong_paper] if wrong_paper else [])]
    if errors or held_on is None:
        raise FieldErrors(errors=errors)
    step = Step(edition_id=edition.id, kind=kind, held_on=held_on, words=words, added_by=actor)
    detail = {"kind": kind, "held_on": held_on.isoformat(), "edition": edition.digest, "words": words}
    if paper is not None:
        step.paper_name, step.paper_kind = paper.name, paper_kind
        step.paper, step.paper_digest = paper.content, paper.digest
        detail["paper"] = paper.digest
    session.add(step)
    journal.append(session, actor, "making.step", edition.instrument_id, detail)
    session.commit()
    return step


def strike_step(session: Session, edition: EditionRow, step_id: int, why: str, *, actor: str) -> Step:
    """Strikes a step that was put on record by mistake, for a reason; it stays readable."""
    step = session.get(Step, step_id)
    if step is None or step.edition_id != edition.id or step.struck_by:
        raise NotFound
    if errors := wrong_words("struck_why", why):
        raise FieldErrors(errors=errors)
    step.struck_by, step.struck_why = actor, why
    detail = {"kind": step.kind, "held_on": step.held_on.isoformat(), "why": why}
    journal.append(session, actor, "making.struck", edition.instrument_id, detail)
    session.commit()
    return step


def missing_steps(session: Session, edition: EditionRow, kind: InstrumentKind) -> tuple[StepKind, ...]:
    """The steps that the region's notice asks for and the record does not show."""
    rule = rule_for(making_rules().asked_steps, kind, edition.region)
    if rule is None or edition.summary or issued_before(session, edition):
        return ()
    held = {step.kind for step in steps_of(session, edition.id) if not step.struck_by}
    return tuple(step for step in rule.steps if step.value not in held)


def basis_of_steps(edition: EditionRow, kind: InstrumentKind) -> ClauseRef | None:
    """The clause that asks for the steps, where one does."""
    rule = rule_for(making_rules().asked_steps, kind, edition.region)
    return rule.basis if rule else None


def issued_before(session: Session, row: EditionRow) -> bool:
    """True where an official edition of the same issue has been public before: what is published again with
    other topics or test cases is no new text."""
    others = select(EditionRow).where(
        EditionRow.instrument_id == row.instrument_id,
        EditionRow.id != row.id,
        EditionRow.published_at.is_not(None),
        EditionRow.summary.is_(False),
    )
    return any(is_same_issue(other, row) for other in session.scalars(others))


def wrong_words(field: str, words: str) -> list[FieldError]:
    limit = making_rules().words
    if not words:
        return [FieldError(field, "required")]
    if len(words) > limit:
        return [FieldError(field, "too_long", {"limit": limit, "length": len(words)})]
    return []
