"""Answers to questions about the rules: what the clause says, in plain words first, then its basis."""

from __future__ import annotations

from typing import TYPE_CHECKING

from knowledge.clause import PREFACE_SECTIONS, ClauseRef
from knowledge.edition import Edition, InstrumentKind
from knowledge.region import NATION

from . import abstention
from .assess import region_question
from .citing import Citing, section_label, source_line
from .detail import Detail, detail_asked, states
from .detect import is_of_the_field
from .guidance import actions_for, advice_for, suggestions_for
from .phrases import phrase, table
from .quote import quote
from .reply import Action, ActionKind, QuestionBack, Reply, ReplyStatus
from .turn import Evidence, Turn
from .understand import remembered

if TYPE_CHECKING:
    from knowledge.search import Hit


def compose(turn: Turn) -> Reply:
    """One paragraph group for each part of the question that published clauses answer."""
    citing = Citing(turn.knowledge, turn.question.on)
    if turn.articles:
        blocks = [_article(turn, citing, ref) for ref in turn.articles[:3]]
        return _answered(turn, citing, blocks)
    if turn.evidence and all(_for_a_person(turn, citing, e) for e in turn.evidence):
        return abstention.reach_a_person(turn)
    blocks = []
    for evidence in turn.evidence:
        if _for_a_person(turn, citing, evidence):
            blocks.append(phrase(turn.language, "reach_person"))
            continue
        if evidence.silent:
            return abstention.silent(turn, evidence)
        if not answers(turn, evidence):
            continue
        detail = detail_asked(evidence.query)
        if detail and not states_detail(citing, evidence, detail):
            return abstention.without_detail(turn, evidence, detail)
        blocks.append(said(turn, citing, evidence))
    if not blocks:
        return abstention.nothing_found(turn)
    return _answered(turn, citing, blocks)


def _for_a_person(turn: Turn, citing: Citing, evidence: Evidence) -> bool:
    """A wish for a member of staff; a telephone number that a published clause states is an answer to it."""
    if not abstention.wants_a_person(turn, evidence):
        return False
    detail = detail_asked(evidence.query)
    return not (detail and answers(turn, evidence) and states_detail(citing, evidence, detail))


def said(turn: Turn, citing: Citing, evidence: Evidence) -> str:
    """What the clauses found say; region by region where none was named and local rules answer."""
    return _per_region(turn, citing, evidence) if _is_local(evidence) else _block(turn, citing, evidence)


def said_briefly(turn: Turn, citing: Citing, evidence: Evidence) -> str:
    """The same for a question beside a case: the best clause alone, quoted shortly."""
    if _is_local(evidence):
        return _per_region(turn, citing, evidence)
    best, limit = evidence.hits[0], table("thresholds")["quote_second"]
    return _clause(turn, citing, best.ref, evidence.query, limit)


def states_detail(citing: Citing, evidence: Evidence, detail: Detail) -> bool:
    """Whether any of the clauses that could hold the detail states it."""
    return any(states(detail, text) for text in _texts(citing, evidence))


def _texts(citing: Citing, evidence: Evidence) -> list[str]:
    """The clauses that could hold the detail: the best ones of the document that answers."""
    best, depth = evidence.hits[0], table("thresholds")["detail_depth"]
    near = [
        h
        for h in evidence.hits[:depth]
        if h.ref.document == best.ref.document
        and (h is best or h.ref.section not in PREFACE_SECTIONS)
        and h.score >= best.score * table("thresholds")["near"]
    ]
    editions = ((citing.edition(h.ref), h.ref.section) for h in near)
    return [edition.full_text(section) for edition, section in editions if edition]


def answers(turn: Turn, evidence: Evidence) -> bool:
    """True when the best clause is near enough to be an answer; out-of-scope words need a nearer one."""
    if not evidence.hits:
        return False
    limits = table("thresholds")
    needed = limits["answer"]
    if turn.intent == "out_of_scope":
        needed += limits["out_of_scope_extra"] * turn.confidence
    if not turn.follow_up and not is_of_the_field(turn.text):
        needed = max(needed, limits["off_domain"])
    return bool(evidence.hits[0].score >= needed)


def _is_local(evidence: Evidence) -> bool:
    """No region was named and what answers is a local rule."""
    return evidence.region is None and evidence.hits[0].region != NATION


def _answered(turn: Turn, citing: Citing, blocks: list[str]) -> Reply:
    back: tuple[QuestionBack, ...] = ()
    if not turn.regions and any(e.hits and _is_local(e) for e in turn.evidence) and not turn.articles:
        back = (region_question(turn),)
    if turn.uncovered:
        blocks.insert(0, phrase(turn.language, "uncovered_national", region=_short(turn.uncovered[0])))
    blocks.extend(advice_for(turn, citing))
    return Reply(
        ReplyStatus.ANSWERED,
        "\n\n".join(b for b in blocks if b),
        language=turn.language,
        citations=citing.clauses(),
        questions_back=back,
        actions=(*actions_for(turn), *_read(citing, turn.language)),
        suggestions=suggestions_for(turn),
        confidence=max((e.hits[0].score for e in turn.evidence if e.hits), default=1.0),
        memory=remembered(turn, tuple(question.fact for question in back)).to_json(),
    )


def _read(citing: Citing, language: str) -> tuple[Action, ...]:
    if not citing.cited:
        return ()
    first = citing.cited[0].ref
    return (Action(ActionKind.READ, phrase(language, "action_read"), f"{first.document}#{first.section}"),)


def _article(turn: Turn, citing: Citing, ref: ClauseRef) -> str:
    return _clause(turn, citing, ref, turn.text, table("thresholds")["quote"])


def _block(turn: Turn, citing: Citing, evidence: Evidence) -> str:
    best = evidence.hits[0]
    lines = [_clause(turn, citing, best.ref, evidence.query, table("thresholds")["quote"])]
    others = _others(evidence)
    for hit in others:
        lines.append(_further(turn, citing, hit, near=hit.score >= best.score * table("thresholds")["near"]))
    return "\n\n".join(lines)


def _further(turn: Turn, citing: Citing, hit: Hit, *, near: bool) -> str:
    """A further clause: in plain words where it answers nearly as well, else by name only."""
    edition = citing.edition(hit.ref)
    label = _label(turn, citing, hit.ref)
    mark = citing.mark(hit.ref)
    plain = lead_of(turn, edition, hit.ref.section) if edition and near else ""
    return phrase(turn.language, "also_says" if plain else "also", source=label, text=plain, mark=mark)


def _label(turn: Turn, citing: Citing, ref: ClauseRef) -> str:
    """How a further clause is named: document, section and heading."""
    edition = citing.edition(ref)
    if edition is None:
        return ""
    clause = edition.clause(ref.section)
    heading = f" {clause.heading}" if clause and clause.heading else ""
    return f"《{edition.title}》{section_label(ref.section, turn.language)}{heading}"


def _others(evidence: Evidence) -> tuple[Hit, ...]:
    """Further clauses that come close to the best one, parents and children of it left out."""
    best, limits = evidence.hits[0], table("thresholds")
    close = [
        h
        for h in evidence.hits[1:]
        if h.score >= best.score * limits["second"]
        and h.score >= limits["answer"]
        and not (best.ref.covers(h.ref) or h.ref.covers(best.ref))
        and (evidence.region is not None or h.region == best.region)
    ]
    return tuple(close[: limits["others"]])


def _clause(turn: Turn, citing: Citing, ref: ClauseRef, query: str, limit: int) -> str:
    """Plain words first, then the basis and its text, then what a reader must know about a slip in it."""
    edition = citing.edition(ref)
    mark = citing.mark(ref)
    if edition is None or not mark:
        return ""
    clause = edition.clause(ref.section)
    source = source_line(edition, ref.section, turn.language)
    text = citing.cited[int(mark.strip("[]")) - 1].text
    lead = lead_of(turn, edition, ref.section)
    lines = []
    if lead:
        lines += [f"{lead}{mark}", phrase(turn.language, "basis", source=source, mark="")]
    elif turn.language == "en":
        lines.append(phrase("en", "lead_en", source=source, mark=mark))
    else:
        lines.append(phrase("zh", "basis", source=source, mark=mark))
    says = "says_digest" if edition.digest else "says"
    lines.append(phrase(turn.language, says, quote=quote(in_context(edition, ref, text), query, limit)))
    if clause and clause.note and turn.language == "zh":
        lines.append(phrase("zh", "note", note=clause.note))
    return "\n".join(lines)


def in_context(edition: Edition, ref: ClauseRef, text: str) -> str:
    """An item of an enumeration reads with its lead-in and the items beside it; any other clause alone."""
    parent, _, last = ref.section.rpartition("/")
    above = edition.clause(parent) if last.startswith("（") else None
    if above is None or not above.text.rstrip().endswith(("：", ":", "。")) or _is_chapter(parent):
        return text
    whole = edition.full_text(parent)
    return whole if len(whole) <= table("thresholds")["quote_enumeration"] else f"{above.text}\n{text}"


def _is_chapter(section: str) -> bool:
    """一、 and such: what stands below is a subject of its own, not an item of one sentence."""
    return "/" not in section and not section.startswith("第")


def lead_of(turn: Turn, edition: Edition, section: str) -> str:
    """The plain words of a clause in the asker's language; a parent without any speaks for its children."""
    if edition.kind is InstrumentKind.LIST:
        return ""
    clause = edition.clause(section)
    if clause is None:
        return ""
    if turn.language == "en":
        return clause.plain_en
    if clause.plain:
        return clause.plain
    return next((c.plain for c in edition.children(section) if c.plain), "")


def _per_region(turn: Turn, citing: Citing, evidence: Evidence) -> str:
    """The region is not known: what each region says, under its own name."""
    lines = [phrase(turn.language, "regions_differ")]
    seen: set[str] = set()
    floor = max(table("thresholds")["answer"], evidence.hits[0].score * table("thresholds")["per_region"])
    for hit in evidence.hits:
        if hit.region in seen or hit.score < floor:
            continue
        seen.add(hit.region)
        edition = citing.edition(hit.ref)
        if edition is None:
            continue
        text = lead_of(turn, edition, hit.ref.section) or quote(
            edition.full_text(hit.ref.section), evidence.query, table("thresholds")["quote_second"]
        )
        place = _short(hit.region) if hit.region != NATION else phrase(turn.language, "nation")
        mark = citing.mark(hit.ref)
        lines.append(phrase(turn.language, "local_says", region=place, text=text, mark=mark))
    return "\n".join(lines)


def _short(region: str) -> str:
    return region.rpartition("/")[2]


__all__ = ["answers", "compose", "in_context", "lead_of", "said", "said_briefly", "states_detail"]
