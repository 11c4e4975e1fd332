"""Lines into a document: the parts, their clauses, and what the document says of itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from ..clause import Clause
from ..edition import InstrumentKind
from . import recognise
from .clauses import Writer, own_text
from .division import Annex, Parts, divide
from .document import Line, ParsedDocument, Source
from .furniture import sift
from .lines import Layout, unfold
from .numbering import Kind
from .numbering import annex as annex_head
from .outline import Node, Outline
from .source import read

HEAD, PREAMBLE, TAIL = "题头", "前言", "落款"
_WARNINGS = 20


def parse_document(content: bytes, filename: str, *, encoding: str | None = None) -> ParsedDocument:
    """Reads a txt, md, html, docx or pdf file into clauses.

    ``encoding`` overrides what a text file seems to be written in. Raises UnreadableDocument, with
    one sentence that says why, for a file that cannot be read.
    """
    return parse_source(read(content, filename, encoding))


def parse_source(source: Source) -> ParsedDocument:
    """Understands the lines of a source."""
    kept, furniture = sift(source.lines)
    layout = Layout(kept)
    parts = divide(layout.paragraphs(kept), layout)
    if not parts.body:
        parts = divide(unfold(kept), layout)
    outline = Outline(layout)
    root = outline.read(parts.body)
    warnings = [*source.warnings, *outline.warnings]
    clauses = _once(_clauses(parts, root, layout, warnings), warnings)
    left_out = sorted((*source.left_out, *furniture), key=lambda piece: piece.line)
    aside = [piece.text for piece in left_out]
    if not parts.body:
        warnings.append("没有找到条款编号，正文未能分条。")
    return ParsedDocument(
        title=recognise.title(parts),
        document_number=recognise.document_number(parts, aside),
        issuer=recognise.issuer(parts, aside),
        issued_on=recognise.issued_on(parts, aside),
        kind=_kind(root),
        clauses=clauses,
        left_out=tuple(left_out),
        warnings=_brief(warnings),
    )


def _clauses(parts: Parts, root: Node, layout: Layout, warnings: list[str]) -> Iterator[Clause]:
    unnumbered = [part for part in root.parts if isinstance(part, Line)]
    if parts.head:
        yield Clause(HEAD, own_text(parts.head, layout, prose_only=True))
    if parts.preamble or unnumbered:
        yield Clause(PREAMBLE, own_text([*parts.preamble, *unnumbered], layout))
    yield from Writer(layout, not _has_articles(root)).write(root)
    if parts.tail:
        yield Clause(TAIL, own_text(parts.tail, layout, prose_only=True))
    for annex in parts.annexes:
        yield from _annex(annex, layout, warnings)


def _annex(annex: Annex, layout: Layout, warnings: list[str]) -> Iterator[Clause]:
    """An annex: what stands before its first number is its own text, its numbers are parts of it."""
    inner = divide(annex.lines, layout)
    outline = Outline(layout)
    root = outline.read(inner.body)
    warnings.extend(outline.warnings)
    unnumbered = [part for part in root.parts if isinstance(part, Line)]
    own = [*inner.head, *inner.preamble, *unnumbered]
    title = next((line.text.strip() for line in own[1:2]), "")
    head = annex_head(annex.lines[0].text)
    yield Clause(annex.label, own_text(own, layout, prose_only=True), (head[1] if head else "") or title[:40])
    yield from Writer(layout, not _has_articles(root)).write(root, annex.label)
    if inner.tail:
        yield Clause(f"{annex.label}/{TAIL}", own_text(inner.tail, layout, prose_only=True))
    for further in inner.annexes:
        yield from _annex(replace(further, label=f"{annex.label}/{further.label}"), layout, warnings)


def _once(clauses: Iterable[Clause], warnings: list[str]) -> tuple[Clause, ...]:
    """Each section path once: text under a number that the source prints twice is put together."""
    found: dict[str, Clause] = {}
    for clause in clauses:
        earlier = found.get(clause.section)
        if earlier is None:
            found[clause.section] = clause
            continue
        found[clause.section] = replace(earlier, text=f"{earlier.text}\n{clause.text}")
        warnings.append(f"编号“{clause.section}”出现两次，文字合在同一条款中。")
    return tuple(found.values())


def _brief(warnings: Iterable[str]) -> tuple[str, ...]:
    """Each warning once, and of very many the first, with how many more there were."""
    told = tuple(dict.fromkeys(warnings))
    more = len(told) - _WARNINGS
    return told if more <= 0 else (*told[:_WARNINGS], f"另有 {more} 处类似问题。")


def _has_articles(node: Node) -> bool:
    return any(
        isinstance(part, Node) and ((part.marker and part.marker.kind is Kind.ARTICLE) or _has_articles(part))
        for part in node.parts
    )


def _kind(root: Node) -> InstrumentKind:
    return InstrumentKind.STATUTE if _has_articles(root) else InstrumentKind.NOTICE
