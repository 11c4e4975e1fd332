"""``python -m bot.training DATA_FOLDER``: fits, judges and writes the classifier that ships."""

from __future__ import annotations

import io
import json
import sys
import time
import zipfile
from pathlib import Path

import numpy as np

from ..intent import FOLDER
from .examples import read_examples
from .fit import HEADS, Fitted, count, fit
from .judge import figures, leaning_scores, out_of_fold, risk_by_coverage, sureness, temperature, thresholds

_EPOCH = (1980, 1, 1, 0, 0, 0)


def main(data: Path, out: Path = FOLDER) -> None:
    """Trains on ``data`` and writes weights and labels into ``out``: the same bytes in every run."""
    examples = read_examples(data)
    counted = count([example.text for example in examples])
    started = time.perf_counter()
    intents, scores = out_of_fold(counted, examples)
    added, scores = leaning_scores(intents, examples, scores)
    taken = thresholds(examples, scores[:, len(intents) :])
    heat = temperature(intents, examples, scores)
    curve = risk_by_coverage(intents, examples, scores, heat)
    judged = {**figures(intents, examples, scores, taken), "curve": curve}
    sys.stdout.write(json.dumps(judged, indent=1) + "\n")
    policy = {"temperature": heat, "thresholds": taken, "sure": sureness(curve), "measured": judged}
    write(out, fit(counted, examples).leaning(added), policy)
    sys.stdout.write(f"{len(examples)} examples, {time.perf_counter() - started:.1f} s\n")


def write(folder: Path, fitted: Fitted, policy: dict[str, object]) -> None:
    """Weights in bytes with one scale a column; labels, thresholds and figures as JSON beside them."""
    scale = np.abs(fitted.weights).max(axis=0) / 127
    arrays = {
        "weights": np.round(fitted.weights / scale).astype(np.int8),
        "scale": scale.astype(np.float32),
        "bias": fitted.bias.astype(np.float32),
        "idf": fitted.idf.astype(np.float16),
    }
    with zipfile.ZipFile(folder / "weights.npz", "w", zipfile.ZIP_DEFLATED) as packed:
        for name, array in arrays.items():
            content = io.BytesIO()
            np.save(content, array)
            packed.writestr(zipfile.ZipInfo(f"{name}.npy", _EPOCH), content.getvalue(), zipfile.ZIP_DEFLATED)
    labels = {"intents": list(fitted.intents), "heads": list(HEADS), **policy}
    text = json.dumps(labels, ensure_ascii=False, indent=1)
    (folder / "labels.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python -m bot.training DATA_FOLDER")
    main(Path(sys.argv[1]))
