"""Documents in Word and PDF say the same, and nothing that was typed acts in either."""

from __future__ import annotations

import zipfile
from datetime import date
from io import BytesIO
from pathlib import Path

import pdfplumber
import pytest
from docx import Document as WordFile

from portal.documents.filling import fill
from portal.documents.kinds import DocumentKind, kind_of
from portal.documents.layout import FILE, draw
from portal.documents.layouts import check_layout, layout_of, layouts_in_trouble
from portal.documents.pdf import PdfUnavailable, pdf_of, pdf_possible
from portal.documents.sheet import Sheet, compose
from portal.documents.word import LayoutError, word_of
from portal.settings import Settings

from .papers import AGENCY, ON, make_fields

needs_font = pytest.mark.skipif(not pdf_possible(), reason="no Chinese font on this machine")
NUMBER = "湛河区城市管理局柔意〔2026〕1号"
HOSTILE = [
    "{{ 7*7 }}",
    "{% for x in ().__class__.__base__.__subclasses__() %}x{% endfor %}",
    "{_{ number }_}{_% raw %_}",
    "{%p if x %}",
    "{{r number }}{#",
    "</w:t></w:r></w:p><w:p><w:r><w:t>伪造</w:t></w:r></w:p>",
    "]]><!--&#123;&amp;&lt;",
    '#set page(fill: red) $x^2$ *粗* _斜_ #read("/etc/passwd") `代码` <标签> @引用 \\ // 注',
    "= 伪造的标题",
    "<script>alert(1)</script>\"'>",
    "{party}{0.__class__}%s%(x)s",
    "=HYPERLINK(1)",
]


def make_sheet(kind: str = DocumentKind.OPINION, party: str = "某某五金经营部", **changes: object) -> Sheet:
    facts = {
        "party": party,
        "identity": "统一社会信用代码：91350100M000100Y43",
        "agency": AGENCY,
        "application": "RW2026-000001",
        "applied_on": "2026年11月20日",
    }
    wanted = kind_of(kind)
    return compose(wanted, fill(wanted, make_fields(kind, **changes)), facts=facts, on=ON)


def lines_of(word: bytes) -> list[str]:
    return [paragraph.text for paragraph in WordFile(BytesIO(word)).paragraphs]


def text_of(pdf: bytes) -> str:
    """All that the PDF says, without its line ends and blanks."""
    with pdfplumber.open(BytesIO(pdf)) as file:
        pages = [page.extract_text() or "" for page in file.pages]
    return "".join("".join(pages).split())


@pytest.mark.parametrize("kind", list(DocumentKind))
def test_word_says_everything_that_the_sheet_says(kind: DocumentKind):
    sheet = make_sheet(kind)
    lines = lines_of(word_of(sheet, NUMBER))
    wanted = [sheet.title, NUMBER, *(line for section in sheet.sections for line in section.lines), sheet.day]
    assert [line for line in wanted if line not in lines] == []
    assert not any("{" in line for line in lines)
    assert ("（印章）" in "".join(lines)) == ("agency" in sheet.signers)
    assert ("签名或者盖章" in "".join(lines)) == ("party" in sheet.signers)
    assert any("草拟稿" in line for line in lines) == bool(sheet.mark)


@needs_font
@pytest.mark.parametrize("kind", list(DocumentKind))
def test_pdf_says_everything_that_the_sheet_says(kind: DocumentKind):
    sheet = make_sheet(kind)
    pdf = pdf_of(sheet, NUMBER, ON)
    said = text_of(pdf)
    wanted = [sheet.title, NUMBER, *(line for section in sheet.sections for line in section.lines), sheet.day]
    assert [line for line in wanted if "".join(line.split()) not in said] == []


@needs_font
def test_pdf_is_tagged_and_made_to_be_kept():
    pdf = pdf_of(make_sheet(), NUMBER, ON)
    assert b"/StructTreeRoot" in pdf
    assert b"<pdfaid:part>2</pdfaid:part><pdfaid:conformance>A</pdfaid:conformance>" in pdf
    assert b"<pdfuaid:part>1</pdfuaid:part>" in pdf


@needs_font
def test_a_character_that_no_font_has_does_not_stop_the_pdf():
    pdf = pdf_of(make_sheet(content="姓名中的字 \U0003106c 字体里没有"), NUMBER, ON)
    assert "姓名中的字" in text_of(pdf)


def test_without_a_font_there_is_no_pdf(tmp_path: Path):
    with pytest.raises(PdfUnavailable):
        pdf_of(make_sheet(), NUMBER, ON, folders=[tmp_path, tmp_path / "absent"])


@pytest.mark.parametrize("typed", HOSTILE)
def test_in_word_what_was_typed_stands_as_typed(typed: str):
    sheet = make_sheet(content=typed, purpose=typed, basis=[typed, typed], party=typed)
    word = word_of(sheet, NUMBER, {"content": typed})
    lines = lines_of(word)
    assert lines.count(typed) == 2
    assert f"1. {typed}" in lines
    assert f"{typed}：" in lines
    clean = lines_of(word_of(make_sheet(content="甲", purpose="甲", basis=["甲", "甲"]), NUMBER))
    assert len(lines) == len(clean)


@needs_font
@pytest.mark.parametrize("typed", HOSTILE)
def test_in_pdf_what_was_typed_stands_as_typed(typed: str):
    said = text_of(pdf_of(make_sheet(content=typed, party=typed), NUMBER, ON))
    assert said.count("".join(typed.split())) == 2


def test_the_layout_that_ships_is_the_one_that_is_drawn():
    def body(word: bytes) -> dict[str, bytes]:
        with zipfile.ZipFile(BytesIO(word)) as file:
            return {name: file.read(name) for name in file.namelist()}

    assert body(draw()) == body(FILE.read_bytes())


def make_layout(*lines: str) -> bytes:
    word, out = WordFile(), BytesIO()
    for line in lines:
        word.add_paragraph(line)
    word.save(out)
    return out.getvalue()


@pytest.fixture
def placed(tmp_path: Path):
    """Puts a layout where an agency keeps its own, and tells how it is taken."""

    def place(content: bytes, kind: str = "opinion"):
        folder = tmp_path / "templates" / AGENCY
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{kind}.docx").write_bytes(content)
        return layout_of(Settings(data=tmp_path, database_url=""), AGENCY, kind)

    return place


def test_an_agency_may_have_a_layout_of_its_own(placed):
    layout = placed(
        make_layout(
            "编号：{{ number }}",
            "目的是 {{ purpose }}",
            "{%p for o in officers %}",
            "{{ o }}",
            "{%p endfor %}",
        )
    )
    assert layout.trouble == ""
    word = word_of(make_sheet(), NUMBER, make_fields(purpose="{{ 1+1 }}<b>"), layout.content)
    assert lines_of(word) == [f"编号：{NUMBER}", "目的是 {{ 1+1 }}<b>", "李某 豫D0001", "赵某 豫D0002"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "应为 Word 文件"),
        (b"PK\x03\x04 not a file", "不能使用"),
        (make_layout("{{ number }} {{ colour }}"), "“colour”不是“柔性执法意见书”的内容"),
        (make_layout("没有编号"), "没有文号"),
        (make_layout("{{ number }} {% if %}"), "不能使用"),
        (make_layout("{{ number }} {{ purpose.__class__.__mro__[1].__subclasses__() }}"), "不能使用"),
        (make_layout("{{ number }} {{ 1/0 }}"), "不能使用"),
        (b"PK" + b"x" * (2 * 1024 * 1024), "不能超过 2 MB"),
    ],
)
def test_a_layout_that_cannot_be_used_is_told_and_the_shipped_one_serves(placed, content: bytes, said: str):
    layout = placed(content)
    assert layout.content is None
    assert said in layout.trouble
    assert layout.trouble.endswith("已改用自带的版式。")
    with pytest.raises(LayoutError):
        check_layout(content, "opinion")
    assert NUMBER in lines_of(word_of(make_sheet(), NUMBER, {}, layout.content))


def test_the_shipped_layout_passes_for_every_kind():
    for kind in DocumentKind:
        check_layout(FILE.read_bytes(), kind)


def test_layouts_in_trouble_are_listed(placed, tmp_path: Path):
    placed(b"nothing", "opinion")
    (tmp_path / "templates" / AGENCY / "poem.docx").write_bytes(b"x")
    placed(FILE.read_bytes(), "refusal")
    found = layouts_in_trouble(Settings(data=tmp_path, database_url=""))
    assert set(found) == {f"{AGENCY}/opinion.docx", f"{AGENCY}/poem.docx"}


@pytest.mark.parametrize("agency", ["", "..", ".", "../keys", "a/b", "x\x00y"])
def test_an_agency_whose_name_is_no_folder_has_no_layout_of_its_own(tmp_path: Path, agency: str):
    (tmp_path / "keys").mkdir()
    (tmp_path / "keys" / "opinion.docx").write_bytes(b"x")
    layout = layout_of(Settings(data=tmp_path, database_url=""), agency, "opinion")
    assert (layout.content, layout.trouble) == (None, "")


def test_the_day_of_the_pdf_is_the_day_of_the_document():
    if pdf_possible():
        assert b"2020-02-29" in pdf_of(make_sheet(), NUMBER, date(2020, 2, 29))
