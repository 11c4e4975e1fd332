"""``python -m bot.training DATA_FOLDER``: fits, judges and writes the classifier that ships."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import numpy as np

from ..intent import FOLDER
from .examples import read_examples
from .fit import HEADS, Fitted, count, fit
from .judge import figures, out_of_fold, temperature, thresholds


def main(folder: Path) -> None:
    """Trains on ``folder`` and writes ``bot/intents``."""
    examples = read_examples(folder)
    counted = count([example.text for example in examples])
    started = time.perf_counter()
    intents, scores = out_of_fold(counted, examples)
    softmax = len(intents)
    taken = thresholds(examples, scores[:, softmax:])
    heat = temperature(intents, examples, scores[:, :softmax])
    judged = figures(intents, examples, scores, taken)
    sys.stdout.write(json.dumps(judged, indent=1) + "\n")
    fitted = fit(counted, examples)
    write(FOLDER, fitted, {"temperature": heat, "thresholds": taken, "measured": judged})
    sys.stdout.write(f"{len(examples)} examples, {time.perf_counter() - started:.1f} s\n")


def write(folder: Path, fitted: Fitted, policy: dict[str, object]) -> None:
    """Weights in bytes with one scale a column; labels, thresholds and figures as JSON beside them."""
    scale = np.abs(fitted.weights).max(axis=0) / 127
    np.savez_compressed(
        folder / "weights.npz",
        weights=np.round(fitted.weights / scale).astype(np.int8),
        scale=scale.astype(np.float32),
        bias=fitted.bias.astype(np.float32),
        idf=fitted.idf.astype(np.float16),
    )
    labels = {"intents": list(fitted.intents), "heads": list(HEADS), **policy}
    text = json.dumps(labels, ensure_ascii=False, indent=1)
    (folder / "labels.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python -m bot.training DATA_FOLDER")
    main(Path(sys.argv[1]))
