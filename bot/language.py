"""Which of the two languages a text is in."""

from __future__ import annotations

import re
from typing import Literal

from .sounds import syllables

Language = Literal["zh", "en"]

_HAN = re.compile(r"[\u3400-\u9fff]")
_LATIN_WORD = re.compile(r"[A-Za-z]{2,}")
_RUN = re.compile(r"[\u3400-\u9fff](?:[\u3400-\u9fff0-9，、：“”《》（）]|\s(?=[\u3400-\u9fff])){3,}")
_GRAMMAR = re.compile(r"[我你您他她吗怎么能会是了的呢吧要被把给谁哪]")
_LONG_RUN = 10
_QUOTED = re.compile(r"[“\"'《(（][^”\"'》)）]{0,40}[”\"'》)）]")


def language_of(text: str) -> Language:
    """``zh`` where the text holds a Chinese sentence, or more Chinese than English; else ``en``.

    A Chinese term quoted inside an English question does not make the question Chinese.
    """
    words = len(_LATIN_WORD.findall(text))
    if not _HAN.search(text):
        return "zh" if not words or _is_spelt_chinese(text) else "en"
    own = _QUOTED.sub(" ", text) if words >= 4 else text
    if any(_GRAMMAR.search(run) or len(run) >= _LONG_RUN for run in _RUN.findall(own)):
        return "zh"
    return "zh" if 2 * len(_HAN.findall(own)) >= 3 * words else "en"


def _is_spelt_chinese(text: str) -> bool:
    """Two or more words that are all syllables of Chinese: ni shi shui."""
    words = _LATIN_WORD.findall(text.lower())
    return len(words) >= 2 and all(_folded(word) in syllables() for word in words)


def _folded(spelling: str) -> str:
    """zh, ch, sh and ng as they are heard in the south; the table of sounds is kept that way."""
    return re.sub(r"ng$", "n", re.sub(r"^([zcs])h", r"\1", spelling))
