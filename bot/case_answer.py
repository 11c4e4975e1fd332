"""Answers to questions about a case: the pre-check in words, the local rule, and what to do next."""

from __future__ import annotations

from collections.abc import Iterator

from knowledge.cautions import caution_wording
from knowledge.clause import ClauseRef
from knowledge.exemption import Ground, Outcome, Verdict
from knowledge.programme import Programme
from knowledge.region import NATION
from knowledge.situation import Correction, Finding

from .assess import questions_back, region_question
from .citing import Citing
from .clause_answer import lead_of
from .guidance import actions_for, suggestions_for
from .phrases import phrase, table
from .quote import quote
from .reply import QuestionBack, Reply, ReplyStatus
from .turn import Turn
from .understand import remembered

LIMB_RULE = ClauseRef("apl2021", "第三十三条/第一款")
NO_FAULT_RULE = ClauseRef("apl2021", "第三十三条/第二款")
EMERGENCY_RULE = ClauseRef("apl2021", "第四十九条")
HARM_REMOVED_RULE = ClauseRef("apl2021", "第三十二条/（一）")

_OPENING = {
    Outcome.SHALL_BE_EXEMPT: "case_shall",
    Outcome.MAY_BE_EXEMPT: "case_may",
    Outcome.LIGHTER: "case_lighter",
    Outcome.MITIGATED: "case_mitigated",
    Outcome.CONDITIONS_NOT_MET: "case_not_met",
    Outcome.OFFICER_DECIDES: "case_officer",
    Outcome.NO_OPINION: "case_crime",
}


def compose(turn: Turn) -> Reply:
    """The verdict first, then the region's own rule, article 33, what to do, and what is still asked."""
    verdict = turn.verdict
    if verdict is None:
        raise RuntimeError("a case without a verdict")
    citing = Citing(turn.knowledge, turn.question.on)
    back = questions_back(turn)
    blocks = [block for block in _blocks(turn, verdict, citing) if block]
    if not turn.regions and verdict.outcome is not Outcome.NO_OPINION:
        blocks.append(phrase(turn.language, "choose_region_case"))
        back = (*back, region_question(turn))
    return Reply(
        _status(verdict, turn.situation.emergency_exploited, back),
        "\n\n".join(blocks),
        language=turn.language,
        verdict=verdict,
        citations=citing.clauses(),
        questions_back=back,
        actions=actions_for(turn),
        suggestions=suggestions_for(turn),
        memory=remembered(turn, back[0].fact if back else "").to_json(),
    )


def _status(verdict: Verdict, emergency: bool | None, back: tuple[QuestionBack, ...]) -> ReplyStatus:
    """A clarification only where so much is missing that nothing useful could be said yet."""
    decisive = set(table("thresholds")["decisive_facts"]) & set(verdict.missing)
    if (
        verdict.outcome is Outcome.NEEDS_FACTS
        and not verdict.programme.excluded
        and not emergency
        and back
        and len(decisive) >= table("thresholds")["clarify_missing"]
    ):
        return ReplyStatus.CLARIFICATION
    return ReplyStatus.ANSWERED


def _blocks(turn: Turn, verdict: Verdict, citing: Citing) -> Iterator[str]:
    programme = "\n".join(_programme(turn, verdict, citing))
    opening = _opening(turn, verdict, citing)
    barred = verdict.programme.excluded or turn.situation.emergency_exploited
    yield from (programme, opening) if barred else (opening, programme)
    if verdict.outcome is Outcome.NO_OPINION:
        return
    yield _findings(turn, verdict)
    yield "\n".join(_local(turn, verdict, citing))
    yield _article_33(turn, verdict, citing)
    yield _mitigations(turn, citing)
    yield _cautions(turn, verdict)
    yield _next(turn, verdict, citing)


def _opening(turn: Turn, verdict: Verdict, citing: Citing) -> str:
    language = turn.language
    mark = citing.mark(_ground_clause(verdict))
    if verdict.outcome is Outcome.NEEDS_FACTS:
        names = _names(turn, verdict.missing)
        some_told = any(c.finding is Finding.MET for c in verdict.conditions)
        few = len(set(table("thresholds")["decisive_facts"]) & set(verdict.missing)) < 2
        key = "case_nearly" if some_told and few else "case_needs"
        return phrase(language, key, missing=names, mark=mark)
    if verdict.outcome is Outcome.CONDITIONS_NOT_MET:
        failed = [_named(turn, c.condition) for c in verdict.conditions if c.finding is Finding.NOT_MET]
        reasons = phrase(language, "not_met_reason", names=_join(language, tuple(dict.fromkeys(failed))))
        return phrase(language, "case_not_met", mark=mark, reasons=reasons)
    return phrase(language, _OPENING[verdict.outcome], mark=mark)


def _ground_clause(verdict: Verdict) -> ClauseRef:
    if verdict.ground is Ground.LIST_ITEM and verdict.item:
        return verdict.item.ref
    return verdict.citations[0] if verdict.citations else LIMB_RULE


def _names(turn: Turn, facts: tuple[str, ...]) -> str:
    wordings = table("facts_asked")
    names = tuple(wordings[f][turn.language]["name"] for f in facts if f in wordings)
    return _join(turn.language, names[:4])


def _join(language: str, names: tuple[str, ...]) -> str:
    return (", " if language == "en" else "、").join(names)


def _findings(turn: Turn, verdict: Verdict) -> str:
    """One line a finding: what is met, what is not, what only the authority can judge."""
    lines = []
    for finding, key in ((Finding.MET, "findings_met"), (Finding.OFFICER, "findings_officer")):
        names = tuple(
            dict.fromkeys(_named(turn, c.condition) for c in verdict.conditions if c.finding is finding)
        )
        if names:
            lines.append(phrase(turn.language, key, names=_join(turn.language, names)))
    return "".join(lines) if turn.language == "zh" else " ".join(lines)


def _named(turn: Turn, condition: str) -> str:
    """A condition in the asker's language where it is one of the statute's; else as printed."""
    if turn.language == "en":
        return str(table("conditions_en").get(condition, condition))
    return condition


def _programme(turn: Turn, verdict: Verdict, citing: Citing) -> Iterator[str]:
    """What the region's notice says of this kind of case; it never decides article 33."""
    language = turn.language
    emergency = turn.situation.emergency_exploited
    if emergency:
        yield phrase(language, "emergency_49", mark=citing.mark(EMERGENCY_RULE))
        for region, rule in _emergency_rules(turn):
            yield phrase(language, "programme_emergency", region=_short(region), mark=citing.mark(rule))
        return
    programme = turn.programme
    if programme is None:
        if turn.uncovered:
            yield phrase(language, "uncovered_national", region=_short(turn.uncovered[0]))
        return
    place = _short(programme.region)
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
    if programme.departments and not _same_department(turn, programme):
        names = _join(language, programme.departments)
        yield phrase(language, "programme_department", region=place, departments=names)


def _emergency_rules(turn: Turn) -> Iterator[tuple[str, ClauseRef]]:
    """The emergency clause of the region asked about, or of every region when none was named."""
    regions = turn.regions or tuple(r for r in turn.knowledge.regions() if r != NATION)
    for region in regions:
        programme = turn.knowledge.programme(region, turn.question.on)
        if programme and programme.emergencies:
            yield programme.region, programme.emergencies


def _same_department(turn: Turn, programme: Programme) -> bool:
    sectors = turn.situation.sectors
    return not sectors or any(s in programme.sectors for s in sectors)


def _field(turn: Turn, programme: Programme, verdict: Verdict) -> str:
    """The field as the asker would name it, else the reason the rules gave."""
    named = [s for s in turn.situation.sectors if s in programme.barred_sectors]
    if named:
        return _sector(turn.language, named[0])
    return phrase(turn.language, f"bar_{verdict.programme.reason}")


def _sector(language: str, sector: str) -> str:
    from knowledge.sector import load_sectors

    found = load_sectors()[sector]
    return found.name_en if language == "en" else found.name


def _short(region: str) -> str:
    return region.rpartition("/")[2]


def _local(turn: Turn, verdict: Verdict, citing: Citing) -> Iterator[str]:
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
    programme = turn.programme
    if programme is None:
        return
    for ref, key in _local_rules(turn, programme, listed=item is not None):
        edition = citing.edition(ref)
        mark = citing.mark(ref)
        if edition is None or not mark:
            continue
        text = lead_of(turn, edition, ref.section) or quote(
            edition.full_text(ref.section), turn.text, table("thresholds")["quote_second"]
        )
        yield phrase(turn.language, key, region=_short(programme.region), text=text, mark=mark)


def _local_rules(turn: Turn, programme: Programme, *, listed: bool) -> Iterator[tuple[ClauseRef, str]]:
    """The region's exemption clause, else its warning clause, and the clause nearest to the words asked."""
    general = programme.exemption or programme.warning
    if general is not None:
        yield general, "local_rule" if listed or general != programme.exemption else "local_list"
    limits = table("thresholds")
    untold = set(table("intents")["case_silent_topics"])
    nearest = next(
        (h for e in turn.evidence for h in e.hits[:2] if h.region != NATION and not untold & set(h.topics)),
        None,
    )
    if nearest and nearest.ref != general and nearest.score >= limits["case_clause"]:
        yield nearest.ref, "local_rule"


def _article_33(turn: Turn, verdict: Verdict, citing: Citing) -> str:
    if verdict.ground is Ground.ARTICLE_33_2:
        return phrase(turn.language, "rule_33_2", mark=citing.mark(NO_FAULT_RULE))
    return phrase(turn.language, "rule_33", mark=citing.mark(LIMB_RULE))


def _mitigations(turn: Turn, citing: Citing) -> str:
    """Grounds told that call for a lighter or mitigated penalty, should there be one (article 32)."""
    told = sorted(m.value for m in turn.situation.mitigations)
    if not told:
        return ""
    rules = table("intents")["mitigation_clauses"]
    marks = "".join(citing.mark(ClauseRef("apl2021", rules[name])) for name in told)
    names = _join(turn.language, tuple(phrase(turn.language, f"mitigation_{name}") for name in told))
    return phrase(turn.language, "mitigated_by", names=names, mark=marks)


def _cautions(turn: Turn, verdict: Verdict) -> str:
    """The cautions of the rules that no other part of the answer says already."""
    said = set(table("intents")["cautions_said_elsewhere"])
    left = [c for c in verdict.cautions if c.value not in said][: table("thresholds")["cautions"]]
    return "\n".join(caution_wording()[c.value][turn.language] for c in left)


def _next(turn: Turn, verdict: Verdict, citing: Citing) -> str:
    language, corrected = turn.language, turn.situation.corrected
    lines = []
    if corrected is Correction.REFUSED or turn.situation.refused_correction:
        rule = turn.programme.refused_correction if turn.programme else None
        lines.append(phrase(language, "next_refused", mark=citing.mark(rule) if rule else ""))
    if corrected in (Correction.NOT_YET, Correction.LATE, Correction.REFUSED):
        lines.append(phrase(language, "next_late", mark=citing.mark(HARM_REMOVED_RULE)))
    elif corrected is None:
        lines.append(phrase(language, "next_correct"))
    else:
        lines.append(phrase(language, "next_corrected"))
    if verdict.outcome in (Outcome.SHALL_BE_EXEMPT, Outcome.MAY_BE_EXEMPT, Outcome.NEEDS_FACTS):
        lines.append(phrase(language, "liability"))
    return "".join(lines) if language == "zh" else " ".join(lines)
