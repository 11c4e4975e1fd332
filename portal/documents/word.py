"""Documents as Word files, set into a layout. What people typed fills holes; it is never read as markup."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from markupsafe import Markup, escape

from .issuing import sheet_of
from .kinds import Signer
from .layout import FILE
from .models import Document
from .sheet import Sheet

MIME = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


class LayoutError(Exception):
    """A layout cannot be used; the message is one sentence for whoever made it."""


def word(document: Document, layout: bytes | None = None) -> bytes:
    """The document in Word, in the shipped layout or another (see ``layouts.layout_of``)."""
    fields: Mapping[str, object] = document.content["fields"]
    return word_of(sheet_of(document), document.number, fields, layout, document.issued_at)


def word_of(
    sheet: Sheet,
    number: str,
    fields: Mapping[str, object] | None = None,
    layout: bytes | None = None,
    at: datetime | None = None,
) -> bytes:
    """A sheet in Word, dated ``at`` or else now; LayoutError where the layout cannot be filled.

    The same sheet of the same moment in the same layout gives the same bytes.
    """
    from docxtpl import DocxTemplate

    told = {**(fields or {}), **sheet.to_json(), "number": number}
    context = {name: _literal(value) for name, value in told.items()}
    for signer in Signer:
        context[f"signed_by_{signer}"] = signer.value in sheet.signers
    out, moment = BytesIO(), (at or datetime.now(UTC)).astimezone(UTC)
    try:
        template = DocxTemplate(BytesIO(layout or _shipped()))
        template.render(context, _jinja(), autoescape=True)
        properties = template.docx.core_properties
        properties.title, properties.subject, properties.author = sheet.title, number, sheet.agency
        properties.language = "zh-CN"
        properties.created = properties.modified = moment.replace(tzinfo=None)
        template.save(out)
    except Exception as failed:  # whatever a file that someone drew can do to the library
        raise LayoutError(f"文书版式不能使用：{_one_sentence(failed)}") from failed
    return _dated(out, moment)


def holes(layout: bytes) -> frozenset[str]:
    """The names that a layout asks for; LayoutError where it is not one."""
    from docxtpl import DocxTemplate

    try:
        return frozenset(DocxTemplate(BytesIO(layout)).get_undeclared_template_variables(_jinja()))
    except Exception as failed:
        raise LayoutError(f"文书版式不能使用：{_one_sentence(failed)}") from failed


def _dated(made: BytesIO, at: datetime) -> bytes:
    """The file with ``at`` on each of its parts, where the library writes the hour at which it ran."""
    out = BytesIO()
    with ZipFile(made) as parts, ZipFile(out, "w") as dated:
        for part in parts.infolist():
            entry = ZipInfo(part.filename, (at.year, at.month, at.day, at.hour, at.minute, at.second))
            dated.writestr(entry, parts.read(part), ZIP_DEFLATED)
    return out.getvalue()


def _literal(value: object) -> Any:  # noqa: ANN401  as deep as what was given
    """The value with every text safe for XML, and with braces that docxtpl cannot take for its own."""
    if isinstance(value, Mapping):
        return {name: _literal(held) for name, held in value.items()}
    if isinstance(value, list | tuple):
        return [_literal(held) for held in value]
    text = str(value or "")
    return Markup(str(escape(text)).replace("{", "&#123;").replace("}", "&#125;"))  # noqa: S704  escaped


def _jinja() -> Any:  # noqa: ANN401  jinja2 stays inside
    from jinja2 import StrictUndefined
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    return ImmutableSandboxedEnvironment(autoescape=True, undefined=StrictUndefined)


def _one_sentence(error: Exception) -> str:
    words = " ".join(str(error).split())[:120]
    return f"{words or type(error).__name__}。"


@cache
def _shipped() -> bytes:
    return FILE.read_bytes()
