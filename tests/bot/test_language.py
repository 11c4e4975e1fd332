"""The language of a question."""

from __future__ import annotations

import json

import pytest

from bot.language import language_of
from tests import shared_folder


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("我的摊子被城管收了怎么办", "zh"),
        ("When may a penalty be waived?", "en"),
        ("What does 首违不罚 mean?", "en"),
        ("I run a 面馆 in 湛河, first time, will I be fined?", "en"),
        ("我的店 got fined 怎么办", "zh"),
        ("免罚 OK?", "zh"),
        ("ni shi shui", "zh"),
        ("12345", "zh"),
        ("？？？", "zh"),
    ],
)
def test_a_chinese_sentence_makes_a_question_chinese_and_a_quoted_term_does_not(text: str, language: str):
    assert language_of(text) == language


def test_labelled_questions_get_their_language():
    shared = shared_folder()
    if shared is None:
        pytest.skip("the labelled questions are not beside this checkout")
    lines = (shared / "training" / "utterances.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    right = sum(language_of(row["text"]) == row["lang"] for row in rows)
    assert right / len(rows) > 0.995
