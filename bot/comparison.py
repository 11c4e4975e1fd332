"""Answers that set regions side by side: each in its own words, and what one names that another does not."""

from __future__ import annotations

import re

from knowledge.clause import ClauseRef
from knowledge.edition import Edition

from .abstention import nothing_found
from .citing import Citing, source_line
from .clause_answer import lead_of
from .guidance import advice_for, suggestions_for
from .phrases import phrase, table
from .quote import quote
from .reply import Reply, ReplyStatus
from .turn import Evidence, Turn
from .understand import remembered


def compose(turn: Turn) -> Reply:
    """A line a region; a region without a rule on the point is said to be silent."""
    language = turn.language
    speaking = [e for e in turn.evidence if not e.silent]
    silent = [e for e in turn.evidence if e.silent]
    if not speaking:
        return nothing_found(turn)
    citing = Citing(turn.knowledge, turn.question.on)
    blocks = [_lead(language, speaking, silent)]
    blocks.append("\n".join(_line(turn, citing, e) for e in speaking))
    if silent:
        blocks.append("\n".join(phrase(language, "silent_line", region=_short(e.region)) for e in silent))
    if language == "zh" and len(speaking) == 2:
        blocks.append(_differences(citing, speaking))
    blocks.extend(advice_for(turn, citing))
    return Reply(
        ReplyStatus.ANSWERED,
        "\n\n".join(b for b in blocks if b),
        language=language,
        citations=citing.clauses(),
        suggestions=suggestions_for(turn),
        confidence=min(e.hits[0].score for e in speaking),
        memory=remembered(turn).to_json(),
    )


def _short(region: str | None) -> str:
    return (region or "").rpartition("/")[2]


def _names(language: str, evidence: list[Evidence]) -> str:
    return (", " if language == "en" else "、").join(_short(e.region) for e in evidence)


def _lead(language: str, speaking: list[Evidence], silent: list[Evidence]) -> str:
    if silent:
        return phrase(
            language,
            "compare_partial",
            with_rule=_names(language, speaking),
            without=_names(language, silent),
        )
    return phrase(language, "compare_lead", regions=_names(language, speaking))


def _line(turn: Turn, citing: Citing, evidence: Evidence) -> str:
    edition = citing.edition(evidence.hits[0].ref)
    if edition is None:
        return ""
    ref = _whole(edition, evidence.hits[0].ref)
    mark = citing.mark(ref)
    text = quote(edition.full_text(ref.section), evidence.query, table("thresholds")["quote_compare"])
    if turn.language == "en":
        text = f"{lead_of(turn, edition, ref.section)} {text}".strip()
    source = source_line(edition, ref.section, turn.language)
    mark += _close_second(citing, evidence, ref)
    return phrase(
        turn.language, "compare_line", region=_short(evidence.region), source=source, text=text, mark=mark
    )


def _close_second(citing: Citing, evidence: Evidence, shown: ClauseRef) -> str:
    """The mark of a second clause of the region that is about as near as the one shown."""
    floor = evidence.hits[0].score * table("thresholds")["compare_second"]
    others = (h.ref for h in evidence.hits[1:3] if h.score >= floor and not shown.covers(h.ref))
    return next((citing.mark(ref) for ref in others), "")


def _whole(edition: Edition, ref: ClauseRef) -> ClauseRef:
    """Of an enumeration the whole is compared, not the one item that happened to be nearest."""
    parent, _, last = ref.section.rpartition("/")
    enumerates = last.startswith("（") and parent.count("/") >= 1 and edition.clause(parent)
    return ClauseRef(ref.document, parent) if enumerates else ref


def _differences(citing: Citing, speaking: list[Evidence]) -> str:
    """Listed terms that stand in one region's clause and not in the other's."""
    texts = []
    for evidence in speaking:
        edition = citing.edition(evidence.hits[0].ref)
        texts.append(edition.full_text(_whole(edition, evidence.hits[0].ref).section) if edition else "")
    parts = []
    for index, evidence in enumerate(speaking):
        other = _flat(texts[1 - index])
        only = [t for t in _terms(texts[index]) if t not in other]
        if only:
            words = "”“".join(only[:4])
            parts.append(phrase("zh", "compare_only_part", region=_short(evidence.region), words=words))
    return phrase("zh", "compare_only", differences="；".join(parts) + "。") if parts else ""


def _terms(text: str) -> list[str]:
    """The short terms of enumerations: between 、 marks, or in the list after 包括 or a colon."""
    flat = _flat(text)
    runs = re.findall(r"[^，。；：“”]*、[^，。；：“”]*", flat)
    lists = re.findall(r"(?:包括|：)：?([^。；：]*[，、][^。；：]*)", flat)
    terms = [t for run in lists for t in re.split("[、，]", run)] + [
        t for run in runs for t in run.split("、")
    ]
    return list(dict.fromkeys(t for t in terms if 2 <= len(t) <= 8))


def _flat(text: str) -> str:
    """A clause without blanks and without what stands in brackets."""
    return re.sub(r"\s|（[^）]*）|\([^)]*\)", "", text)
