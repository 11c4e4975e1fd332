"""What must be said beside a verdict."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from .conclusion import EXEMPT, Conclusion
from .exemption import Caution, Ground, Outcome, ProgrammeFinding
from .listing import has_commitment
from .policy import policy
from .situation import Correction, Fault, Finding, Situation

_FILE = Path(__file__).with_name("sources") / "cautions.json"


@cache
def caution_wording() -> Mapping[str, Mapping[str, str]]:
    """The wording of each caution by language."""
    wording: Mapping[str, Mapping[str, str]] = json.loads(_FILE.read_text(encoding="utf-8"))
    return wording


def cautions_for(
    situation: Situation, conclusion: Conclusion, bar: ProgrammeFinding, on: date | None
) -> tuple[Caution, ...]:
    """Every caution that the case calls for, the most important first."""
    if conclusion.outcome is Outcome.NO_OPINION:
        return (Caution.CRIME_GOES_TO_POLICE,)
    return tuple(
        dict.fromkeys(
            (
                *_of_the_facts(situation),
                *_of_the_outcome(situation, conclusion),
                *_of_the_programme(situation, bar),
                *_of_other_grounds(situation, conclusion, on),
                Caution.PRE_CHECK,
            )
        )
    )


def _of_the_facts(situation: Situation) -> Iterator[Caution]:
    told = situation.corrected
    refused = situation.refused_correction or told is Correction.REFUSED
    if refused:
        yield Caution.REFUSAL_IS_PENALISED
    if refused or told in (Correction.NOT_YET, None):
        yield Caution.CORRECT_NOW
    done = (Correction.BEFORE_DISCOVERY, Correction.ON_THE_SPOT, Correction.IN_TIME)
    repeated = situation.first_offence and situation.repeat_within_months is not None
    if repeated or (situation.refused_correction and told in done):
        yield Caution.FACTS_CONFLICT
    last = situation.repeat_within_months
    if last is not None and last > policy().settled_lookback_months:
        yield Caution.LOOKBACK_UNDEFINED


def _of_the_outcome(situation: Situation, conclusion: Conclusion) -> Iterator[Caution]:
    outcome, track = conclusion.outcome, conclusion.track
    if outcome is Outcome.MAY_BE_EXEMPT:
        yield Caution.MAY_IS_DISCRETION
    minor = next((t for t in conclusion.tracks if t.ground is Ground.ARTICLE_33_1_MINOR), None)
    if minor and minor.finding is Finding.OFFICER and situation.minor is None:
        yield Caution.OTHER_LIMB_MINOR if outcome is Outcome.MAY_BE_EXEMPT else Caution.MINOR_IS_JUDGED
    if outcome in EXEMPT:
        yield Caution.EXEMPT_NOT_LIABLE
        yield Caution.EDUCATION_FOLLOWS
    if track.ground in (Ground.ARTICLE_30, Ground.ARTICLE_31) and outcome is not Outcome.LIGHTER:
        yield Caution.GUARDIAN
    if outcome is Outcome.LIGHTER and track.ground in (Ground.ARTICLE_30, Ground.ARTICLE_32):
        yield Caution.LIGHTER_OR_MITIGATED
    if track.item is None and outcome not in EXEMPT:
        yield Caution.NOT_ON_LIST
    if any(has_commitment(t.item) for t in conclusion.tracks if t.item):
        yield Caution.COMMITMENT_IS_NO_GATE


def _of_the_programme(situation: Situation, bar: ProgrammeFinding) -> Iterator[Caution]:
    if bar.excluded or bar.strict:
        yield Caution.PROGRAMME_IS_SEPARATE
    if situation.emergency_exploited:
        yield Caution.EMERGENCY_IS_HEAVIER


def _of_other_grounds(situation: Situation, conclusion: Conclusion, on: date | None) -> Iterator[Caution]:
    outcome = conclusion.outcome
    if situation.fault is Fault.NONE_PROVABLE:
        yield Caution.PROVE_NO_FAULT
    elif situation.fault is None and outcome is Outcome.CONDITIONS_NOT_MET:
        yield Caution.NO_FAULT_UNTOLD
    since = situation.time_since_act_years
    if since is not None and since > policy().time_bar_years:
        yield Caution.TIME_BAR
    if since is not None and on is not None:
        acted = on - timedelta(days=min(since, 100) * 365.25)
        if acted < policy().penalty_law_in_force:
            yield Caution.OLD_ACT_OLD_LAW
    if conclusion.eased and outcome not in (Outcome.LIGHTER, Outcome.MITIGATED):
        yield Caution.LIGHTER_REMAINS
