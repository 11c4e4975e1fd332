"""A golden question as an editor types it on a form, in the form of a question file."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from portal.errors import FieldError, FieldErrors

from .golden import STATUSES

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
QUESTION = 1000
LINES = 10
NAMES = ("question", "kind", "expect", "gold", "must_say", "must_not_say")


@dataclass(frozen=True, slots=True)
class Typed:
    """The fields of the form as they were typed, one thing a line. ``gold`` has document and section."""

    question: str = ""
    kind: str = ""
    expect: str = ""
    gold: str = ""
    must_say: str = ""
    must_not_say: str = ""

    @classmethod
    def of(cls, form: Mapping[str, str]) -> Typed:
        return cls(**{name: form.get(name, "")[:5000] for name in NAMES})


def golden_question(
    typed: Typed,
    *,
    number: int,
    region: str | None,
    language: str,
    history: Iterable[str],
    known: Mapping[str, Collection[str]],
) -> dict[str, object]:
    """The golden question that was typed, personal data masked.

    ``known`` are the sections of every document, published or on the desk. Raises FieldErrors naming every
    field that is wrong: an answer needs a clause, and a clause has to exist.
    """
    from bot.personal_data import mask_personal_data

    question = " ".join(typed.question.split())
    gold, errors = _clauses(typed.gold, known)
    if not question:
        errors.append(FieldError("question", "required"))
    elif len(question) > QUESTION:
        errors.append(FieldError("question", "too_long", {"limit": QUESTION, "length": len(question)}))
    if typed.expect not in STATUSES:
        errors.append(FieldError("expect", "choose"))
    if typed.kind not in KINDS:
        errors.append(FieldError("kind", "choose"))
    if typed.expect == "answer" and not typed.gold.strip():
        errors.append(FieldError("gold", "required"))
    if errors:
        raise FieldErrors(errors=errors)
    return {
        "id": f"w{number}",
        "lang": language,
        "style": "",
        "region": region,
        "question": mask_personal_data(question),
        "history": [{"role": "user", "text": text} for text in history],
        "kind": typed.kind,
        "gold": gold,
        "must_say": [
            [mask_personal_data(word.strip()) for word in line.split("/") if word.strip()]
            for line in _lines(typed.must_say)
        ],
        "must_not_say": [mask_personal_data(line) for line in _lines(typed.must_not_say)],
        "expect": typed.expect,
        "note": "",
    }


def _clauses(
    text: str, known: Mapping[str, Collection[str]]
) -> tuple[list[dict[str, str]], list[FieldError]]:
    gold: list[dict[str, str]] = []
    lines = _lines(text)
    if len(lines) > LINES:
        return gold, [FieldError("gold", "most_lines", {"limit": LINES})]
    for line in lines:
        document, _, section = line.partition(" ")
        if section.strip() not in known.get(document, ()):
            return gold, [FieldError("gold", "unknown_clause", {"clause": line})]
        gold.append({"doc": document, "section": section.strip()})
    return gold, []


def _lines(text: str) -> list[str]:
    return [" ".join(line.split()) for line in text.splitlines() if line.strip()]
