"""Clauses being cited in one reply, each with its [n] mark, as they stand in the release."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from knowledge.clause import ClauseRef
from knowledge.edition import Edition, InstrumentKind

from .phrases import phrase
from .reply import CitedClause

if TYPE_CHECKING:
    from knowledge.library import Knowledge


@dataclass(slots=True)
class Citing:
    """Numbers clauses in the order in which they are first cited."""

    knowledge: Knowledge
    on: date
    cited: list[CitedClause] = field(default_factory=list)

    def mark(self, ref: ClauseRef) -> str:
        """``[n]`` for a clause; empty when the release does not hold it, so nothing unseen is cited."""
        for clause in self.cited:
            if clause.ref == ref:
                return f"[{clause.number}]"
        edition = self.edition(ref)
        if edition is None:
            return ""
        text = cited_text(edition, ref.section)
        if not text:
            return ""
        number = len(self.cited) + 1
        self.cited.append(
            CitedClause(
                number,
                ref,
                edition.title,
                edition.document_number,
                text,
                edition.digest,
                edition.holds(self.on),
            )
        )
        return f"[{number}]"

    def edition(self, ref: ClauseRef) -> Edition | None:
        return self.knowledge.edition(ref.document, self.on)

    def clauses(self) -> tuple[CitedClause, ...]:
        return tuple(self.cited)


def cited_text(edition: Edition, section: str) -> str:
    """The text of a clause with its children, or of a list item, as shown beside the answer."""
    if edition.kind is not InstrumentKind.LIST:
        return edition.full_text(section)
    item = next((i for i in edition.items if i.number == section), None)
    if item is None:
        return ""
    conditions = "；".join(c.text for c in item.conditions)
    return f"{item.matter}。适用条件：{conditions}。处理：{item.outcome.value}。"


def section_label(section: str, language: str = "zh") -> str:
    """A section path as people read it: ``二/（三）/1`` → 二、（三）1."""
    if language == "en":
        return section.replace("/", " ")
    first, *rest = section.split("/")
    if re.fullmatch(r"[一二三四五六七八九十]+", first) and rest:
        first += "、"
    label = first + "".join(f"{p}项" if _is_statute_item(section, p) else p for p in rest)
    return re.sub(r"(?<=\d)(?=\d)", ".", label)


def _is_statute_item(section: str, part: str) -> bool:
    return section.startswith("第") and part.startswith("（")


def source_line(edition: Edition, section: str, language: str) -> str:
    """《title》（number）section, with the mark of a digest."""
    number = f"（{edition.document_number}）" if edition.document_number else ""
    label = section_label(section, language)
    if edition.kind is InstrumentKind.LIST:
        label = phrase(language, "item_label", number=section)
    digest = phrase(language, "digest_mark") if edition.digest else ""
    return f"《{edition.title.strip('《》')}》{number}{label}{digest}"
