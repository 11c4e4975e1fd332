"""Files made to harm whoever reads them, each with the words by which it must be refused."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable

from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen import canvas

from tests.knowledge.workbooks import HEADINGS, saved, sheet, with_part

SHEET = "xl/worksheets/sheet1.xml"
MARKER = "标记一下这里"
ROW = (1, f"{MARKER}乱贴广告", "", "及时改正", "不予处罚", "")
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_DOCUMENT = b'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>'
_WORDS = f"<w:p><w:r><w:t>{MARKER}试行办法</w:t></w:r></w:p></w:body></w:document>".encode()

Maker = Callable[[], bytes]


def packed(**parts: bytes | tuple[bytes, int]) -> bytes:
    """A zip file; a part may be a piece and how many times it stands there."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as package:
        for name, content in parts.items():
            piece, times = content if isinstance(content, tuple) else (content, 1)
            with package.open(name.replace("__", "/").replace("_", "."), "w", force_zip64=True) as part:
                for _ in range(times):
                    part.write(piece)
    return stream.getvalue()


def word(extra: bytes = b"", **parts: bytes) -> bytes:
    return packed(word__document_xml=_DOCUMENT + extra + _WORDS, **parts)


def workbook(*rows: tuple[object, ...], **parts: bytes) -> bytes:
    stream = io.BytesIO(saved(sheet([HEADINGS, *(rows or (ROW,))])[0]))
    with zipfile.ZipFile(stream, "a") as package:
        for name, content in parts.items():
            package.writestr(name.replace("__", "/").replace("_", "."), content)
    return stream.getvalue()


def encrypted_pdf() -> bytes:
    stream = io.BytesIO()
    page = canvas.Canvas(stream, encrypt=StandardEncryption("secret", canPrint=0))
    page.drawString(50, 700, MARKER)
    page.showPage()
    page.save()
    return stream.getvalue()


def pdf_bomb() -> bytes:
    stream = zlib.compress(b" " * (40 * 1024 * 1024))
    return b"%PDF-1.4\n1 0 obj <</Length 1 /Filter /FlateDecode>> stream\n" + stream + b"\nendstream endobj"


def empty_cells() -> bytes:
    """A workbook whose sheet unpacks to 500 MB of cells without content."""
    row = b"<row>" + b"<c/>" * 262_142 + b"</row>"
    honest = workbook()
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(honest)) as old, zipfile.ZipFile(stream, "w") as new:
        for entry in old.namelist():
            if entry != SHEET:
                new.writestr(entry, old.read(entry))
        info = zipfile.ZipInfo(SHEET)
        info.compress_type = zipfile.ZIP_DEFLATED
        with new.open(info, "w", force_zip64=True) as part:
            part.write(b"<worksheet><sheetData>")
            for _ in range(500):
                part.write(row)
            part.write(b"</sheetData></worksheet>")
    return stream.getvalue()


def blanks(mebibytes: int) -> Maker:
    return lambda: packed(word__document_xml=(b" " * 1_048_576, mebibytes))


def understated() -> bytes:
    """A document that says of itself that it is small and unpacks to 200 MB."""
    content = blanks(200)()
    size = struct.pack("<I", 200 * 1_048_576)
    return content.replace(size, struct.pack("<I", 1000))


def with_entities() -> bytes:
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><worksheet>&b;</worksheet>'
    return with_part(workbook(), SHEET, bomb)


def dde() -> bytes:
    book, page = sheet([HEADINGS, ROW])
    page["D2"] = "=cmd|'/C calc'!A0"
    return saved(book)


def formula_as_text() -> bytes:
    book, page = sheet([HEADINGS, ROW])
    page["B2"] = f'=HYPERLINK("http://evil.example","{MARKER}")'
    page["B2"].data_type = "s"
    return saved(book)


def table(cell: str) -> Maker:
    lines = ("序号,违法行为,适用条件,处理结果", f'1,{MARKER}乱贴广告,"{cell}",不予处罚')
    return "\n".join(lines).encode


REFUSED: dict[str, tuple[str, Maker, str]] = {
    "an encrypted pdf": ("a.pdf", encrypted_pdf, "加密"),
    "a pdf bomb": ("a.pdf", pdf_bomb, "过大"),
    "a zip bomb in docx clothing": (
        "a.docx",
        lambda: packed(word__document_xml=(b" " * 1_048_576, 300)),
        "过大",
    ),
    "a smaller zip bomb": ("a.docx", lambda: packed(word__document_xml=(b" " * 1_048_576, 70)), "损坏"),
    "a zip bomb that lies about its size": ("a.docx", understated, "损坏"),
    "a zip bomb in xlsx clothing": (
        "a.xlsx",
        lambda: packed(xl__workbook_xml=b"<a/>", xl__worksheets__sheet1_xml=(b"<c/>" * 262_144, 60)),
        "太大",
    ),
    "a workbook of 500 MB of empty cells": ("a.xlsx", empty_cells, "太大"),
    "a docx with macros": ("a.docx", lambda: word(word__vbaProject_bin=b"x"), "宏"),
    "a docm": ("a.docm", word, "宏"),
    "an xlsx with macros": ("a.xlsx", lambda: workbook(xl__vbaProject_bin=b"x"), "宏"),
    "an encrypted docx": ("a.docx", lambda: OLE + "EncryptedPackage".encode("utf-16-le"), "加密"),
    "an encrypted xlsx": ("a.xlsx", lambda: OLE + "EncryptedPackage".encode("utf-16-le"), "加密"),
    "an old doc": ("a.doc", lambda: OLE + bytes(100), "旧版"),
    "an old xls": ("a.xls", lambda: OLE + bytes(100), "旧版"),
    "entities in a workbook": ("a.xlsx", with_entities, "Excel"),
    "a text that says it is utf-8 and is not": (
        "a.txt",
        lambda: b"\xef\xbb\xbf" + f"{MARKER}试行办法\n一、甲。".encode("gb18030"),
        "编码",
    ),
    "a csv that says it is utf-16 and is not": (
        "a.csv",
        lambda: b"\xff\xfe" + table("及时改正")() + b"1",
        "编码",
    ),
    "a formula in csv": ("a.csv", table("=1+1"), "公式"),
    "a command in csv": ("a.csv", table("@SUM(1+1)*cmd|' /C calc'!A0"), "公式"),
    "a command behind a minus": ("a.csv", table("-2+3+cmd|' /C calc'!A0"), "公式"),
    "a command behind a tab": ("a.csv", table("\t=cmd|' /C calc'!A0"), "公式"),
    "a formula as text in xlsx": ("a.xlsx", formula_as_text, "公式"),
    "a formula of xlsx that starts a program": ("a.xlsx", dde, "公式"),
    "an empty file": ("a.txt", bytes, "空"),
    "a blank file": ("a.docx", lambda: b" \r\n\t", "空"),
    "an empty csv": ("a.csv", lambda: b"\xef\xbb\xbf\r\n", "清单"),
    "a picture": ("a.png", lambda: b"\x89PNG\r\n\x1a\n" + bytes(50), "格式"),
    "a picture that is called text": ("a.txt", lambda: b"\x89PNG\r\n\x1a\n" + bytes(50), "不是"),
    "a program": ("a.exe", lambda: b"MZ" * 50, "格式"),
    "a zip of anything": ("a.zip", lambda: packed(a_txt=b"x"), "格式"),
    "a table that is no list": ("a.csv", lambda: b"a,b\n1,2\n", "清单"),
    "a page with nothing but scripts": (
        "a.html",
        lambda: b"<html><body><script>x</script></body></html>",
        "没有",
    ),
    "text with a sign that no record holds": (
        "a.txt",
        f"{MARKER}办法\n一、{'甲' * 300}\0乙。".encode,
        "控制字符",
    ),
    "too large a file": ("a.txt", lambda: MARKER.encode() * 1_300_000, "20 MB"),
}
