"""Answers to questions about a case: the pre-check in words, the local rule, and what to do next."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from knowledge.clause import ClauseRef
from knowledge.exemption import Ground, Outcome, Verdict
from knowledge.situation import Finding

from .aside_answer import aside_blocks
from .assess import questions_back, region_question
from .case_law import LIMB_RULE, article_33, cautions, mitigations, next_steps
from .case_region import local_rules, nearest_clause, programme_says
from .citing import Citing
from .guidance import actions_for, suggestions_for
from .phrases import joined, phrase, table
from .presumption import presumed, presumption
from .reply import QuestionBack, Reply, ReplyStatus
from .stage_step import stage_step
from .turn import Turn
from .understand import remembered

if TYPE_CHECKING:
    pass


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
    asked_before = aside_blocks(turn, citing, turn.evidence_before)
    blocks = [block for block in _blocks(turn, verdict, citing) if block]
    if turn.apart:
        blocks[:1] = [f"{phrase(turn.language, 'aside_case')}\n{blocks[0]}"]
    blocks = [*asked_before, *blocks, *aside_blocks(turn, citing, turn.evidence_after)]
    if not turn.regions and verdict.outcome is not Outcome.NO_OPINION:
        blocks.append(phrase(turn.language, "choose_region_case"))
        back = (*back, region_question(turn))
    return Reply(
        _status(turn, verdict, back),
        "\n\n".join(blocks),
        language=turn.language,
        verdict=verdict,
        citations=citing.clauses(),
        questions_back=back,
        actions=actions_for(turn),
        suggestions=suggestions_for(turn),
        memory=remembered(turn, tuple(question.fact for question in back), presumed(turn)).to_json(),
    )


def _status(turn: Turn, verdict: Verdict, back: tuple[QuestionBack, ...]) -> ReplyStatus:
    """A clarification only where nothing decisive was told and no clause is near the words."""
    decisive = set(table("thresholds")["decisive_facts"])
    if (
        verdict.outcome is Outcome.NEEDS_FACTS
        and back
        and decisive <= set(verdict.missing)
        and not verdict.programme.excluded
        and not turn.situation.emergency_exploited
        and nearest_clause(turn) is None
    ):
        return ReplyStatus.CLARIFICATION
    return ReplyStatus.ANSWERED


def _blocks(turn: Turn, verdict: Verdict, citing: Citing) -> Iterator[str]:
    programme = "\n".join(programme_says(turn, verdict, citing))
    opening = _opening(turn, verdict, citing)
    barred = verdict.programme.excluded or turn.situation.emergency_exploited
    yield from (programme, opening) if barred else (opening, programme)
    if verdict.outcome is Outcome.NO_OPINION:
        return
    yield _findings(turn, verdict)
    yield "\n".join(local_rules(turn, verdict, citing))
    yield article_33(turn, verdict, citing)
    yield presumption(turn, citing)
    yield mitigations(turn, citing)
    yield cautions(turn, verdict)
    yield next_steps(turn, verdict, citing)
    yield stage_step(turn, citing)


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
        reasons = phrase(language, "not_met_reason", names=joined(language, tuple(dict.fromkeys(failed))))
        return phrase(language, "case_not_met", mark=mark, reasons=reasons)
    return phrase(language, _OPENING[verdict.outcome], mark=mark)


def _ground_clause(verdict: Verdict) -> ClauseRef:
    if verdict.ground is Ground.LIST_ITEM and verdict.item:
        return verdict.item.ref
    return verdict.citations[0] if verdict.citations else LIMB_RULE


def _names(turn: Turn, facts: tuple[str, ...]) -> str:
    wordings = table("facts_asked")
    names = tuple(wordings[f][turn.language]["name"] for f in facts if f in wordings)
    return joined(turn.language, names[:4])


def _findings(turn: Turn, verdict: Verdict) -> str:
    """One line a finding: what is met, what is not, what only the authority can judge."""
    lines = []
    for finding, key in ((Finding.MET, "findings_met"), (Finding.OFFICER, "findings_officer")):
        names = tuple(
            dict.fromkeys(_named(turn, c.condition) for c in verdict.conditions if c.finding is finding)
        )
        if names:
            lines.append(phrase(turn.language, key, names=joined(turn.language, names)))
    return "".join(lines) if turn.language == "zh" else " ".join(lines)


def _named(turn: Turn, condition: str) -> str:
    """A condition in the asker's language where it is one of the statute's; else as printed."""
    if turn.language == "en":
        return str(table("conditions_en").get(condition, condition))
    return condition
