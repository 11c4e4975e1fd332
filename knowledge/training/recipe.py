"""The recipe, step by step: a base made from the law at large, and its tuning on the knowledge that ships."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import torch
from tokenizers import Tokenizer

from ..edition import Edition
from ..lexical import codes
from ..lexicon import everyday_words
from ..sound import read_syllables, syllable_pairs
from ..topic import Topic
from .contrast import Group, Model, batches, train
from .material import Material
from .pairs import Pair, make_pairs
from .sounds import write_sounds
from .terms import write_terms
from .tokenizer import train_tokenizer
from .tune import Subjects, tune

SEED = 20261122
BATCH = 2048
OFTEN = {"answered": 6, "words": 3}
"""Small groups of real questions are seen several times an epoch."""
REMEMBERED = ("asked", "answered", "sentences", "words")
"""The groups that keep the tuning from forgetting the law at large."""
REFERENCE_ARTICLES = 40_000
TOKENIZER_TEXTS = 200_000

Report = Callable[[str], None]


@dataclass(frozen=True)
class Base:
    """A model of the law at large, before it has seen the knowledge that ships."""

    tokenizer: Tokenizer
    table: torch.Tensor
    general: tuple[Group, ...]
    pairs: Mapping[str, int]

    def tuned(self, editions: Sequence[Edition], topics: Iterable[Topic]) -> torch.Tensor:
        """The table tuned on the ways of asking of ``editions`` and ``topics``; equal for equal ones."""
        torch.manual_seed(SEED)
        model = Model(*self.table.shape)
        with torch.no_grad():
            model.table.weight.copy_(self.table)
        tune(model, Subjects.of(editions, topics, self.tokenizer), self.general, random.Random(SEED))
        return model.table.weight.detach()


def write_statistics(out: Path, material: Material) -> None:
    """Sounds, and how telling terms and pairs of syllables are."""
    write_sounds(out / "sounds.json")
    articles = [a.text for a in material.articles[:REFERENCE_ARTICLES]]
    sounds = partial(syllable_pairs, syllable=read_syllables(out / "sounds.json"))
    write_terms(out / "terms.npz", map(codes, articles), map(codes, material.questions))
    write_terms(out / "sound_terms.npz", map(sounds, articles), map(sounds, material.questions))


def make_base(material: Material, report: Report) -> Base:
    """Pairs by rule, a tokenizer, one epoch."""
    torch.manual_seed(SEED)
    chance = random.Random(SEED)
    pairs = make_pairs(material, everyday_words(), chance)
    report(", ".join(f"{name} {len(made)}" for name, made in pairs.items()))
    tokenizer = train_tokenizer(_tokenizer_texts(material, pairs, chance))
    groups = {name: Group.of(made, tokenizer) for name, made in pairs.items() if len(made) >= 64}
    report(f"{tokenizer.get_vocab_size()} pieces; training")
    model = Model(tokenizer.get_vocab_size())
    train(model, batches(list(groups.values()), [OFTEN.get(n, 1) for n in groups], BATCH, chance))
    general = tuple(groups[n] for n in REMEMBERED if n in groups)
    return Base(tokenizer, model.table.weight.detach(), general, {n: len(made) for n, made in pairs.items()})


def _tokenizer_texts(material: Material, pairs: Mapping[str, list[Pair]], chance: random.Random) -> list[str]:
    """A mixture of law and speech, real questions twice."""
    texts = [text for made in pairs.values() for pair in made[:60_000] for text in pair]
    chance.shuffle(texts)
    return texts[:TOKENIZER_TEXTS] + list(material.questions) * 2


def clock() -> Report:
    """Prints what is done with the seconds since the start."""
    started = time.monotonic()
    return lambda what: print(f"{time.monotonic() - started:5.0f} s  {what}", flush=True)
