"""Replies that say what is not known: nothing found, a region that is silent, a region not covered."""

from __future__ import annotations

from knowledge.region import NATION, ancestors

from .citing import Citing, source_line
from .detail import Detail, detail_asked
from .intent import classify, sure_from
from .phrases import phrase, table
from .query import without_places
from .quote import quote
from .reply import PERSON_WANTED, Action, ActionKind, Reply, ReplyStatus
from .turn import Evidence, Turn
from .understand import remembered


def wants_a_person(turn: Turn, evidence: Evidence) -> bool:
    """True where both the intent and the nearest topic are a member of staff: no rule is missing then."""
    service = table("silence")["service"]
    intent = classify(evidence.query)
    asked = intent.name in service["intents"] and intent.probability >= sure_from("act")
    if not asked:
        return False
    near = turn.knowledge.match_topics(without_places(evidence.query, turn.regions), limit=1)
    return bool(near) and near[0].topic in service["topics"]


def reach_a_person(turn: Turn) -> Reply:
    """How to reach the authority, for whoever would rather talk to a person; first, that no published
    clause states the number or address, where one was asked for."""
    blocks = [phrase(turn.language, "reach_person")]
    if detail := next((d for e in turn.evidence if (d := detail_asked(e.query))), None):
        name = table("details")["kinds"][detail.kind][turn.language]
        blocks.insert(0, phrase(turn.language, "detail_missing", detail=name))
    return _abstained(turn, blocks, PERSON_WANTED)


def silent(turn: Turn, evidence: Evidence) -> Reply:
    """The topic is known, but no clause of this region carries it."""
    language, region = turn.language, evidence.region or ""
    place = region.rpartition("/")[2]
    topic = turn.knowledge.topics[evidence.topic]
    name = topic.name_en if language == "en" and topic.name_en else topic.name
    heading = "uncovered" if region in turn.uncovered else "silent_heading"
    blocks = [phrase(language, heading, region=place, topic=name)]
    elsewhere = [
        r.rpartition("/")[2]
        for r in turn.knowledge.regions()
        if r != NATION
        and r not in ancestors(region)
        and any(
            _is_local(turn, c.document)
            for c in turn.knowledge.clauses_of_topic(evidence.topic, r, turn.question.on)
        )
    ]
    if elsewhere:
        separator = ", " if language == "en" else "、"
        blocks.append(phrase(language, "silent_elsewhere", regions=separator.join(elsewhere), region=place))
    citing = Citing(turn.knowledge, turn.question.on)
    general = next((h for h in evidence.hits if h.region == NATION and evidence.topic in h.topics), None)
    if general and general.score >= table("thresholds")["answer"]:
        edition = citing.edition(general.ref)
        if edition:
            source = source_line(edition, general.ref.section, language)
            blocks.append(phrase(language, "silent_general", source=source, mark=citing.mark(general.ref)))
    blocks.append(phrase(language, "silent_next"))
    return _abstained(turn, blocks, "region_silent", citing)


def without_detail(turn: Turn, evidence: Evidence, detail: Detail) -> Reply:
    """The clause on the matter is known, but it does not state the detail asked for."""
    language = turn.language
    citing = Citing(turn.knowledge, turn.question.on)
    ref = evidence.hits[0].ref
    edition, mark = citing.edition(ref), citing.mark(ref)
    name = table("details")["kinds"][detail.kind][language]
    blocks = [phrase(language, "detail_missing", detail=name)]
    if edition and mark:
        source = source_line(edition, ref.section, language)
        blocks.append(phrase(language, "detail_nearest", source=source, mark=mark))
        blocks.append(
            quote(edition.full_text(ref.section), evidence.query, table("thresholds")["quote_second"])
        )
    blocks.append(phrase(language, "silent_next"))
    return _abstained(turn, blocks, f"detail_{detail.kind}", citing)


def _is_local(turn: Turn, document: str) -> bool:
    edition = turn.knowledge.edition(document, turn.question.on)
    return edition is not None and NATION not in edition.regions


def nothing_found(turn: Turn) -> Reply:
    """No published clause is near enough."""
    language = turn.language
    if turn.intent == "unclear" and turn.confidence >= sure_from("ask"):
        return Reply(
            ReplyStatus.CLARIFICATION,
            phrase(language, "unclear"),
            language=language,
            reason="unclear",
            memory=remembered(turn).to_json(),
        )
    if turn.uncovered:
        place = turn.uncovered[0].rpartition("/")[2]
        blocks = [phrase(language, "uncovered", region=place), phrase(language, "abstain_next")]
        return _abstained(turn, blocks, "region_uncovered")
    outside = turn.intent == "out_of_scope"
    blocks = [phrase(language, "abstain_scope" if outside else "abstain"), phrase(language, "abstain_next")]
    return _abstained(turn, blocks, "out_of_scope" if outside else "no_source")


def contact_action(language: str) -> Action:
    """The way to a person, offered wherever the assistant cannot go on."""
    return Action(ActionKind.CONTACT, phrase(language, "action_contact"))


def _abstained(turn: Turn, blocks: list[str], reason: str, citing: Citing | None = None) -> Reply:
    return Reply(
        ReplyStatus.ABSTAINED,
        "\n\n".join(blocks),
        language=turn.language,
        citations=citing.clauses() if citing else (),
        actions=(contact_action(turn.language),),
        suggestions=tuple(table("suggestions")["general"][turn.language][:3]),
        confidence=0.0,
        reason=reason,
        memory=remembered(turn).to_json(),
    )
