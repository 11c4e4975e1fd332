"""The embedding that ships: small, quick, and the one that sentence-transformers would give."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time

import numpy as np
import pytest

from knowledge.embed import SHIPPED_MODEL, StaticEmbedder, TransformerEmbedder, load_embedder

TEXTS = [
    "罚单能不能分期交",
    "撤回申请",
    "Can I withdraw my application?",
    "３３条：首违不罚",
    "",
    "\U0001f600",
]
COMPARE = """
import json, sys
from sentence_transformers import SentenceTransformer
vectors = SentenceTransformer(sys.argv[1], device="cpu").encode(json.loads(sys.argv[2]))
print(json.dumps(vectors.tolist()))
"""


@pytest.fixture(scope="module")
def embedder():
    return load_embedder()


def test_vectors_are_those_of_sentence_transformers(embedder):
    """In a process of its own: torch is loaded nowhere else in these tests."""
    done = subprocess.run(
        [sys.executable, "-c", COMPARE, str(SHIPPED_MODEL), json.dumps(TEXTS)],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "HF_HUB_OFFLINE": "1"},
    )
    theirs = np.array(json.loads(done.stdout), np.float32)
    assert np.abs(theirs - embedder.encode(TEXTS)).max() < 1e-3


def test_vectors_have_unit_length_and_a_text_without_a_known_piece_has_none(embedder):
    lengths = np.linalg.norm(embedder.encode(TEXTS), axis=1)
    assert lengths[:4] == pytest.approx(1)
    assert lengths[4] == 0
    assert embedder.encode([]).shape == (0, 256)


def test_asking_alike_lies_nearer_than_asking_something_else(embedder):
    withdraw, back, weather = embedder.encode(["申请能撤回吗", "交上去的材料想拿回来", "约谈要来几个人"])
    assert withdraw @ back > withdraw @ weather


def test_a_question_takes_less_than_a_millisecond(embedder):
    embedder.encode(TEXTS)
    times = []
    for _ in range(200):
        started = time.perf_counter()
        embedder.encode(["我在湛河开小面馆，被查到两袋过期调料，当场扔了，会不会罚我"])
        times.append(time.perf_counter() - started)
    assert min(times) < 0.001


def test_the_model_fits_in_the_repository():
    assert sum(f.stat().st_size for f in SHIPPED_MODEL.rglob("*") if f.is_file()) < 12 * 1024 * 1024


def test_another_table_or_tokenizer_is_another_digest(tmp_path, embedder):
    for name in ("model.safetensors", "tokenizer.json"):
        (tmp_path / name).write_bytes((SHIPPED_MODEL / name).read_bytes())
    assert StaticEmbedder(tmp_path).digest == embedder.digest
    tokenizer = tmp_path / "tokenizer.json"
    tokenizer.write_text(tokenizer.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    assert StaticEmbedder(tmp_path).digest != embedder.digest


def test_a_model_of_ones_own_goes_through_sentence_transformers():
    script = (
        f"from knowledge.embed import load_embedder; e = load_embedder({str(SHIPPED_MODEL)!r});"
        "print(type(e).__name__, e.encode(['撤回']).shape, len(e.digest))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.split() == [TransformerEmbedder.__name__, "(1,", "256)", "16"]


def test_a_folder_that_is_not_there_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match="nowhere"):
        load_embedder(str(tmp_path / "nowhere"))
