"""The form of a golden question: what is typed, one thing a line, and the question that it says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from .question import GoldenQuestion

EITHER = " | "
"""Between phrases of which any one is enough."""


@dataclass(frozen=True, slots=True)
class Typed:
    """The fields of the form as text, so that a form that is refused keeps all of it."""

    name: str = ""
    question: str = ""
    history: str = ""
    region: str = ""
    lang: str = "zh"
    expect: str = "answer"
    gold: str = ""
    must_say: str = ""
    must_not_say: str = ""
    kind: str = ""
    note: str = ""

    @classmethod
    def of(cls, form: Mapping[str, str]) -> Typed:
        """What was posted; ends of lines as the browser sends them become plain ones."""
        typed = {name: form.get(name, "").replace("\r\n", "\n").strip()[:20_000] for name in cls.__slots__}
        return cls(**typed)

    @classmethod
    def showing(cls, question: GoldenQuestion) -> Typed:
        return cls(
            question.id,
            question.question,
            "\n".join(question.history),
            question.region or "",
            question.lang,
            question.expect,
            "\n".join(f"{document} {section}" for document, section in question.gold),
            "\n".join(EITHER.join(group) for group in question.must_say),
            "\n".join(question.must_not_say),
            question.kind,
            question.note,
        )

    def question_like(self, before: GoldenQuestion | None) -> GoldenQuestion:
        """The question that is typed. What the form does not show stays as it was ``before``: the style, and
        what the assistant said in the conversation, unless what was asked in it is another now."""
        asked = _lines(self.history)
        turns = tuple(("user", text) for text in asked)
        if before is not None and before.history == asked:
            turns = before.turns
        typed = GoldenQuestion(
            id=self.name,
            question=" ".join(self.question.split()),
            region=self.region or None,
            kind=self.kind,
            expect=self.expect,
            gold=tuple(_clause(line) for line in _lines(self.gold)),
            must_say=tuple(_either(line) for line in _lines(self.must_say)),
            must_not_say=_lines(self.must_not_say),
            turns=turns,
            lang=self.lang,
            note=self.note,
        )
        if before is None:
            return typed
        if typed.question == " ".join(before.question.split()):
            typed = replace(typed, question=before.question)
        return replace(typed, style=before.style)


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def _clause(line: str) -> tuple[str, str]:
    document, _, section = line.partition(" ")
    return document, section.strip()


def _either(line: str) -> tuple[str, ...]:
    parts = (part.strip() for part in line.replace("｜", "|").split("|"))
    return tuple(part for part in parts if part)
