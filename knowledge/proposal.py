"""Proposals: topics and ways of asking for the clauses of a document that nobody has linked yet.

A document that was just brought in is found by its own words only, and people do not ask in those.
Its clauses resemble clauses that editors have linked in other regions, so what those carry is
proposed here: topics where the two most likely say the same, and their ways of asking, each to the
clause that answers it best. An editor confirms or corrects; until then they serve with less weight
(``ranking.json``). Thresholds and weights are data: ``proposal.json``, fitted by ``training.kinship``.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from .clause import Clause
from .edition import Edition
from .exemption import ListItem
from .kinship import LINES, Kinship, Lines
from .lexical import Scores
from .likeness import likeness
from .naming import without_names
from .query import Reader
from .topic import Topic

FILE = Path(__file__).with_name("proposal.json")


@dataclass(frozen=True)
class Proposing:
    """When something is proposed.

    ``weights`` and ``bias`` turn the lines of a pair into the chance that the two clauses say the same.
    ``topic_from``: the chance from which a topic is proposed, ``most_topics`` at most a clause.
    A document whose clauses are like linked ones by ``same_kind_from`` on average is of the kind known
    here and takes over every way of asking; any other takes over only those of clauses that are like
    its own by ``alike_from``. A clause that answers nearly as well as the best (``second_place_from``)
    gets the question too. No clause gets more than ``most_questions``, the best first. A list item takes
    over what the items of other lists are asked whose matter is like its own by ``same_matter_from``.
    """

    weights: NDArray[np.float32]
    bias: float
    topic_from: float
    most_topics: int
    second_place_from: float
    alike_from: float
    same_kind_from: float
    most_questions: int
    same_matter_from: float

    def chances(self, lines: Lines) -> Scores:
        chances: Scores = 1 / (1 + np.exp(-(lines @ self.weights + np.float32(self.bias))))
        return chances


@cache
def load_proposing(file: Path = FILE) -> Proposing:
    content = json.loads(file.read_text(encoding="utf-8"))
    kinship = content.pop("kinship")
    weights = np.array([kinship[line] for line in LINES], np.float32)
    return Proposing(weights, kinship["bias"], **content)


def propose(
    edition: Edition,
    linked: Iterable[Edition],
    topics: Mapping[str, Topic],
    reader: Reader,
    proposing: Proposing | None = None,
    *,
    kinship: Kinship | None = None,
) -> Edition:
    """``edition`` with proposals for its clauses and items that have neither topics nor ways of asking.

    ``linked`` are the editions to learn from; another edition of the same instrument is not among them.
    Equal input gives equal proposals. Clauses that were linked by hand, or proposed for before, stay.
    ``kinship`` is that of all these, where someone else needs it too: measuring it takes a while.
    """
    rules = proposing or load_proposing()
    held = tuple(linked)
    return replace(
        edition,
        clauses=_for_clauses(edition, kinship or Kinship(edition, held, topics, reader), rules),
        items=_for_items(edition, held, reader, rules),
    )


def is_linked(part: Clause | ListItem) -> bool:
    """True when a clause or an item has topics or ways of asking, confirmed or proposed."""
    proposed = isinstance(part, Clause) and part.proposed
    return bool(part.topics or part.asked_as or part.carried or proposed)


def count_proposals(before: Edition, after: Edition) -> int:
    """How many clauses and items were given proposals."""
    return _count(after) - _count(before)


def _count(edition: Edition) -> int:
    return sum(map(is_linked, edition.clauses)) + sum(map(is_linked, edition.items))


def _for_clauses(edition: Edition, kinship: Kinship, rules: Proposing) -> tuple[Clause, ...]:
    if not kinship.linked or all(map(is_linked, edition.clauses)):
        return edition.clauses
    chances = rules.chances(kinship.lines)
    by_topic = kinship.topic_chances(chances)
    carried = _carried(kinship, chances, by_topic, rules)
    return tuple(
        c
        if is_linked(c)
        else replace(c, proposed=_topics(by_topic[n], kinship.topics, rules), carried=carried[n])
        for n, c in enumerate(edition.clauses)
    )


def _for_items(
    edition: Edition, others: Sequence[Edition], reader: Reader, rules: Proposing
) -> tuple[ListItem, ...]:
    known = [(other, item) for other in others for item in other.items if item.asked_as]
    if not known or all(map(is_linked, edition.items)):
        return edition.items
    matters = [without_names(item.matter, edition) for item in edition.items]
    like = likeness(matters, [without_names(item.matter, other) for other, item in known], reader.terms)
    return tuple(
        item if is_linked(item) else replace(item, carried=_asked_of([known[k] for k in near]))
        for item, row in zip(edition.items, like, strict=True)
        for near in [np.flatnonzero(row >= rules.same_matter_from)]
    )


def _asked_of(known: Iterable[tuple[Edition, ListItem]]) -> tuple[str, ...]:
    asked = (without_names(q, edition) for edition, item in known for q in item.asked_as)
    return tuple(dict.fromkeys(asked))


def _topics(chances: Scores, topics: Sequence[str], rules: Proposing) -> tuple[str, ...]:
    best = np.argsort(-chances, kind="stable")[: rules.most_topics]
    return tuple(topics[n] for n in best if chances[n] >= rules.topic_from)


def _carried(kinship: Kinship, chances: Scores, by_topic: Scores, rules: Proposing) -> list[tuple[str, ...]]:
    """The ways of asking of each new clause, those it answers best first, each once.

    What a law of the nation is asked stays with it: carried over, it would hide the law that answers.
    """
    same_kind = float(chances.max(axis=1).mean()) >= rules.same_kind_from
    found: list[list[tuple[float, str]]] = [[] for _ in kinship.edition.clauses]
    for ways, likely in ((kinship.questions.of(kinship.local), chances), (kinship.topic_questions, by_topic)):
        own = likely[:, ways.owner]
        scores = np.sqrt(own) + ways.fit
        for clause, question in _placed(scores, own, rules, same_kind):
            found[clause].append((-float(scores[clause, question]), ways.texts[question]))
    return [_best(held, rules.most_questions) for held in found]


def _placed(scores: Scores, own: Scores, rules: Proposing, same_kind: bool) -> Iterable[tuple[int, int]]:
    """Every clause and question that belong together."""
    if not scores.shape[1]:
        return
    order = np.argsort(-scores, axis=0, kind="stable")[:2]
    best = np.take_along_axis(scores, order[:1], axis=0)[0]
    for clauses in order:
        columns = np.arange(scores.shape[1])
        near = scores[clauses, columns] >= rules.second_place_from * best
        alike = own[clauses, columns] >= (0 if same_kind else rules.alike_from)
        for question in np.flatnonzero(near & alike):
            yield int(clauses[question]), int(question)


def _best(held: list[tuple[float, str]], most: int) -> tuple[str, ...]:
    return tuple(dict.fromkeys(question for _, question in sorted(held)))[:most]
