"""The pre-check of a case: which outcome the law and the lists point to, and why.

A pre-check, never a decision. The rules, in words:

* A suspected crime goes to the police; nothing more is said.
* Every way to no penalty is a track: the statutory grounds (33(1) in both limbs; 30, 31, 33(2) and
  36 once the asker raises them) and the list items of the case's own region and department. What
  is met with the best effect decides; a list item is named before the article it applies.
* ``shall_be_exempt`` needs every condition told as met. Where the law turns on something that only
  the authority can establish (that evidence proves the absence of fault, that a long-past act was
  not discovered, incapacity, 轻微 when nobody told it), the outcome is ``officer_decides``.
* While a track is open, nothing is denied: ``needs_facts`` where a fact would settle it.
* Only when every track has failed does a lighter penalty come up (32, 30, lighter lists), and then
  ``conditions_not_met``. Not being on a list is never a reason.
* What a region's programme bars is reported beside the outcome and never changes it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from . import grounds
from .cautions import cautions_for
from .clause import ClauseRef
from .conclusion import EXEMPT, RANK, UNDECIDED, Case, Conclusion, conclude
from .exemption import (
    ConditionFinding,
    Ground,
    ItemFinding,
    ListItem,
    Outcome,
    ProgrammeFinding,
    Verdict,
)
from .listing import as_finding
from .missing import in_order_of_weight
from .programme import Programme
from .situation import Finding, Situation
from .track import Track


def assess(
    situation: Situation,
    items: Iterable[ListItem] = (),
    programme: Programme | None = None,
    *,
    region: str = "",
    department: str = "",
    sure: Iterable[ClauseRef] = (),
    on: date | None = None,
) -> Verdict:
    """The pre-check of a case on a day.

    ``items`` are list items in force whose matter looks like the asker's, of his own region or the
    nation; ``region`` keeps out any other. An item decides only in a field that the situation's
    sectors or ``department`` name, unless ``sure`` holds it: the asker came from that item, or chose
    it. ``programme`` is the region's.
    """
    bar = programme.bar(situation, department) if programme else ProgrammeFinding()
    if situation.suspected_crime:
        return _to_the_police(situation, programme, bar)
    case = Case(situation, tuple(items), region, department, frozenset(sure))
    conclusion = conclude(case)
    considered = tuple(as_finding(t) for t in conclusion.tracks if t.item)
    undecided = conclusion.outcome in UNDECIDED
    better = [t for t in conclusion.open if undecided or RANK[t.outcome] > RANK[conclusion.outcome]]
    return Verdict(
        conclusion.outcome,
        conclusion.track.ground,
        bar,
        conclusion.track.item,
        _shown_conditions(conclusion),
        in_order_of_weight(case, frozenset[str]().union(*(t.asks for t in better))),
        _citations(situation, conclusion, bar, programme),
        cautions_for(situation, conclusion, bar, on),
        _nearest_first(considered, conclusion.track.item),
        tuple(dict.fromkeys(text for t in better for text in t.open)),
        conclusion.eased[0].outcome if conclusion.eased and undecided else None,
    )


def _shown_conditions(conclusion: Conclusion) -> tuple[ConditionFinding, ...]:
    """The conditions of the track; for article 33(1), the other limb's own condition while it may count."""
    shown = conclusion.track.conditions
    if conclusion.track.ground not in (Ground.ARTICLE_33_1_FIRST, Ground.ARTICLE_33_1_MINOR):
        return shown
    texts = {c.condition for c in shown}
    others = [
        c
        for t in conclusion.tracks
        if t.ground in (Ground.ARTICLE_33_1_FIRST, Ground.ARTICLE_33_1_MINOR)
        and (t.finding is not Finding.NOT_MET or conclusion.outcome not in EXEMPT)
        for c in t.conditions
        if c.condition not in texts and c.fact in ("minor", "first_offence")
    ]
    return (*shown, *others)


def _nearest_first(considered: Sequence[ItemFinding], chosen: ListItem | None) -> tuple[ItemFinding, ...]:
    order = (Finding.MET, Finding.OFFICER, Finding.UNKNOWN, Finding.NOT_MET)
    return tuple(sorted(considered, key=lambda f: (f.item != chosen, order.index(f.finding), f.item.ref)))


def _citations(
    situation: Situation, conclusion: Conclusion, bar: ProgrammeFinding, programme: Programme | None
) -> tuple[ClauseRef, ...]:
    """The ground's own clauses first, then what bears on the case beside it."""
    refs = [*conclusion.track.citations]
    if bar.excluded and bar.citation:
        refs.append(bar.citation)
    refs.append(grounds.EXEMPTION)
    if situation.emergency_exploited:
        refs.append(grounds.EMERGENCY)
    if conclusion.outcome in UNDECIDED:
        refs.extend(ref for track in conclusion.eased[:1] for ref in track.citations)
    if conclusion.track.ground is Ground.ARTICLE_36:
        refs.append(grounds.TIME_COUNT)
    if programme and bar.applies and not bar.excluded and programme.exemption:
        refs.append(programme.exemption)
    if bar.strict:
        refs.append(bar.strict)
    if not bar.applies and bar.citation:
        refs.append(bar.citation)
    if conclusion.outcome in EXEMPT:
        refs.append(grounds.EDUCATION)
    return tuple(dict.fromkeys(refs))


def _to_the_police(situation: Situation, programme: Programme | None, bar: ProgrammeFinding) -> Verdict:
    clause = programme.suspected_crime if programme and bar.applies else None
    finding = ConditionFinding("违法行为涉嫌犯罪", Finding.MET, grounds.CRIME, "suspected_crime")
    rule = Conclusion(
        Outcome.NO_OPINION,
        Track(Ground.SUSPECTED_CRIME, Outcome.NO_OPINION, Finding.MET, (finding,), (grounds.CRIME,)),
    )
    return Verdict(
        Outcome.NO_OPINION,
        Ground.SUSPECTED_CRIME,
        bar,
        conditions=(finding,),
        citations=tuple(ref for ref in (grounds.CRIME, clause) if ref),
        cautions=cautions_for(situation, rule, bar, None),
    )
