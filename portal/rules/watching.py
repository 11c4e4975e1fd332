"""Shipped rules, and the texts that they rest on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.library.models import Release, ReleaseAct
from portal.library.touch import Touches
from portal.library.watch import RULES, Stake, Step

from .models import RuleCheck
from .rule import Resting, Rule
from .shipped import shipped_rules

if TYPE_CHECKING:
    from portal.accounts.current import SignedIn


def resting_on(touches: Touches) -> tuple[Resting, ...]:
    """The shipped rules that rest on what is touched."""
    held = (Resting(rule, rule.touched(touches)) for rule in shipped_rules())
    return tuple(resting for resting in held if resting.touches)


class RuleWatcher:
    """Rules that ship, and the clauses of published notices that they rest on."""

    def stake(self, session: Session, touches: Touches, staff: SignedIn) -> Stake:  # noqa: ARG002  no names
        resting = resting_on(touches)
        documents = Counter(held.rule.document for held in resting)
        return Stake(RULES, len(resting), documents, resting=resting)

    def released(self, step: Step) -> Mapping[str, object]:
        """Leaves a comparison open for every rule that is touched.

        The starter knowledge and the rules are one work and ship together, so that bringing the starter
        knowledge up to date asks for none.
        """
        session = step.session
        if session.get_one(Release, step.after).act == ReleaseAct.SEED.value:
            return {}
        open_now = {check.open_for: check for check in _held(session)}
        opened = sum(_note(step, rule, open_now.get(rule.id)) for rule in shipped_rules())
        return {RULES: opened} if opened else {}


def _held(session: Session) -> list[RuleCheck]:
    """What is open, held until the commit: whoever compares a rule at this moment goes before or after."""
    found = select(RuleCheck).where(RuleCheck.open_for.is_not(None)).order_by(RuleCheck.id)
    return list(session.scalars(found.with_for_update(), execution_options={"populate_existing": True}))


def _note(step: Step, rule: Rule, check: RuleCheck | None) -> bool:
    """True where the rule has an open comparison by this step. What is open already grows by it, and is
    settled by itself where a release brought everything back."""
    touches = rule.touched(step.touches)
    if not touches:
        return False
    if check is None:
        check = RuleCheck(
            rule=rule.id, document=rule.document, open_for=rule.id, against=step.before, parts=[]
        )
        step.session.add(check)
    else:
        touches = rule.touched(step.touches_since(check.against))
    check.take(touches, step.after)
    if not touches:
        check.compare(None, "", "")
    return bool(touches)
