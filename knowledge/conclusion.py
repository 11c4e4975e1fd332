"""The outcome of a case: every track followed, and the one that decides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from . import grounds
from .clause import ClauseRef
from .exemption import Ground, ListItem, Outcome
from .listing import listed
from .situation import Finding, Situation
from .track import Track

RANK = {
    Outcome.SHALL_BE_EXEMPT: 5,
    Outcome.MAY_BE_EXEMPT: 4,
    Outcome.OFFICER_DECIDES: 3,
    Outcome.NEEDS_FACTS: 3,
    Outcome.MITIGATED: 2,
    Outcome.LIGHTER: 1,
    Outcome.CONDITIONS_NOT_MET: 0,
    Outcome.NO_OPINION: -1,
}
"""How favourable an outcome is to the party; undecided outcomes rank alike."""

_GROUNDS = (
    Ground.ARTICLE_30,
    Ground.ARTICLE_31,
    Ground.LIST_ITEM,
    Ground.ARTICLE_36,
    Ground.ARTICLE_33_2,
    Ground.ARTICLE_33_1_FIRST,
    Ground.ARTICLE_33_1_MINOR,
    Ground.ARTICLE_32,
)
EXEMPT = (Outcome.SHALL_BE_EXEMPT, Outcome.MAY_BE_EXEMPT)
UNDECIDED = (Outcome.OFFICER_DECIDES, Outcome.NEEDS_FACTS)


@dataclass(frozen=True, slots=True)
class Case:
    """A situation with everything it is judged against."""

    situation: Situation
    items: tuple[ListItem, ...] = ()
    region: str = ""
    department: str = ""
    sure: frozenset[ClauseRef] = frozenset()


@dataclass(frozen=True, slots=True)
class Conclusion:
    """An outcome with the track it rests on.

    ``open`` holds the tracks that could still do better, ``eased`` those to a lighter penalty that
    are met, the best first.
    """

    outcome: Outcome
    track: Track
    tracks: tuple[Track, ...] = ()
    open: tuple[Track, ...] = ()
    eased: tuple[Track, ...] = ()


def conclude(case: Case) -> Conclusion:
    """The outcome of a case and what it rests on, without the programme and without questions."""
    situation = case.situation
    items = listed(case.items, situation, case.region, case.department, case.sure)
    exempting = (*(t for t in items if t.outcome in EXEMPT), *grounds.exempting(situation))
    easing = (*(t for t in items if t.outcome not in EXEMPT), *grounds.easing(situation))
    tracks = tuple(dict.fromkeys((*exempting, *easing)))
    still_open = tuple(t for t in exempting if t.is_open)
    eased = tuple(sorted((t for t in easing if t.finding is Finding.MET), key=_preference))
    met = [t for t in exempting if t.finding is Finding.MET]
    if met:
        best = min(met, key=_preference)
        return Conclusion(best.outcome, best, tracks, still_open, eased)
    if still_open:
        return replace(_undecided(still_open, tracks), eased=eased)
    if eased:
        return Conclusion(eased[0].outcome, eased[0], tracks, eased=eased)
    hopeful = tuple(t for t in easing if t.is_open)
    if hopeful:
        return _undecided(hopeful, tracks)
    limbs = (grounds.first_limb(situation), grounds.minor_limb(situation))
    return Conclusion(Outcome.CONDITIONS_NOT_MET, min(limbs, key=lambda t: t.failures), tracks)


def _preference(track: Track) -> tuple[int, int, tuple[str, str]]:
    key = (track.item.list, track.item.number) if track.item else ("", "")
    return -RANK[track.outcome], _GROUNDS.index(track.ground), key


def _undecided(tracks: Sequence[Track], all_tracks: tuple[Track, ...]) -> Conclusion:
    """A ground that the asker raised is answered first; else a fact that would help is asked for.

    A special rule that applies the ground (食品安全法 第一百三十六条) comes before the general one.
    """
    raised = [t for t in tracks if t.raised and t.finding is Finding.OFFICER]
    if raised:
        first = min(raised, key=lambda t: (_GROUNDS.index(t.ground), _preference(t)))
        return Conclusion(Outcome.OFFICER_DECIDES, first, all_tracks, tuple(tracks))
    waiting = [t for t in tracks if t.asks]
    outcome = Outcome.NEEDS_FACTS if waiting else Outcome.OFFICER_DECIDES
    nearest = min(waiting or tracks, key=lambda t: (_GROUNDS.index(t.ground), len(t.asks), _preference(t)))
    return Conclusion(outcome, nearest, all_tracks, tuple(tracks))
