"""Rules with the old and new words that they rest on: those that rest on the same words stand together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from portal.calendar import today
from portal.library.side_by_side import Part, parts_of
from portal.library.touch import Touch
from portal.wording import Language

from .models import RuleCheck
from .rule import Resting, Rule
from .shipped import rule_named


@dataclass(frozen=True, slots=True)
class Standing:
    """One rule as a page shows it. ``rule`` is None where this version of the portal no longer has it."""

    name: str
    rule: Rule | None
    check: RuleCheck | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """Rules that rest on the same words. ``whole``: on the document as a whole, of which ``parts`` would be
    everything; they are then left out."""

    document: str
    rules: tuple[Standing, ...]
    parts: tuple[Part, ...]
    whole: bool

    @property
    def count(self) -> int:
        return len(self.rules)


def groups_before(session: Session, resting: Iterable[Resting], language: Language) -> tuple[Group, ...]:
    """What a release would change under rules."""
    held = [(Standing(one.rule.id, one.rule), one.touches) for one in resting]
    return _grouped(session, held, today(), language)


def groups_after(session: Session, checks: Iterable[RuleCheck], language: Language) -> tuple[Group, ...]:
    """What was changed under rules, and is to be compared."""
    held = [(Standing(check.rule, rule_named(check.rule), check), check.touches) for check in checks]
    return _grouped(session, held, today(), language)


def _grouped(
    session: Session, held: Iterable[tuple[Standing, tuple[Touch, ...]]], made: date, language: Language
) -> tuple[Group, ...]:
    found: dict[tuple[bool, tuple[Touch, ...]], list[Standing]] = {}
    for standing, touches in held:
        whole = standing.rule is not None and not standing.rule.sections
        found.setdefault((whole, touches), []).append(standing)
    shown = {touch: None for whole, touches in found if not whole for touch in touches}
    parts = {part.touch: part for part in parts_of(session, shown, made, language)}
    return tuple(
        Group(
            touches[0].document,
            tuple(standings),
            () if whole else tuple(parts[touch] for touch in touches),
            whole,
        )
        for (whole, touches), standings in found.items()
    )
