"""Comparing shipped rules with the texts that changed under them: what is open, and who compared it."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal import journal
from portal.errors import FieldError, FieldErrors, Problem

from .models import Result, RuleCheck
from .shipped import rule_named

REMARK = 500
PAST = 50
"""How many comparisons that are done are shown."""


class RuleMoved(Problem):
    """Someone has compared the rule meanwhile, or its text has changed again."""

    slug = "rule_moved"


def open_checks(session: Session) -> list[RuleCheck]:
    """What is still to be compared or put right, document by document."""
    found = select(RuleCheck).where(RuleCheck.open_for.is_not(None))
    return list(session.scalars(found.order_by(RuleCheck.document, RuleCheck.id)))


def count_open(session: Session) -> int:
    return session.scalar(select(func.count()).where(RuleCheck.open_for.is_not(None))) or 0


def past_checks(session: Session) -> list[RuleCheck]:
    """The comparisons that are done, the latest first."""
    found = select(RuleCheck).where(RuleCheck.open_for.is_(None))
    return list(session.scalars(found.order_by(RuleCheck.checked_at.desc(), RuleCheck.id.desc()).limit(PAST)))


def record_comparison(
    session: Session, seen: Mapping[int, int], result: str, remark: str, *, actor: str
) -> list[RuleCheck]:
    """Records that these rules were compared with the new text, and what was found.

    ``seen`` are the checks by id, each with the version that was before the eyes; RuleMoved where one is
    another by now. FieldErrors where nothing was chosen, or the remark is missing or too long.
    """
    errors = [] if seen else [FieldError("check", "rule_none")]
    if result not in {r.value for r in Result}:
        errors.append(FieldError("result", "choose"))
    if not remark:
        errors.append(FieldError("remark", "required"))
    elif len(remark) > REMARK:
        errors.append(FieldError("remark", "too_long", {"limit": REMARK, "length": len(remark)}))
    if errors:
        raise FieldErrors(errors=errors)
    checks = _needed(session, seen)
    for check in checks:
        check.compare(Result(result), remark, actor)
        rule = rule_named(check.rule)
        detail = {
            "result": result,
            "remark": remark,
            "document": check.document,
            "against": check.against,
            "release": check.release,
            "words": dict(rule.words) if rule else {},
        }
        journal.append(session, actor, "rule.compared", check.rule, detail)
    session.commit()
    return checks


def _needed(session: Session, seen: Mapping[int, int]) -> list[RuleCheck]:
    found = session.scalars(select(RuleCheck).where(RuleCheck.id.in_(seen)).order_by(RuleCheck.id))
    checks = [c for c in found if c.open_for is not None and c.version == seen[c.id]]
    if len(checks) != len(seen):
        session.rollback()
        raise RuleMoved
    return checks


def read_seen(marks: Collection[str]) -> dict[int, int]:
    """Checks and versions as the form names them (``12.3``); what is no such name is left out."""
    pairs = (mark.partition(".") for mark in marks if len(mark) < 20)
    return {int(a): int(b) for a, _, b in pairs if a.isdecimal() and b.isdecimal()}
