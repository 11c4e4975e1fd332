"""The form of a golden question: what is typed, one thing a line, and the question that it says.

It stands on the page of the golden questions with every field, and on the page of a question of the public
with those that an editor has to decide; the rest is then known from what was asked.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace

from portal.errors import FieldError, FieldErrors

from .question import EXPECTED, GoldenQuestion
from .validity import wrong_with

EITHER, EITHER_SHORT = " | ", "/"
"""Between phrases of which any one is enough: on the form with every field, and on the short one."""

KINDS = (
    "fact",
    "procedure",
    "eligibility",
    "right_to_choose",
    "withdraw_or_change",
    "agency",
    "compare",
    "unanswerable",
    "out_of_scope",
)
"""What a question of the public may be kept as; a file may name kinds of its own."""

MOST_CLAUSES = 10
"""So many clauses may answer one question of the public."""


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

    def question_like(self, before: GoldenQuestion | None, *, between: str = EITHER) -> GoldenQuestion:
        """The question that is typed; ``between`` stands between phrases of which one is enough.

        What the form does not show stays as it was ``before``: the style, and what the assistant said in the
        conversation, unless what was asked in it is another now.
        """
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
            must_say=tuple(_either(line, between) for line in _lines(self.must_say)),
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


def question_of_work(
    typed: Typed,
    *,
    number: int,
    region: str | None,
    language: str,
    history: Iterable[str],
    known: Mapping[str, Collection[str]],
) -> GoldenQuestion:
    """The golden question by which item ``number`` of the work list is closed, personal data masked.

    Region, language and what was asked before are those of the public's question. ``known`` are the sections
    of every document, published or on the desk. Raises FieldErrors naming every field that is wrong: an
    answer needs a clause, and a clause has to exist.
    """
    asked = _masked(typed.question_like(None, between=EITHER_SHORT))
    question = replace(
        asked,
        id=f"w{number}",
        region=region,
        lang=language,
        turns=tuple(("user", text) for text in history),
        note="",
    )
    errors = list(_wrong_with_work(question, known))
    told = {error.field for error in errors}
    errors += [error for error in wrong_with(question) if error.field not in told]
    if errors:
        raise FieldErrors(errors=errors)
    return question


def _wrong_with_work(question: GoldenQuestion, known: Mapping[str, Collection[str]]) -> Iterable[FieldError]:
    if question.expect not in EXPECTED:
        yield FieldError("expect", "choose")
    if question.kind not in KINDS:
        yield FieldError("kind", "choose")
    if len(question.gold) > MOST_CLAUSES:
        yield FieldError("gold", "most_lines", {"limit": MOST_CLAUSES})
        return
    stray = [
        (document, section) for document, section in question.gold if section not in known.get(document, ())
    ]
    if stray:
        yield FieldError("gold", "unknown_clause", {"clause": " ".join(stray[0])})
    elif question.expect == "answer" and not question.gold:
        yield FieldError("gold", "required")


def _masked(question: GoldenQuestion) -> GoldenQuestion:
    from bot.personal_data import mask_personal_data as mask

    return replace(
        question,
        question=mask(question.question),
        must_say=tuple(tuple(map(mask, group)) for group in question.must_say),
        must_not_say=tuple(map(mask, question.must_not_say)),
    )


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def _clause(line: str) -> tuple[str, str]:
    document, _, section = " ".join(line.split()).partition(" ")
    return document, section


def _either(line: str, between: str) -> tuple[str, ...]:
    line = line.replace("｜", "|") if between == EITHER else line
    parts = (part.strip() for part in line.split(between.strip()))
    return tuple(part for part in parts if part)
