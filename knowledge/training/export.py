"""Writes the model as a sentence-transformers folder, small enough for the repository.

Each row of the table is stored as whole numbers of one byte with a factor of its own; both
sentence-transformers and ``knowledge.embed`` multiply them out again.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer

_MODULES = [
    {"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.StaticEmbedding"},
    {"idx": 1, "name": "1", "path": "1_Normalize", "type": "sentence_transformers.models.Normalize"},
]


def write_model(folder: Path, table: torch.Tensor, tokenizer: Tokenizer) -> None:
    """Write table and tokenizer so that ``SentenceTransformer(folder)`` loads them offline."""
    from safetensors.numpy import save_file

    rows = table.detach().numpy().astype(np.float32)
    factors = np.abs(rows).max(axis=1) / 127
    factors[factors == 0] = 1
    numbers = np.rint(rows / factors[:, None]).astype(np.int8)
    (folder / "1_Normalize").mkdir(parents=True, exist_ok=True)
    table_file = folder / "model.safetensors"
    save_file({"embeddings": numbers, "weights": factors.astype(np.float32)}, table_file)
    table_file.chmod(0o644)
    tokenizer.save(str(folder / "tokenizer.json"), pretty=False)
    (folder / "modules.json").write_text(json.dumps(_MODULES, indent=1) + "\n", encoding="utf-8")
    settings = {"model_type": "SentenceTransformer", "similarity_fn_name": "cosine"}
    (folder / "config_sentence_transformers.json").write_text(
        json.dumps(settings, indent=1) + "\n", encoding="utf-8"
    )
    (folder / "1_Normalize" / "config.json").write_text("{}\n", encoding="utf-8")
