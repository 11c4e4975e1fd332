"""MODEL.md: what the model was made from, so that anyone can judge and repeat it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from .material import SOURCES
from .tokenizer import LONGEST_PIECE, VOCABULARY

FIGURES = "## Figures"


def write_report(folder: Path, pairs: Mapping[str, int], seed: int, seconds: float) -> None:
    """Write MODEL.md; the figures, which the bench measures, are kept from the one before."""
    file = folder / "MODEL.md"
    before = file.read_text(encoding="utf-8") if file.exists() else ""
    figures = (
        before[before.index(FIGURES) :] if FIGURES in before else f"{FIGURES}\n\nSee docs/retrieval.md.\n"
    )
    lines = [
        "# The embedding that ships",
        "",
        "A StaticEmbedding (a table of pieces and a mean) with Normalize, 256 dimensions, for questions on "
        "Chinese administrative law, made by `python -m knowledge.training DATA_FOLDER`. No pretrained model "
        "went in.",
        "",
        f"- Seed {seed}; {seconds / 60:.0f} minutes on two cores; BPE of {VOCABULARY} pieces of at most "
        f"{LONGEST_PIECE} characters; table in one-byte rows with a factor each.",
        "- `terms.npz` holds how telling each term is, `sounds.json` characters by toneless syllable; both "
        "serve the lexical leg.",
        "",
        "## Data and licences",
        "",
        *(f"- `{name}`: {what}" for name, what in SOURCES.items()),
        "- the starter knowledge of this repository (clauses, ways of asking, lexicon); written for it",
        "",
        "Left out on purpose: sets for academic use only, and everything without a clear licence.",
        "",
        "## Pairs by origin",
        "",
        "| origin | pairs |",
        "|---|---|",
        *(f"| {name} | {number} |" for name, number in pairs.items()),
        "",
    ]
    file.write_text("\n".join(lines) + "\n" + figures, encoding="utf-8")
