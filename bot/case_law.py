"""The law that every case answer rests on: article 33, mitigation, cautions, and what to do next."""

from __future__ import annotations

from knowledge.cautions import caution_wording
from knowledge.clause import ClauseRef
from knowledge.exemption import Ground, Outcome, Verdict
from knowledge.situation import Correction

from .citing import Citing
from .clause_answer import lead_of
from .phrases import joined, phrase, table
from .turn import Turn

LIMB_RULE = ClauseRef("apl2021", "第三十三条/第一款")
NO_FAULT_RULE = ClauseRef("apl2021", "第三十三条/第二款")
HARM_REMOVED_RULE = ClauseRef("apl2021", "第三十二条/（一）")


def article_33(turn: Turn, verdict: Verdict, citing: Citing) -> str:
    if verdict.ground is Ground.ARTICLE_33_2:
        return phrase(turn.language, "rule_33_2", mark=citing.mark(NO_FAULT_RULE))
    rule = phrase(turn.language, "rule_33", mark=citing.mark(LIMB_RULE))
    return "\n".join(filter(None, (_own_ground(turn, verdict, citing), rule)))


def _own_ground(turn: Turn, verdict: Verdict, citing: Citing) -> str:
    """What the article of a special ground says: age (30), capacity (31), time (36)."""
    section = table("intents")["ground_clauses"].get(verdict.ground.value if verdict.ground else "")
    if section is None and turn.situation.age is not None and turn.situation.age < 18:
        section = table("intents")["ground_clauses"]["article_30"]
    if section is None:
        return ""
    ref = ClauseRef("apl2021", section)
    edition, mark = citing.edition(ref), citing.mark(ref)
    lead = lead_of(turn, edition, section) if edition else ""
    return phrase(turn.language, "ground_says", source=section, text=lead, mark=mark) if lead else ""


def mitigations(turn: Turn, citing: Citing) -> str:
    """Grounds told that call for a lighter or mitigated penalty, should there be one (article 32)."""
    told = sorted(m.value for m in turn.situation.mitigations)
    if turn.situation.age is not None and 14 <= turn.situation.age < 18:
        told.append("minor_age")
    if not told:
        return ""
    rules = table("intents")["mitigation_clauses"]
    marks = "".join(citing.mark(ClauseRef("apl2021", rules[name])) for name in told)
    names = joined(turn.language, tuple(phrase(turn.language, f"mitigation_{name}") for name in told))
    return phrase(turn.language, "mitigated_by", names=names, mark=marks)


def cautions(turn: Turn, verdict: Verdict) -> str:
    """The cautions of the rules that no other part of the answer says already."""
    said = set(table("intents")["cautions_said_elsewhere"])
    left = [c for c in verdict.cautions if c.value not in said][: table("thresholds")["cautions"]]
    return "\n".join(caution_wording()[c.value][turn.language] for c in left)


def next_steps(turn: Turn, verdict: Verdict, citing: Citing) -> str:
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
