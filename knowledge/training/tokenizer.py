"""The tokenizer: byte-free BPE over folded text, with pieces kept short.

Left alone, BPE over Chinese learns whole phrases as one piece (首次轻微违法), and a question that
words it otherwise shares nothing with it; hence the cap.
"""

from __future__ import annotations

from collections.abc import Iterable

from tokenizers import Tokenizer

VOCABULARY = 28_000
LONGEST_PIECE = 5


def train_tokenizer(texts: Iterable[str], vocabulary: int = VOCABULARY) -> Tokenizer:
    from tokenizers import Regex, models, normalizers, pre_tokenizers, trainers

    tokenizer = Tokenizer(models.BPE(unk_token="[UNK]"))  # noqa: S106 - a token of text
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Lowercase()])
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.WhitespaceSplit(),
            pre_tokenizers.Split(Regex(r"[\p{P}\p{S}]"), "removed"),
            pre_tokenizers.Digits(individual_digits=False),
        ]
    )
    trainer = trainers.BpeTrainer(
        vocab_size=vocabulary,
        min_frequency=3,
        special_tokens=["[UNK]"],
        max_token_length=LONGEST_PIECE,
        show_progress=False,
    )
    tokenizer.train_from_iterator(texts, trainer)
    return tokenizer
