"""Every format leads to the same clauses; files that cannot be read say why in one sentence."""

import io
import re
import time
import zipfile
import zlib
from collections import Counter

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen import canvas

from knowledge.parse import ParsedDocument, UnreadableDocument, parse_document
from knowledge.parse.docx_numbering import counted

NOTICE = """某市推行柔性执法工作方案
为推进严格规范公正文明执法，营造良好的法治化营商环境，结合我市实际，制定本方案。
一、总体要求
（一）指导思想。坚持教育与处罚相结合，推行柔性执法，推进严格规范公正文明执法，服务高质量发展。
（二）工作目标。到年底前各级行政执法部门全面推行柔性执法，形成行之有效的制度体系。
二、柔性执法的终止
有下列情形之一的，应当终止：
（1）当事人撤回申请的；
（2）其他情形。
某市司法局
2024年3月5日"""
SECTIONS = ["题头", "前言", "一", "一/（一）", "一/（二）", "二", "二/（1）", "二/（2）", "落款"]


def sections(document: ParsedDocument) -> list[str]:
    return [clause.section for clause in document.clauses]


def text_of(document: ParsedDocument, section: str) -> str:
    return next(clause.text for clause in document.clauses if clause.section == section)


def left_out(document: ParsedDocument) -> set[tuple[str, str]]:
    return {(piece.text, str(piece.reason)) for piece in document.left_out}


def visible(text: str) -> Counter[str]:
    return Counter("".join(text.split()))


def as_docx(build) -> bytes:
    document = docx.Document()
    build(document)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def word(text: str = NOTICE) -> bytes:
    return as_docx(lambda document: [document.add_paragraph(line) for line in text.split("\n")])


def pdf(text: str = NOTICE, *, width: int = 28, **options) -> bytes:
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    buffer = io.BytesIO()
    page = canvas.Canvas(buffer, pagesize=(595, 842), **options)
    number, top = 1, 760

    def finish() -> None:
        nonlocal number, top
        page.setFont("STSong-Light", 10)
        page.drawCentredString(297, 30, f"- {number} -")
        page.drawString(200, 815, "某市文件汇编")
        page.showPage()
        number, top = number + 1, 760

    for paragraph in text.split("\n"):
        line = "　　" + paragraph
        while line:
            piece, line = line[:width], line[width:]
            page.setFont("STSong-Light", 16)
            indent = len(piece) - len(piece.lstrip("　"))
            page.drawString(74 + 16 * indent, top, piece.lstrip("　"))
            top -= 28
            if top < 600:
                finish()
    finish()
    page.save()
    return buffer.getvalue()


def html(text: str = NOTICE) -> bytes:
    body = "".join(f"<p>{line}</p>" for line in text.split("\n"))
    return f"<!DOCTYPE html><html><head><title>t</title></head><body><div>{body}</div></body></html>".encode()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.txt", NOTICE.encode("utf-8")),
        ("a.text", NOTICE.encode("utf-8-sig")),
        ("a.txt", NOTICE.encode("gb18030")),
        ("a.txt", NOTICE.encode("utf-16")),
        ("a.txt", NOTICE.encode("utf-16-le")),
        ("a.TXT", NOTICE.replace("\n", "\r\n").encode("utf-8")),
        ("a.md", NOTICE.encode("utf-8")),
        ("a.docx", word()),
        ("a.html", html()),
        ("a.htm", html().decode().encode("gb18030")),
        ("a.pdf", pdf()),
    ],
)
def test_every_format_and_encoding_leads_to_the_same_clauses(name, content):
    plain = parse_document(NOTICE.encode(), "a.txt")
    document = parse_document(content, name)
    assert sections(document) == SECTIONS
    assert [visible(c.text) for c in document.clauses] == [visible(c.text) for c in plain.clauses]
    assert (document.title, document.issuer, document.issued_on) == (
        plain.title,
        plain.issuer,
        plain.issued_on,
    )


def test_an_encoding_can_be_given():
    assert sections(parse_document(NOTICE.encode("big5", errors="ignore"), "a.txt", encoding="big5"))
    with pytest.raises(UnreadableDocument, match="编码"):
        parse_document(NOTICE.encode("gb18030"), "a.txt", encoding="utf-8")
    with pytest.raises(UnreadableDocument, match="编码"):
        parse_document(NOTICE.encode(), "a.txt", encoding="no-such-code")


def test_markdown_marks_are_left_out():
    text = (
        "# 某市通知\n\n**一、目标**\n\n- 全面推行 [规定](http://a.b/c)。\n\n---\n\n> 1\\. 甲\n\n"
        "| 序号 | 事项 |\n|---|---|\n| 1 | 乙 |\n\n<!-- 注 -->\n二、要求 ##\n"
    )
    document = parse_document(text.encode(), "a.md")
    assert sections(document) == ["题头", "一", "一/1", "二"]
    assert text_of(document, "一") == "一、目标\n全面推行 规定。"
    assert "序号\t事项" in text_of(document, "一/1")
    everything = "".join(c.text for c in document.clauses) + "".join(p.text for p in document.left_out)
    assert visible(text) - visible(everything) == Counter()


PAGE = """<html><head><title>某市推行柔性执法工作方案 - 某市政府网</title><style>p{}</style></head><body>
<div class="top"><a href="/">首页</a> | <a href="/a">政务公开</a></div>
<nav><ul><li>栏目</li></ul></nav>
<table><tr><td><a href="/b">相关栏目</a></td><td><form>
<div class="title">某市推行柔性执法工作方案</div>
<div class="content">%s
<p>三、其他<span style="display:none">看不见</span>事项</p>
<table><tr><th>序号</th><th>事项</th></tr><tr><td>1</td><td>张贴<br>小广告</td></tr></table>
</div></form></td></tr></table>
<div>版权所有：某市政府 地址：某路一号</div><script>var x = "一、不是条款";</script></body></html>"""


def test_the_page_around_an_article_is_left_out():
    body = "".join(f"<p>{line}</p>" for line in NOTICE.split("\n")[1:-2])
    document = parse_document((PAGE % body).encode(), "a.html")
    assert sections(document) == [*SECTIONS[:-1], "三"]
    assert text_of(document, "题头") == "某市推行柔性执法工作方案"
    assert text_of(document, "三") == "三、其他事项\n序号\t事项\n1\t张贴小广告"
    reasons = dict(left_out(document))
    assert reasons["看不见"] == "隐藏内容"
    assert reasons["栏目"] == reasons["版权所有：某市政府 地址：某路一号"] == "网页导航"
    assert "不是条款" not in str(document)
    everything = "".join(c.text for c in document.clauses) + "".join(p.text for p in document.left_out)
    shown = re.sub(r"<(title|style|script)>?.*?</\1>|<[^>]*>", "", PAGE % body, flags=re.DOTALL)
    assert visible(shown.replace("&gt;", ">")) == visible(everything)


def test_a_deep_page_is_read_whole_or_not_at_all():
    deep = "<html><body>" + "<div>" * 1000 + "一、甲。"
    assert sections(parse_document(deep.encode(), "a.html")) == ["一"]
    with pytest.raises(UnreadableDocument, match="损坏"):
        parse_document(deep.replace("<div>", "<div><div><div><div>").encode(), "a.html")


RUN = '<w:r {ns}>{properties}<w:t xml:space="preserve">{text}</w:t></w:r>'


def run(text: str, properties: str = "") -> str:
    return RUN.format(ns=nsdecls("w"), properties=properties, text=text)


def test_tracked_changes_are_read_as_accepted_and_hidden_text_is_reported():
    def build(document):
        document.add_paragraph("一、要求")
        paragraph = document.add_paragraph("自收到之日起")._p
        deleted = run("十五日").replace("w:t>", "w:delText>").replace("<w:t ", "<w:delText ")
        paragraph.append(parse_xml(f"<w:del {nsdecls('w')} w:id='1'>{deleted}</w:del>"))
        paragraph.append(parse_xml(f"<w:ins {nsdecls('w')} w:id='2'>{run('三十日')}</w:ins>"))
        paragraph.append(parse_xml(run("内部意见", "<w:rPr><w:vanish/></w:rPr>")))
        paragraph.append(parse_xml(run("内办结。", '<w:rPr><w:vanish w:val="0"/></w:rPr>')))

    document = parse_document(as_docx(build), "a.docx")
    assert text_of(document, "一") == "一、要求\n自收到之日起三十日内办结。"
    assert left_out(document) == {("十五日", "修订中已删除"), ("内部意见", "隐藏内容")}


def test_tables_are_read_row_by_row_and_hidden_rows_are_reported():
    def build(document):
        document.add_paragraph("一、清单")
        table = document.add_table(rows=4, cols=3)
        for row, texts in enumerate(
            (("序号", "事项", "条件"), ("1.", "张贴", "及时"), ("2.", "甲", "乙"), ("3.", "丙", "丁"))
        ):
            for column, text in enumerate(texts):
                table.cell(row, column).text = text
        table.cell(1, 1).merge(table.cell(1, 2))
        table.rows[2]._tr.insert(0, parse_xml(f"<w:trPr {nsdecls('w')}><w:hidden/></w:trPr>"))
        document.add_paragraph("二、要求")

    document = parse_document(as_docx(build), "a.docx")
    assert sections(document) == ["一", "二"]
    assert text_of(document, "一") == "一、清单\n序号\t事项\t条件\n1.\t张贴 及时\n3.\t丙\t丁"
    assert left_out(document) == {("2.\t甲\t乙", "隐藏内容")}


def test_a_frame_of_one_cell_is_read_as_text():
    def build(document):
        cell = document.add_table(rows=1, cols=1).cell(0, 0)
        cell.text = "一、甲。"
        cell.add_paragraph("二、乙。")

    assert sections(parse_document(as_docx(build), "a.docx")) == ["一", "二"]


LEVELS = (("chineseCountingThousand", "%1、"), ("chineseCountingThousand", "（%2）"), ("decimal", "%3."))


def numbered(document, paragraphs) -> None:
    """Paragraphs numbered by Word: ``(depth, text)``."""
    numbering = document.part.numbering_part.element
    levels = "".join(
        f'<w:lvl w:ilvl="{depth}"><w:start w:val="1"/><w:numFmt w:val="{form}"/>'
        f'<w:lvlText w:val="{shown}"/></w:lvl>'
        for depth, (form, shown) in enumerate(LEVELS)
    )
    numbering.insert(
        0, parse_xml(f'<w:abstractNum {nsdecls("w")} w:abstractNumId="77">{levels}</w:abstractNum>')
    )
    numbering.append(parse_xml(f'<w:num {nsdecls("w")} w:numId="77"><w:abstractNumId w:val="77"/></w:num>'))
    for depth, text in paragraphs:
        paragraph = document.add_paragraph(text)
        properties = paragraph._p.get_or_add_pPr()
        properties.append(
            parse_xml(f'<w:numPr {nsdecls("w")}><w:ilvl w:val="{depth}"/><w:numId w:val="77"/></w:numPr>')
        )


def test_automatic_numbers_are_read_as_shown():
    wanted = [
        (0, "总则"),
        (1, "目的。"),
        (2, "甲。"),
        (2, "乙。"),
        (1, "范围。"),
        (2, "丙。"),
        (0, "附则"),
        (1, "丁。"),
    ]
    document = parse_document(as_docx(lambda d: numbered(d, wanted)), "a.docx")
    assert sections(document) == [
        "一",
        "一/（一）",
        "一/（一）/1",
        "一/（一）/2",
        "一/（二）",
        "一/（二）/1",
        "二",
        "二/（一）",
    ]
    assert text_of(document, "一/（二）/1") == "1.丙。"


@pytest.mark.parametrize(
    ("number", "form", "shown"),
    [
        (3, "decimalEnclosedCircle", "③"),
        (12, "chineseCounting", "十二"),
        (28, "lowerLetter", "bb"),
        (9, "upperRoman", "IX"),
        (7, "decimalZero", "07"),
        (10, "decimalFullWidth", "１０"),
        (5, "aFormatOfTomorrow", "5"),
    ],
)
def test_word_counts_in_many_ways(number, form, shown):
    assert counted(number, form) == shown


def test_headers_and_footers_of_word_are_left_out():
    def build(document):
        document.add_paragraph("一、甲。")
        document.sections[0].footer.paragraphs[0].text = "第 页"

    assert left_out(parse_document(as_docx(build), "a.docx")) == {("第 页", "页眉页脚")}


def test_page_margins_of_a_pdf_are_left_out():
    found = left_out(parse_document(pdf(), "a.pdf"))
    assert ("某市文件汇编", "页眉页脚") in found
    assert ("- 2 -", "页码") in found


def zipped(**parts: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in parts.items():
            package.writestr(name.replace("__", "/").replace("_", "."), data)
    return buffer.getvalue()


def bomb() -> bytes:
    document = b'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>'
    return zipped(word__document_xml=document + b" " * (70 * 1024 * 1024))


def with_entities() -> bytes:
    return zipped(word__document_xml=b'<!DOCTYPE a [<!ENTITY x "xxxx">]><a>&x;</a>')


def pdf_bomb() -> bytes:
    stream = zlib.compress(b" " * (40 * 1024 * 1024))
    return b"%PDF-1.4\n1 0 obj <</Length 1 /Filter /FlateDecode>> stream\n" + stream + b"\nendstream endobj"


def encrypted_pdf() -> bytes:
    from reportlab.lib.pdfencrypt import StandardEncryption

    return pdf(encrypt=StandardEncryption("secret", canPrint=0))


def scanned_pdf() -> bytes:
    buffer = io.BytesIO()
    page = canvas.Canvas(buffer)
    page.rect(10, 10, 300, 300, fill=1)
    page.showPage()
    page.save()
    return buffer.getvalue()


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


UNREADABLE = {
    "empty": ("a.txt", lambda: b"", "空"),
    "blank": ("a.txt", lambda: b" \r\n\t", "空"),
    "binary": ("a.txt", lambda: bytes(range(256)) * 8, "不是文字"),
    "picture": ("a.txt", lambda: b"\x89PNG\r\n\x1a\n" + b"\x00" * 50, "不是"),
    "page named text": ("a.txt", html, "扩展名"),
    "text named pdf": ("a.pdf", NOTICE.encode, "不是"),
    "pdf named docx": ("a.docx", pdf, "PDF"),
    "workbook named docx": ("a.docx", lambda: zipped(xl__workbook_xml=b"<a/>"), "不是 Word"),
    "broken xml": ("a.docx", lambda: zipped(word__document_xml=b"<a"), "损坏"),
    "broken zip": ("a.docx", lambda: b"PK\x03\x04" + b"rubbish" * 20, "损坏"),
    "cut docx": ("a.docx", lambda: word()[:-400], "损坏"),
    "macros": ("a.docx", lambda: zipped(word__document_xml=b"<a/>", word__vbaProject_bin=b"x"), "宏"),
    "docm": ("a.docm", word, "宏"),
    "encrypted docx": ("a.docx", lambda: OLE + "EncryptedPackage".encode("utf-16-le"), "加密"),
    "old word": ("a.doc", lambda: OLE + b"\x00" * 100, "旧版"),
    "table": ("a.xlsx", word, "清单"),
    "unknown ending": ("a.exe", lambda: b"MZ" * 50, "格式"),
    "no ending": ("noending", NOTICE.encode, "扩展名"),
    "broken pdf": ("a.pdf", lambda: b"%PDF-1.7\nnothing here", "损坏"),
    "encrypted pdf": ("a.pdf", encrypted_pdf, "加密"),
    "scanned pdf": ("a.pdf", scanned_pdf, "文字层"),
    "pdf bomb": ("a.pdf", pdf_bomb, "过大"),
    "zip bomb": ("a.docx", bomb, "损坏"),
    "entities": ("a.docx", with_entities, "损坏"),
    "too large": ("a.txt", lambda: b"a" * (20 * 1024 * 1024 + 1), "20 MB"),
    "empty page": ("a.html", lambda: b"<html><body><script>x</script></body></html>", "没有可读"),
}


@pytest.mark.parametrize("case", UNREADABLE)
def test_a_file_that_cannot_be_read_says_why_in_one_sentence(case):
    name, make, says = UNREADABLE[case]
    content = make()
    started = time.monotonic()
    with pytest.raises(UnreadableDocument) as refused:
        parse_document(content, name)
    assert says in str(refused.value)
    assert str(refused.value).count("。") == 1
    assert refused.value.english.endswith(".")
    assert time.monotonic() - started < 10


HOSTILE = {
    "open quotes": ("a.txt", "“" * 20_000),
    "open brackets": ("a.txt", "（" * 20_000),
    "items in one line": ("a.txt", "一、甲：" + "：（1）" * 10_000),
    "numbers without a first": ("a.txt", "九、甲\n" * 5_000),
    "contents": ("a.txt", "目录\n" * 5_000),
    "open comments": ("a.md", "<!--" * 20_000),
    "stars": ("a.md", "*a" * 10_000),
    "nested tables": ("a.html", "<html><body>" + "<table><tr><td>a<td>b<tr><td>c<td>" * 200),
    "many lines": ("a.txt", "甲。\n" * 40_000),
    "one long line": ("a.txt", "甲" * 300_000),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_hostile_files_are_read_or_refused_in_time(case):
    name, text = HOSTILE[case]
    started = time.process_time()
    try:
        document = parse_document(text.encode(), name)
        assert document.clauses
    except UnreadableDocument as refused:
        assert case in ("many lines", "one long line"), refused  # noqa: PT017
    assert time.process_time() - started < 5
