"""A model's wording of a composed reply: checked sentence by sentence, or not used at all."""

from __future__ import annotations

import re
from dataclasses import replace

from knowledge.exemption import Outcome

from .forbidden import forbidden_statements
from .model import ModelUnavailableError, Wording
from .phrases import phrase, table
from .quote import grams
from .reply import Reply
from .turn import Turn

_QUOTED = re.compile(r"[“「\"]([^”」\"]{4,})[”」\"]")


def reword(turn: Turn, reply: Reply) -> Reply:
    """The reply in the model's words where they pass every check; else the reply as the rules composed it."""
    if turn.model is None or not reply.citations:
        return reply
    try:
        wording = turn.model.word(turn.text, reply)
    except ModelUnavailableError as reason:
        return replace(reply, reason=f"model unavailable: {reason}")
    fault = fault_of(wording, reply)
    if fault:
        return replace(reply, reason=f"model withheld: {fault}")
    return replace(reply, answer=_text(wording, reply), written_by=f"model:{turn.model.name}")


def fault_of(wording: Wording, reply: Reply) -> str:
    """Why a wording may not be used; empty when it may."""
    if not 1 <= len(wording.sentences) <= table("thresholds")["model_sentences"]:
        return "no usable number of sentences"
    whole = " ".join(s.text for s in wording.sentences)
    if forbidden_statements(whole):
        return "says what must never be said"
    return _contradiction(wording, reply, whole) or _unfounded(wording, reply)


def _unfounded(wording: Wording, reply: Reply) -> str:
    """The first sentence that its clauses do not bear out, as a fault; empty when all are borne out."""
    texts = {f"c{c.number}": c.text for c in reply.citations}
    for sentence in wording.sentences:
        if not sentence.clauses or any(token not in texts for token in sentence.clauses):
            return "cites a clause it was not given"
        if re.search(r"\[\d+\]|https?://", sentence.text):
            return "adds marks or links of its own"
        source = re.sub(r"\s", "", "".join(texts[t] for t in sentence.clauses))
        if any(re.sub(r"\s", "", words) not in source for words in _QUOTED.findall(sentence.text)):
            return "quotes words that do not stand in the clause"
        if not _near(sentence.text, "".join(texts[t] for t in sentence.clauses) + reply.answer):
            return "says what its clauses do not"
    return ""


def _near(sentence: str, material: str) -> bool:
    """True when the sentence is made of what it rests on: numbers all, and enough of its words."""
    numbers = set(re.findall(r"\d+", sentence))
    if not numbers <= set(re.findall(r"\d+", material)):
        return False
    pairs = {g for g in grams(sentence) if len(g) >= 2}
    if not pairs or re.search(r"[a-z]{4}", sentence, re.IGNORECASE):
        return True
    return bool(len(pairs & grams(material)) / len(pairs) >= table("thresholds")["model_overlap"])


def _contradiction(wording: Wording, reply: Reply, whole: str) -> str:
    """The outcome must be the one of the rules, in the field and in the words."""
    outcome = reply.verdict.outcome if reply.verdict else None
    if wording.outcome != (outcome.value if outcome else "none"):
        return "gives another outcome than the rules"
    if outcome is None:
        return ""
    told_exempt = outcome is Outcome.SHALL_BE_EXEMPT
    for pattern in table("contradictions")["promises_exemption" if not told_exempt else "denies_exemption"]:
        if re.search(pattern, whole, re.IGNORECASE):
            return "contradicts the rules"
    return ""


def sources(reply: Reply) -> str:
    """The basis of a reworded answer: every cited clause, by mark."""
    lines = [f"[{c.number}]《{c.title.strip('《》')}》{c.ref.section}" for c in reply.citations]
    return phrase(reply.language, "basis", source="；".join(lines), mark="")


def _text(wording: Wording, reply: Reply) -> str:
    said = []
    for sentence in wording.sentences:
        marks = "".join(f"[{token.removeprefix('c')}]" for token in dict.fromkeys(sentence.clauses))
        said.append(f"{sentence.text.strip()}{marks}")
    return ("" if reply.language == "zh" else " ").join(said) + "\n\n" + sources(reply)
