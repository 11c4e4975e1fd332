"""The training loop: an embedding table that draws matching texts together (symmetric InfoNCE).

A static model is one table, so a plain loop over tokenised arrays trains it in minutes on two cores;
the Trainer of sentence-transformers would tokenise every batch again.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from tokenizers import Tokenizer
from torch.nn import functional

from .pairs import Pair

SCALE = 20.0
NESTED = (64, 128, 256)
"""Every leading part of a vector is trained to stand alone, which regularises the whole."""
QUESTION_LENGTH, TEXT_LENGTH = 120, 220


class Bag:
    """Tokenised texts in one flat array."""

    def __init__(self, texts: Sequence[str], tokenizer: Tokenizer, longest: int) -> None:
        encoded = tokenizer.encode_batch([t[: longest * 2] for t in texts], add_special_tokens=False)
        ids = [np.asarray(e.ids[:longest] or [0], np.int64) for e in encoded]
        self._flat = torch.from_numpy(np.concatenate(ids))
        ends = np.cumsum([len(i) for i in ids])
        self._starts = torch.from_numpy(np.concatenate([[0], ends[:-1]]))
        self._ends = torch.from_numpy(ends)

    def take(self, rows: Sequence[int]) -> tuple[torch.Tensor, torch.Tensor]:
        """The token ids of some texts and where each begins."""
        chosen = torch.as_tensor(rows)
        starts, ends = self._starts[chosen], self._ends[chosen]
        lengths = ends - starts
        offsets = torch.cumsum(lengths, 0) - lengths
        index = torch.arange(int(lengths.sum())) + torch.repeat_interleave(starts - offsets, lengths)
        return self._flat[index], offsets


@dataclass(frozen=True)
class Group:
    """Pairs of one origin, tokenised."""

    questions: Bag
    texts: Bag
    size: int

    @classmethod
    def of(cls, pairs: Sequence[Pair], tokenizer: Tokenizer) -> Group:
        questions = Bag([q for q, _ in pairs], tokenizer, QUESTION_LENGTH)
        return cls(questions, Bag([t for _, t in pairs], tokenizer, TEXT_LENGTH), len(pairs))


class Model:
    """The embedding table under training."""

    def __init__(self, tokens: int, dimensions: int = 256) -> None:
        self.table = torch.nn.EmbeddingBag(tokens, dimensions, mode="mean")
        torch.nn.init.normal_(self.table.weight, std=0.1)

    def loss(
        self,
        questions: tuple[torch.Tensor, torch.Tensor],
        texts: tuple[torch.Tensor, torch.Tensor],
        same: torch.Tensor | None = None,
    ) -> torch.Tensor:
        """InfoNCE both ways; ``same`` marks pairs off the diagonal that are no negatives."""
        asked, answers = self.table(*questions), self.table(*texts)
        target = torch.arange(len(asked))
        total = torch.zeros(())
        for width in NESTED:
            left = functional.normalize(asked[:, :width], dim=1)
            right = functional.normalize(answers[:, :width], dim=1)
            scores = SCALE * left @ right.T
            if same is not None:
                scores = scores.masked_fill(same, -1e4)
            total = (
                total + functional.cross_entropy(scores, target) + functional.cross_entropy(scores.T, target)
            )
        return total / (2 * len(NESTED))


def batches(
    groups: Sequence[Group], weights: Sequence[int], size: int, chance: random.Random
) -> list[tuple[Group, list[int]]]:
    """One epoch: every pair ``weight`` times, each batch from one group, in random order."""
    made: list[tuple[Group, list[int]]] = []
    for group, weight in zip(groups, weights, strict=True):
        rows = [r for _ in range(weight) for r in chance.sample(range(group.size), group.size)]
        made += [(group, rows[n : n + size]) for n in range(0, len(rows), size)]
    chance.shuffle(made)
    return [(group, rows) for group, rows in made if len(rows) >= 64]


def warm_then_down(steps: int, warm: float = 0.05) -> Iterator[float]:
    """Factors of the learning rate: up for a twentieth, then straight down."""
    first = max(1, int(steps * warm))
    for step in range(steps):
        yield (step + 1) / first if step < first else (steps - step) / (steps - first)


def train(model: Model, epoch: Sequence[tuple[Group, list[int]]], rate: float = 0.02) -> None:
    """One pass over the batches of an epoch."""
    optimizer = torch.optim.Adam(model.table.parameters(), lr=rate, fused=True)
    for (group, rows), factor in zip(epoch, warm_then_down(len(epoch)), strict=True):
        for setting in optimizer.param_groups:
            setting["lr"] = rate * factor
        loss = model.loss(group.questions.take(rows), group.texts.take(rows))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
