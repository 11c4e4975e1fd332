"""``python -m knowledge.training DATA_FOLDER`` makes all of knowledge/model, in minutes, on a CPU."""

from __future__ import annotations

import argparse
import time
from pathlib import Path

from ..embed import SHIPPED_MODEL
from ..starter import starter_editions, starter_topics
from .export import write_model
from .material import read_material
from .recipe import SEED, clock, make_base, write_statistics
from .report import write_report


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m knowledge.training", description=__doc__)
    parser.add_argument("data", type=Path, help="folder with the training material (see MODEL.md)")
    parser.add_argument("--out", type=Path, default=SHIPPED_MODEL, help="where the model goes")
    parser.add_argument("--articles", type=int, help="use only so many law articles (a quick run)")
    parser.add_argument(
        "--folds",
        type=Path,
        metavar="LISTS",
        help="then fit ranking.json on questions and matching.json on stories held out, with these lists",
    )
    parser.add_argument(
        "--items", type=Path, metavar="LISTS", help="only fit matching.json on stories held out"
    )
    given = parser.parse_args()
    if not (given.data / "laws_articles.jsonl.gz").is_file():
        parser.error(f"{given.data} holds no laws_articles.jsonl.gz")
    if given.items is None:
        make_model(given.data, given.out, given.articles, given.folds)
    else:
        match_items(given.data, given.items, given.articles)


def make_model(data: Path, out: Path, articles: int | None = None, lists: Path | None = None) -> None:
    """Terms, sounds, tokenizer and embedding, from a fixed seed."""
    started, report = time.monotonic(), clock()
    out.mkdir(parents=True, exist_ok=True)
    material = read_material(data, articles)
    write_statistics(out, material)
    base = make_base(material, report)
    report("tuning")
    write_model(out, base.tuned(starter_editions(), starter_topics().values()), base.tokenizer)
    write_report(out, base.pairs, SEED, time.monotonic() - started)
    report(f"written to {out}")
    if lists is not None:
        from .folds import measure_folds
        from .items import measure_items

        measure_folds(base, data, report)
        measure_items(data, lists, report, base)


def match_items(data: Path, lists: Path, articles: int | None = None) -> None:
    """Fit how stories are matched with list items; the model that ships stays as it is."""
    from .items import measure_items

    report = clock()
    measure_items(data, lists, report, make_base(read_material(data, articles), report))


if __name__ == "__main__":
    main()
