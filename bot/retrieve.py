"""Step 3: the clauses that answer, region by region, and whether a region is silent."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from knowledge.clause import PREFACE_SECTIONS, ClauseRef
from knowledge.region import NATION, ancestors

from .list_contents import asks_list_contents
from .phrases import table
from .query import without_places
from .turn import Evidence, Turn

if TYPE_CHECKING:
    from knowledge.search import Hit


def retrieve(turn: Turn) -> None:
    """Searches once for each part of the question and each region it is about."""
    turn.list_contents = asks_list_contents(turn.text)
    turn.evidence = tuple(e for part in turn.parts for e in _evidence(turn, part))
    if turn.apart:
        turn.evidence_before = tuple(_beside(turn, question) for question in turn.apart.before)
        turn.evidence_after = tuple(_beside(turn, question) for question in turn.apart.after)
    if turn.case:
        region = turn.region
        turn.programme = turn.knowledge.programme(region, turn.question.on) if region else None
        turn.items = turn.knowledge.search_items(
            turn.story or turn.text, region=region, on=turn.question.on, limit=3
        )


def _evidence(turn: Turn, part: str) -> tuple[Evidence, ...]:
    if turn.compare:
        return tuple(_local(turn, part, region) for region in turn.regions)
    if turn.region:
        return (_in_region(turn, part, turn.region),)
    return (_anywhere(turn, part),)


def _beside(turn: Turn, question: str) -> Evidence:
    """What answers a question asked beside a case: as if it had been asked alone."""
    if turn.region is None:
        return _anywhere(turn, question)
    return _or_silent(turn, _found_in(turn, question, turn.region))


def _local(turn: Turn, part: str, region: str) -> Evidence:
    """What a region's own documents say, for a comparison."""
    own = tuple(
        e.instrument
        for e in turn.knowledge.editions(turn.question.on).values()
        if NATION not in e.regions and any(r in ancestors(region) for r in e.regions)
    )
    if not own:
        return Evidence(part, region, silent=True)
    hits = _search(turn, without_places(part, turn.regions), regions=(region,), documents=own)
    topic = _topic(turn, part)
    silent = bool(topic) and not turn.knowledge.clauses_of_topic(topic, region, turn.question.on)
    strong = tuple(h for h in hits if h.score >= table("thresholds")["compare"])
    return Evidence(part, region, strong, topic, silent=silent or not strong)


def _in_region(turn: Turn, part: str, region: str) -> Evidence:
    evidence = _found_in(turn, part, region)
    return evidence if turn.case or turn.articles else _or_silent(turn, evidence)


def _found_in(turn: Turn, part: str, region: str) -> Evidence:
    return Evidence(part, region, _search(turn, part, regions=(region,)), _topic(turn, part))


def _or_silent(turn: Turn, evidence: Evidence) -> Evidence:
    """The evidence, marked where the region's documents say nothing of what is asked."""
    if _of_a_side_law(evidence.hits):
        return evidence
    unspoken = _unspoken_topic(turn, evidence)
    if unspoken and _says_the_word(turn, unspoken, evidence):
        unspoken = ""
    return replace(evidence, topic=unspoken or evidence.topic, silent=bool(unspoken))


def _anywhere(turn: Turn, part: str) -> Evidence:
    return Evidence(part, None, _search(turn, part, regions=None), _topic(turn, part))


def _unspoken_topic(turn: Turn, evidence: Evidence) -> str:
    """The topic asked about, where no clause on this region's path carries it; empty where one does.

    Either the words name the topic themselves, or another region's clause answers them clearly better
    than anything here, and it is about a topic of which this region says nothing. Another region's rule
    is never given as this one's.
    """
    region, limits = evidence.region or "", table("thresholds")
    bare = without_places(evidence.query, turn.regions)
    here = _core(evidence.hits)
    elsewhere = [h for h in _search(turn, bare, regions=None) if h.region not in ancestors(region)]
    best = elsewhere[0] if elsewhere else None
    if evidence.topic and not _spoken(turn, evidence.topic, region):
        nowhere = not any(_spoken(turn, evidence.topic, r) for r in turn.knowledge.regions() if r != region)
        own = max((h.score for h in evidence.hits if h.region != NATION), default=0.0)
        on_topic = next((h.score for h in elsewhere if evidence.topic in h.topics), 0.0)
        if nowhere or (on_topic and on_topic >= own * limits["silence_ratio"]):
            return evidence.topic
    if best is None or best.score < limits["elsewhere"]:
        return ""
    here = min(here, _core(_search(turn, bare, regions=(region,))))
    if best.score < here * limits["elsewhere_ratio"]:
        return ""
    near = {m.topic: m.score for m in turn.knowledge.match_topics(_query(turn, bare), limit=12)}
    likeliest = max(best.topics, key=lambda t: near.get(t, 0.0), default="")
    return likeliest if near.get(likeliest) and not _spoken(turn, likeliest, region) else ""


def _says_the_word(turn: Turn, topic: str, evidence: Evidence) -> bool:
    """True where a clause of the region's own, found for the question, has the topic's name in its text.

    Links may be incomplete, above all proposed ones; a text that says the word is not silent on it.
    """
    known = turn.knowledge.topics.get(topic)
    limits = table("silence")
    pieces = re.split(limits["between"], known.name) if known else []
    words = [word for piece in pieces if len(word := re.sub(limits["generic"], "", piece)) >= 2]
    own = [h.ref for h in evidence.hits[: limits["hits"]] if h.region != NATION]
    editions = turn.knowledge.editions(turn.question.on)
    texts = [editions[ref.document].full_text(ref.section) for ref in own if ref.document in editions]
    return any(word in text for word in words for text in texts)


def _spoken(turn: Turn, topic: str, region: str) -> bool:
    return bool(turn.knowledge.clauses_of_topic(topic, region, turn.question.on))


def _topic(turn: Turn, part: str) -> str:
    found = turn.knowledge.match_topics(_query(turn, without_places(part, turn.regions)), limit=1)
    if found and found[0].score >= table("thresholds")["topic"]:
        return found[0].topic
    return ""


def _only_the_place_changes(turn: Turn) -> bool:
    """那湛河呢: the question before, asked of another place."""
    return bool(turn.named) and turn.memory.region not in turn.named and len(turn.text) <= 20


def _matter_first(hits: tuple[Hit, ...], query: str) -> tuple[Hit, ...]:
    """A document's head, preamble and signature answer questions about the document, not about the matter."""
    front = table("front_matter")
    if re.search(front["asked"], query, re.IGNORECASE):
        return hits
    weighed = (
        replace(h, score=h.score * front["weight"]) if h.ref.section in PREFACE_SECTIONS else h for h in hits
    )
    return tuple(sorted(weighed, key=lambda h: -h.score))


def _core(hits: tuple[Hit, ...]) -> float:
    """The best score of a document that is about soft enforcement or penalties."""
    return max((h.score for h in hits if h.ref.document not in table("side_laws")["documents"]), default=0.0)


def _of_a_side_law(hits: tuple[Hit, ...]) -> bool:
    """A question on such a law is not one on which a region could be silent."""
    return bool(hits) and hits[0].ref.document in table("side_laws")["documents"]


def _core_first(hits: tuple[Hit, ...], query: str) -> tuple[Hit, ...]:
    """Laws on the side (personal data, remedies, signatures) answer only where they are clearly nearer,
    and hardly ever where the words do not name what they are about.

    Without this, 申请 and 撤回 of another law would stand in for the soft-enforcement application.
    """
    side, core = table("side_laws"), _core(hits)

    def weight(hit: Hit) -> float:
        document = hit.ref.document
        if document not in side["documents"]:
            return 1.0
        if not re.search(side["subjects"][document], query, re.IGNORECASE):
            return float(side["unnamed_weight"])
        return 1.0 if hit.score >= core * side["clearly_nearer"] else float(side["weight"])

    weighed = (replace(h, score=h.score * weight(h)) for h in hits)
    return tuple(sorted(weighed, key=lambda h: -h.score))


def _query(turn: Turn, part: str) -> str:
    if not (turn.follow_up and turn.memory.question):
        return part
    before = turn.memory.question
    if _only_the_place_changes(turn) and turn.memory.region:
        before = without_places(before, (turn.memory.region,))
    return f"{before} {part}"


def _search(
    turn: Turn,
    part: str,
    *,
    regions: tuple[str, ...] | None,
    documents: tuple[str, ...] | None = None,
) -> tuple[Hit, ...]:
    """One search; a follow-up is searched with and without what it refers to, and both count."""

    def run(query: str) -> tuple[Hit, ...]:
        found = turn.knowledge.search(
            query, regions=regions, on=turn.question.on, limit=10, documents=documents
        )
        return _core_first(_matter_first(found, query), query)

    plain = run(part)
    if not (turn.follow_up and turn.memory.question):
        return plain
    weights = table("thresholds")["follow_up"]
    scores: dict[ClauseRef, float] = {}
    hits: dict[ClauseRef, Hit] = {}
    alone = weights["alone_long" if len(part) >= weights["long"] else "alone"]
    if _only_the_place_changes(turn):
        alone = weights["swap"]
    for share, found in ((alone, plain), (1 - alone, run(_query(turn, part)))):
        for hit in found:
            scores[hit.ref] = scores.get(hit.ref, 0.0) + share * hit.score
            hits.setdefault(hit.ref, hit)
    for ref in turn.memory.refs:
        if ref in scores:
            scores[ref] += weights["cited_before"]
    ranked = sorted(scores, key=lambda ref: -scores[ref])
    return tuple(replace(hits[ref], score=scores[ref]) for ref in ranked[:10])
