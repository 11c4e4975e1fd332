"""The Word layout that ships (``document.docx``). ``python -m portal.documents.layout`` redraws it.

An agency starts from this file when it makes a layout of its own.
"""

from __future__ import annotations

from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("document.docx")
BODY, HEADS, TITLE = "仿宋", "黑体", "宋体"


def draw() -> bytes:
    """The layout as a Word file with holes for docxtpl."""
    from docx import Document

    word = Document()
    _page(word)
    _styles(word)
    _body(word)
    _footer(word)
    told = word.core_properties
    told.title, told.author, told.comments, told.last_modified_by = "", "", "", ""
    told.language = "zh-CN"
    told.created = told.modified = datetime(2026, 1, 1)
    out = BytesIO()
    word.save(out)
    return out.getvalue()


def _page(word: Any) -> None:  # noqa: ANN401  python-docx has no types
    from docx.shared import Mm

    section = word.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(34), Mm(30)
    section.left_margin, section.right_margin = Mm(28), Mm(26)


def _styles(word: Any) -> None:  # noqa: ANN401
    from docx.shared import Pt, RGBColor

    for name, font, size, bold in (
        ("Normal", BODY, 14, False),
        ("Title", TITLE, 22, True),
        ("Heading 1", HEADS, 14, False),
        ("Footer", BODY, 10.5, False),
    ):
        style = word.styles[name]
        style.font.name, style.font.size, style.font.bold = "Times New Roman", Pt(size), bold
        style.font.color.rgb = RGBColor(0, 0, 0)
        _east_asian(style.element.get_or_add_rPr(), font)
        style.paragraph_format.space_before = Pt(6 if name == "Heading 1" else 0)
        style.paragraph_format.space_after = Pt(0)
        style.paragraph_format.line_spacing = 1.5
    _no_border(word.styles["Title"])


def _east_asian(properties: Any, font: str) -> None:  # noqa: ANN401
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    fonts = properties.get_or_add_rFonts()
    for name in list(fonts.attrib):
        if "Theme" in name:
            del fonts.attrib[name]
    fonts.set(qn("w:ascii"), "Times New Roman")
    fonts.set(qn("w:hAnsi"), "Times New Roman")
    fonts.set(qn("w:eastAsia"), font)
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "zh-CN")
    language.set(qn("w:eastAsia"), "zh-CN")
    for old in properties.findall(qn("w:lang")):
        properties.remove(old)
    properties.append(language)


def _no_border(style: Any) -> None:  # noqa: ANN401
    from docx.oxml.ns import qn

    border = style.element.pPr.find(qn("w:pBdr"))
    if border is not None:
        style.element.pPr.remove(border)


def _body(word: Any) -> None:  # noqa: ANN401
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt

    def line(text: str, style: str = "Normal", align: object = None, indent: bool = False) -> Any:  # noqa: ANN401
        paragraph = word.add_paragraph(text, style)
        paragraph.alignment = align
        paragraph.paragraph_format.first_line_indent = Pt(28) if indent else None
        return paragraph

    centre, right = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT
    line("{{ agency }}", align=centre)
    line("{{ title }}", "Title", centre)
    line("{%p if mark %}")
    line("（{{ mark }}）", align=centre).runs[0].bold = True
    line("{%p endif %}")
    line("{%p if number %}")
    line("{{ number }}", align=centre)
    line("{%p endif %}")
    line("{%p if replaces %}")
    line("（本文书更正并代替 {{ replaces }}）", align=centre)
    line("{%p endif %}")
    line("{{ recipient }}：").paragraph_format.space_before = Pt(12)
    line("{%p if identity %}")
    line("（{{ identity }}）")
    line("{%p endif %}")
    line("{%p if opening %}")
    line("{{ opening }}", indent=True)
    line("{%p endif %}")
    line("{%p for section in sections %}")
    line("{%p if section.heading %}")
    line("{{ section.heading }}", "Heading 1", indent=True)
    line("{%p endif %}")
    line("{%p for line in section.lines %}")
    line("{{ line }}", indent=True)
    line("{%p endfor %}")
    line("{%p endfor %}")
    line("{%p if signed_by_party %}")
    line("当事人（签名或者盖章）：　　　　　　　　").paragraph_format.space_before = Pt(28)
    line("日期：　　　　年　　月　　日")
    line("{%p endif %}")
    line("{%p if signed_by_agency %}")
    line("{{ agency }}（印章）", align=right).paragraph_format.space_before = Pt(28)
    line("{%p endif %}")
    line("{{ day }}", align=right)


def _footer(word: Any) -> None:  # noqa: ANN401
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    paragraph = word.sections[0].footer.paragraphs[0]
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph.add_run("{{ number or title }}　第 ")
    page = OxmlElement("w:fldSimple")
    page.set(qn("w:instr"), "PAGE")
    paragraph._p.append(page)
    paragraph.add_run(" 页")


if __name__ == "__main__":
    FILE.write_bytes(draw())
