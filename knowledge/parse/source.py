"""From bytes to lines: which format a file is in, and who reads it."""

from __future__ import annotations

from pathlib import PurePath

from .document import Source
from .errors import MAX_CHARACTERS, MAX_LINE, MAX_LINES, UnreadableDocument, too_complex

MAX_BYTES = 20 * 1024 * 1024
_TEXT = {
    "txt": "txt",
    "text": "txt",
    "md": "md",
    "markdown": "md",
    "html": "html",
    "htm": "html",
    "xhtml": "html",
}
_FORMATS = {**_TEXT, "docx": "docx", "pdf": "pdf"}
_TABLES = ("csv", "xlsx", "xls", "et")
_LEGACY = ("doc", "wps", "rtf", "docm", "dot", "dotm")
_NAMES = {"txt": "文本", "md": "Markdown", "html": "网页", "docx": "Word", "pdf": "PDF"}


def read(content: bytes, filename: str, encoding: str | None = None) -> Source:
    """The lines of a file, whatever its format; raises UnreadableDocument with the reason."""
    if not content.strip(b"\x00 \t\r\n"):
        raise UnreadableDocument("文件是空的。", "The file is empty.")
    if len(content) > MAX_BYTES:
        raise UnreadableDocument(
            "文件超过 20 MB，请拆分或压缩后再导入。", "The file is larger than 20 MB; split it and try again."
        )
    source = _read_as(_format(content, filename), content, encoding)
    sizes = [len(line.text) for line in source.lines]
    if len(sizes) > MAX_LINES or max(sizes, default=0) > MAX_LINE or sum(sizes) > MAX_CHARACTERS:
        raise too_complex()
    if not any(line.text.strip() for line in source.lines):
        raise UnreadableDocument("文件里没有可读的文字。", "There is no readable text in the file.")
    return source


def _read_as(form: str, content: bytes, encoding: str | None) -> Source:
    # Each reader is imported where it is used: a text file needs neither lxml nor a PDF library.
    if form == "pdf":
        from .pdf import read_pdf

        return read_pdf(content)
    if form == "docx":
        from .docx import read_docx

        return read_docx(content)
    from .encoding import decode

    text = decode(content, encoding)
    if form == "html":
        from .html import read_html

        return read_html(text)
    from .text import read_markdown, read_text

    return read_markdown(text) if form == "md" else read_text(text)


def _format(content: bytes, filename: str) -> str:
    """The format that name and content agree on."""
    ending = PurePath(filename).suffix.lower().lstrip(".")
    if ending in _TABLES:
        raise UnreadableDocument(
            "这是表格文件，请作为清单导入。", "This is a table; import it as an exemption list."
        )
    found = _signature(content)
    if ending in _LEGACY or found == "ole":
        raise _legacy(content, ending)
    wanted = _FORMATS.get(ending)
    if wanted is None:
        raise UnreadableDocument(
            f"不支持“.{ending}”格式，请用 txt、md、html、docx 或 pdf。"
            if ending
            else "文件名没有扩展名，认不出格式。",
            f"“.{ending}” files are not supported; use txt, md, html, docx or pdf."
            if ending
            else "The file name has no ending, so its format is unknown.",
        )
    if found is None and wanted in _TEXT.values():
        return wanted
    if found != wanted and not (found == "html" and wanted == "md"):
        raise _mismatch(ending, found)
    return wanted


def _signature(content: bytes) -> str | None:
    """What the first bytes show a file to be; None for plain text or something unknown."""
    if content.startswith(b"PK\x03\x04"):
        return "docx"
    if b"%PDF-" in content[:1024]:
        return "pdf"
    if content.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return "ole"
    if content.startswith(b"{\\rtf"):
        return "rtf"
    if content[:4] in (b"\x89PNG", b"GIF8", b"\xff\xd8\xff\xe0", b"\xff\xd8\xff\xe1", b"Rar!", b"7z\xbc\xaf"):
        return "other"
    head = content[:2048].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return "html" if head.startswith((b"<!doctype html", b"<html", b"<?xml")) and b"<html" in head else None


def _legacy(content: bytes, ending: str) -> UnreadableDocument:
    if "EncryptedPackage".encode("utf-16-le") in content:
        return UnreadableDocument(
            "文件已加密，请去掉密码后再导入。", "The file is encrypted; remove the password and try again."
        )
    if ending in ("docm", "dotm"):
        return UnreadableDocument(
            "文件含有宏，请另存为 .docx 后再导入。", "The file holds macros; save it as .docx and try again."
        )
    return UnreadableDocument(
        "这是旧版 Word 格式，请另存为 .docx 后再导入。",
        "This is an old Word format; save it as .docx and try again.",
    )


def _mismatch(ending: str, found: str | None) -> UnreadableDocument:
    is_named = _NAMES.get(found or "")
    if is_named:
        return UnreadableDocument(
            f"文件扩展名是“.{ending}”，内容却是 {is_named} 格式，请改正扩展名后再导入。",
            f"The file is named “.{ending}” but its content is {found}; correct the name and try again.",
        )
    return UnreadableDocument(
        f"文件内容不是“.{ending}”格式，可能已损坏。",
        f"The content is not “.{ending}”; the file may be damaged.",
    )
