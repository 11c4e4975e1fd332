"""What the asker's own region says of a case: its programme, its list and the clause nearest to the words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from knowledge.clause import ClauseRef
from knowledge.edition import Edition
from knowledge.exemption import Verdict
from knowledge.programme import Programme
from knowledge.region import NATION
from knowledge.sector import load_sectors

from .citing import Citing
from .clause_answer import lead_of
from .list_contents import lists_for
from .phrases import joined, phrase, short_name, table
from .quote import quote
from .turn import Turn

if TYPE_CHECKING:
    from knowledge.search import Hit

ARTICLE_33 = ClauseRef("apl2021", "第三十三条")
EMERGENCY_RULE = ClauseRef("apl2021", "第四十九条")


def programme_says(turn: Turn, verdict: Verdict, citing: Citing) -> Iterator[str]:
    """What the region's notice says of this kind of case; it never decides article 33."""
    language = turn.language
    emergency = turn.situation.emergency_exploited
    if emergency:
        yield phrase(language, "emergency_49", mark=citing.mark(EMERGENCY_RULE))
        for region, rule in _emergency_rules(turn):
            yield phrase(language, "programme_emergency", region=short_name(region), mark=citing.mark(rule))
        return
    programme = turn.programme
    if programme is None:
        if turn.uncovered:
            yield phrase(language, "uncovered_national", region=short_name(turn.uncovered[0]))
        return
    place = short_name(programme.region)
    if verdict.programme.applies is False:
        names = joined(language, programme.departments)
        yield phrase(language, "programme_department", region=place, departments=names)
        return
    if verdict.programme.excluded and verdict.programme.citation:
        reason = _field(turn, programme, verdict)
        mark = citing.mark(verdict.programme.citation)
        yield phrase(language, "programme_excluded", region=place, reason=reason, mark=mark)
        return
    for sector in turn.situation.sectors:
        if sector in programme.strict_sectors:
            mark = citing.mark(programme.strict_sectors[sector])
            yield phrase(
                language, "programme_strict", region=place, reason=_sector(language, sector), mark=mark
            )
            return


def _emergency_rules(turn: Turn) -> Iterator[tuple[str, ClauseRef]]:
    """The emergency clause of the region asked about, or of every region when none was named."""
    regions = turn.regions or tuple(r for r in turn.knowledge.regions() if r != NATION)
    for region in regions:
        programme = turn.knowledge.programme(region, turn.question.on)
        if programme and programme.emergencies:
            yield programme.region, programme.emergencies


def _field(turn: Turn, programme: Programme, verdict: Verdict) -> str:
    """The field as the asker would name it, else the reason the rules gave."""
    named = [s for s in turn.situation.sectors if s in programme.barred_sectors]
    if named:
        return _sector(turn.language, named[0])
    return phrase(turn.language, f"bar_{verdict.programme.reason}")


def _sector(language: str, sector: str) -> str:
    found = load_sectors()[sector]
    return found.name_en if language == "en" else found.name


def local_rules(turn: Turn, verdict: Verdict, citing: Citing) -> Iterator[str]:
    """The list item that matches, and the clause of the region's notice on exemption."""
    item = verdict.item or (verdict.considered[0].item if verdict.considered else None)
    if item is not None:
        edition = turn.knowledge.edition(item.list, turn.question.on)
        mark = citing.mark(item.ref)
        if edition and mark:
            yield phrase(
                turn.language,
                "item_found",
                title=edition.title.strip("《》"),
                number=item.number,
                matter=item.matter,
                outcome=item.outcome.value,
                mark=mark,
            )
    for ref, key in _rules(turn, listed=item is not None):
        edition = citing.edition(ref)
        mark = citing.mark(ref)
        if edition is None or not mark:
            continue
        text = lead_of(turn, edition, ref.section) or quote(
            edition.full_text(ref.section), turn.text, table("thresholds")["quote_second"]
        )
        yield phrase(turn.language, key, region=_place(edition), text=text, mark=mark)


def _place(edition: Edition) -> str:
    """Whose rule it is: the region's short name, or the statute's title."""
    return (
        f"《{edition.title.strip('《》')}》" if NATION in edition.regions else short_name(edition.regions[0])
    )


def _rules(turn: Turn, *, listed: bool) -> Iterator[tuple[ClauseRef, str]]:
    """The clause nearest to the words asked, and the region's exemption clause or else its warning clause."""
    nearest, programme = nearest_clause(turn), turn.programme
    if nearest is not None:
        yield nearest.ref, "local_rule"
    general = (programme.exemption or programme.warning) if programme else None
    if programme and general is not None and (nearest is None or nearest.ref != general):
        yield general, "local_rule" if listed or general != programme.exemption else _without_item(turn)


def _without_item(turn: Turn) -> str:
    """How the region's list is spoken of where no item fits: none is published, or none of it says this."""
    held = any(NATION not in edition.regions for edition in lists_for(turn))
    return "local_list_searched" if held else "local_list"


def nearest_clause(turn: Turn) -> Hit | None:
    """The clause nearest to the words asked, if it is near enough and about the matter."""
    limits, aside = table("thresholds"), set(table("intents")["case_silent_topics"])
    for hit in (h for e in turn.evidence for h in e.hits[:2] if turn.region or h.region == NATION):
        needed = limits["case_clause" if hit.region != NATION else "case_clause_national"]
        if hit.score >= needed and not aside & set(hit.topics) and not ARTICLE_33.covers(hit.ref):
            return hit
    return None
