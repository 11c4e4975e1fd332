"""Fine-tuning on the knowledge that ships: ways of asking drawn to the clause that answers them.

Every step shows every subject (a clause or list item) once, so the others are its hard negatives;
relatives (the clause above or below, one that shares a way of asking) are set aside. Half of the work
is between two ways of asking of one subject, because a search compares questions with questions too.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer

from ..card import Card, clause_cards, item_cards
from ..catalogue import CardText
from ..clause import ClauseRef
from ..edition import Edition
from ..topic import Topic
from .contrast import TEXT_LENGTH, Bag, Group, Model

_TOPICS = "topics"
STEPS = 250
RATE = 0.015
PLAIN = 0.15
"""How often the restatement in plain words stands in for a way of asking."""


@dataclass(frozen=True)
class Subject:
    """What can be found: its text, ways of asking and restatements (numbers of texts in the bag)."""

    text: int
    asked: tuple[int, ...]
    restated: tuple[int, ...]


@dataclass(frozen=True)
class Subjects:
    bag: Bag
    held: tuple[Subject, ...]
    related: torch.Tensor

    @classmethod
    def of(cls, editions: Sequence[Edition], topics: Iterable[Topic], tokenizer: Tokenizer) -> Subjects:
        """Every clause, list item and topic that has a way of asking or a restatement."""
        texts: list[str] = []

        def number(text: str) -> int:
            texts.append(text)
            return len(texts) - 1

        cards, held = [], []
        for card, restated in [*_cards(editions), *_topic_cards(topics)]:
            if card.text.asked_as or restated:
                asked = tuple(number(q) for q in card.text.asked_as)
                held.append(Subject(number(card.text.text), asked, tuple(number(r) for r in restated)))
                cards.append(card)
        return cls(Bag(texts, tokenizer, TEXT_LENGTH), tuple(held), torch.from_numpy(_related(cards)))


def _cards(editions: Sequence[Edition]) -> list[tuple[Card, list[str]]]:
    """Cards with the heading and restatements of their clause."""
    clauses = [c for e in editions for c in e.clauses]
    restated = [[t for t in (c.heading, c.plain, c.plain_en) if t] for c in clauses]
    found = list(zip(clause_cards(editions), restated, strict=True))
    return found + [(card, []) for card in item_cards(editions)]


def _topic_cards(topics: Iterable[Topic]) -> list[tuple[Card, list[str]]]:
    """A topic as if it were a clause that carries itself and the topic above it."""
    found = []
    for topic in topics:
        text = CardText(f"{topic.name}\n{topic.explanation}", "", topic.asked_as)
        carried = tuple(t for t in (topic.id, topic.parent) if t)
        card = Card(ClauseRef(_TOPICS, topic.id), 0, text, carried)
        found.append((card, [t for t in (topic.name, topic.name_en, topic.explanation_en) if t]))
    return found


def _related(cards: Sequence[Card]) -> NDArray[np.bool_]:
    """Which cards must not be each other's negatives: families, a topic and the clauses that carry it,
    and those that share a way of asking."""
    related = np.array([[c.ref.covers(o.ref) or o.ref.covers(c.ref) for o in cards] for c in cards], bool)
    carriers: dict[str, list[int]] = {}
    sharers: dict[str, list[int]] = {}
    for n, card in enumerate(cards):
        for topic in card.topics:
            carriers.setdefault(topic, []).append(n)
        for question in card.text.asked_as:
            sharers.setdefault(question, []).append(n)
    for n, card in enumerate(cards):
        if card.ref.document == _TOPICS:
            held = carriers[card.ref.section]
            related[n, held] = related[held, n] = True
    for alike in sharers.values():
        related[np.ix_(alike, alike)] = True
    np.fill_diagonal(related, False)
    return related


def tune(model: Model, subjects: Subjects, general: Sequence[Group], chance: random.Random) -> None:
    """Fine-tune; ``general`` pairs keep the model from forgetting the rest of the law."""
    optimizer = torch.optim.Adam(model.table.parameters(), lr=RATE, fused=True)
    for step in range(STEPS):
        for setting in optimizer.param_groups:
            setting["lr"] = RATE * (1 - step / STEPS)
        loss = _to_text(model, subjects, chance) + 0.5 * _between_questions(model, subjects, chance)
        group = chance.choice(general)
        rows = chance.sample(range(group.size), min(768, group.size))
        loss = loss + model.loss(group.questions.take(rows), group.texts.take(rows))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()


def _to_text(model: Model, subjects: Subjects, chance: random.Random) -> torch.Tensor:
    asked = []
    for subject in subjects.held:
        plainly = subject.restated and (not subject.asked or chance.random() < PLAIN)
        asked.append(chance.choice(subject.restated if plainly else subject.asked))
    texts = [subject.text for subject in subjects.held]
    return model.loss(subjects.bag.take(asked), subjects.bag.take(texts), subjects.related)


def _between_questions(model: Model, subjects: Subjects, chance: random.Random) -> torch.Tensor:
    rows = [n for n, subject in enumerate(subjects.held) if len(subject.asked) > 1]
    pairs = [chance.sample(subjects.held[n].asked, 2) for n in rows]
    left, right = zip(*pairs, strict=True)
    related = subjects.related[rows][:, rows]
    return model.loss(subjects.bag.take(left), subjects.bag.take(right), related)
