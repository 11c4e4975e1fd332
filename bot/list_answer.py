"""Answers about what stands in an exemption list: published items only, never invented ones."""

from __future__ import annotations

from knowledge.edition import Edition
from knowledge.exemption import ListItem
from knowledge.region import NATION

from .case_law import LIMB_RULE
from .citing import Citing
from .clause_answer import lead_of
from .guidance import suggestions_for
from .list_contents import lists_for
from .phrases import phrase, table
from .quote import grams, quote
from .reply import Action, ActionKind, Reply, ReplyStatus
from .turn import Turn
from .understand import remembered


def compose(turn: Turn) -> Reply:
    """The items of the list meant, or the nearest items; where the list is not published, that is said."""
    citing = Citing(turn.knowledge, turn.question.on)
    edition = _list_meant(turn)
    if edition is not None:
        return _reply(turn, citing, ReplyStatus.ANSWERED, _held(turn, citing, edition))
    near = _near_items(turn)
    if near:
        blocks = [_matches(turn, citing, near), _not_on_list(turn, citing)]
        return _reply(turn, citing, ReplyStatus.ANSWERED, blocks)
    return _reply(turn, citing, ReplyStatus.ABSTAINED, _unknown(turn, citing))


def _reply(turn: Turn, citing: Citing, status: ReplyStatus, blocks: list[str]) -> Reply:
    known = status is ReplyStatus.ANSWERED
    return Reply(
        status,
        "\n\n".join(b for b in blocks if b),
        language=turn.language,
        citations=citing.clauses(),
        actions=() if known else (Action(ActionKind.CONTACT, phrase(turn.language, "action_contact")),),
        suggestions=suggestions_for(turn),
        confidence=1.0 if known else 0.0,
        reason="" if known else "list_not_published",
        memory=remembered(turn).to_json(),
    )


def _list_meant(turn: Turn) -> Edition | None:
    """The list that the words name by its field or title; a region's own list before a national one."""
    asked = grams(turn.text) - set(table("list_contents")["common"])
    best: tuple[float, Edition] | None = None
    for edition in lists_for(turn):
        named = grams(f"{edition.title}{edition.items[0].field if edition.items else ''}")
        named -= set(table("list_contents")["common"])
        shared = {g for g in asked & named if len(g) >= 2}
        local = NATION not in edition.regions
        if not shared and not local:
            continue
        score = len(shared) + (1.0 if local else 0.0)
        if best is None or score > best[0]:
            best = (score, edition)
    if best is None or (turn.region and NATION in best[1].regions and not _names_nation(turn)):
        return None
    return best[1]


def _names_nation(turn: Turn) -> bool:
    """True when the place named does not make the list meant a local one (税务 lists hold nationwide)."""
    return any(word in turn.text for word in table("list_contents")["nationwide"])


def _held(turn: Turn, citing: Citing, edition: Edition) -> list[str]:
    shown = edition.items[: table("thresholds")["items_shown"]]
    lines = [phrase(turn.language, "list_holds", title=edition.title.strip("《》"))]
    for item in shown:
        mark = citing.mark(item.ref)
        lines.append(phrase(turn.language, "list_item", number=item.number, matter=item.matter, mark=mark))
    lines.append(phrase(turn.language, "list_excerpt"))
    return ["\n".join(lines), _not_on_list(turn, citing)]


def _near_items(turn: Turn) -> list[ListItem]:
    """Items of the region's own lists, or of national ones where no place was named."""
    return [
        hit.item
        for hit in turn.knowledge.search_items(turn.text, region=turn.region, on=turn.question.on, limit=2)
        if not turn.region or hit.item.region != NATION
    ]


def _matches(turn: Turn, citing: Citing, items: list[ListItem]) -> str:
    lines = []
    for item in items:
        edition = turn.knowledge.edition(item.list, turn.question.on)
        if edition is None:
            continue
        lines.append(
            phrase(
                turn.language,
                "list_match",
                title=edition.title.strip("《》"),
                number=item.number,
                matter=item.matter,
                conditions="；".join(c.text for c in item.conditions),
                outcome=item.outcome.value,
                mark=citing.mark(item.ref),
            )
        )
    return "\n".join(lines)


def _not_on_list(turn: Turn, citing: Citing) -> str:
    return phrase(turn.language, "not_on_list", mark=citing.mark(LIMB_RULE))


def _unknown(turn: Turn, citing: Citing) -> list[str]:
    language = turn.language
    if turn.regions:
        place = turn.regions[0].rpartition("/")[2]
        blocks = [phrase(language, "list_unknown", region=place)]
    else:
        blocks = [phrase(language, "list_unknown_any")]
    nearest = next((h.ref for e in turn.evidence for h in e.hits if h.region != NATION), None)
    if nearest and turn.region and not turn.uncovered:
        edition, mark = citing.edition(nearest), citing.mark(nearest)
        if edition and mark:
            text = lead_of(turn, edition, nearest.section)
            text = text or quote(edition.full_text(nearest.section), turn.text, 120)
            blocks.append(phrase(language, "list_mentioned", text=text, mark=mark))
    blocks.append(_not_on_list(turn, citing))
    blocks.append(phrase(language, "silent_next"))
    return blocks
