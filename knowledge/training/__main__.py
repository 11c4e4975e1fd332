"""``python -m knowledge.training DATA_FOLDER`` makes all of knowledge/model, in minutes, on a CPU."""

from __future__ import annotations

import argparse
import random
import time
from functools import partial
from pathlib import Path

import torch

from ..embed import SHIPPED_MODEL
from ..lexical import codes
from ..lexicon import everyday_words
from ..sound import read_syllables, syllable_pairs
from ..starter import starter_editions
from .contrast import Group, Model, batches, train
from .export import write_model
from .material import Material, read_material
from .pairs import Pair, make_pairs
from .report import write_report
from .sounds import write_sounds
from .terms import write_terms
from .tokenizer import train_tokenizer
from .tune import Subjects, tune

SEED = 20261122
BATCH = 2048
OFTEN = {"answered": 6, "intents": 3, "stories": 3, "words": 3}
"""Small groups of real questions are seen several times an epoch."""
REFERENCE_ARTICLES = 40_000
TOKENIZER_TEXTS = 200_000


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m knowledge.training", description=__doc__)
    parser.add_argument("data", type=Path, help="folder with the training material (see MODEL.md)")
    parser.add_argument("--out", type=Path, default=SHIPPED_MODEL, help="where the model goes")
    parser.add_argument("--articles", type=int, help="use only so many law articles (a quick run)")
    given = parser.parse_args()
    if not (given.data / "laws_articles.jsonl.gz").is_file():
        parser.error(f"{given.data} holds no laws_articles.jsonl.gz")
    make_model(given.data, given.out, given.articles)


def make_model(data: Path, out: Path, articles: int | None = None) -> None:
    """Terms, sounds, tokenizer and embedding, from a fixed seed."""
    started = time.monotonic()
    torch.manual_seed(SEED)
    chance = random.Random(SEED)
    out.mkdir(parents=True, exist_ok=True)
    material = read_material(data, articles)
    write_sounds(out / "sounds.json")
    _write_statistics(out, material)
    pairs = make_pairs(material, everyday_words(), chance)
    _say(started, ", ".join(f"{name} {len(made)}" for name, made in pairs.items()))
    tokenizer = train_tokenizer(_tokenizer_texts(material, pairs, chance))
    groups = {name: Group.of(made, tokenizer) for name, made in pairs.items() if len(made) >= 64}
    model = Model(tokenizer.get_vocab_size())
    _say(started, f"{tokenizer.get_vocab_size()} pieces; training")
    train(model, batches(list(groups.values()), [OFTEN.get(n, 1) for n in groups], BATCH, chance))
    _say(started, "fine-tuning")
    kept = [groups[n] for n in ("asked", "answered", "sentences", "words") if n in groups]
    tune(model, Subjects.of(starter_editions(), tokenizer), kept, chance)
    write_model(out, model.table.weight, tokenizer)
    write_report(out, {name: len(made) for name, made in pairs.items()}, SEED, time.monotonic() - started)
    _say(started, f"written to {out}")


def _write_statistics(out: Path, material: Material) -> None:
    """How telling terms and pairs of syllables are."""
    articles = [a.text for a in material.articles[:REFERENCE_ARTICLES]]
    syllable = read_syllables(out / "sounds.json")
    write_terms(out / "terms.npz", map(codes, articles), map(codes, material.questions))
    sounds = partial(syllable_pairs, syllable=syllable)
    write_terms(out / "sound_terms.npz", map(sounds, articles), map(sounds, material.questions))


def _tokenizer_texts(material: Material, pairs: dict[str, list[Pair]], chance: random.Random) -> list[str]:
    """A mixture of law and speech, real questions twice."""
    texts = [text for made in pairs.values() for pair in made[:60_000] for text in pair]
    chance.shuffle(texts)
    return texts[:TOKENIZER_TEXTS] + list(material.questions) * 2


def _say(started: float, what: str) -> None:
    print(f"{time.monotonic() - started:5.0f} s  {what}", flush=True)


if __name__ == "__main__":
    main()
