"""From bytes to text, for Chinese files of any usual encoding."""

from __future__ import annotations

import codecs
import re

from .errors import UnreadableDocument

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_CHINESE = re.compile(r"[一-鿿，。；：、（）《》“”]")
_SAMPLE = 200_000


def decode(content: bytes, encoding: str | None = None) -> str:
    """The text of ``content``: by its byte order mark, as UTF-8, UTF-16 or GB 18030, else by likeness.

    ``encoding`` overrides all of that. Raises UnreadableDocument for bytes that are no text.
    """
    if encoding:
        return _decode_as(content, encoding)
    for mark, name in _MARKS:
        if content.startswith(mark):
            return _decode_as(content[len(mark) :] if name == "utf-8" else content, name)
    text = _strict(content, "utf-8")
    if text is None and b"\x00" in content[:_SAMPLE]:
        text = _unmarked_utf16(content)
    elif text is None:
        text = _strict(content, "gb18030") if _reads_as_chinese(content) else None
        text = text or _by_likeness(content)
    if text is None or len(_CONTROL.findall(text[:_SAMPLE])) * 100 > len(text[:_SAMPLE]):
        raise UnreadableDocument(
            "文件内容不是文字，无法读取。", "The file does not hold text, so it cannot be read."
        )
    return text


def _decode_as(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding).removeprefix("\ufeff")
    except (LookupError, UnicodeError):
        raise UnreadableDocument(
            f"文件不能按“{encoding}”编码读取。", f"The file cannot be read in the encoding “{encoding}”."
        ) from None


def _strict(content: bytes, encoding: str) -> str | None:
    try:
        return content.decode(encoding)
    except UnicodeError:
        return None


def _unmarked_utf16(content: bytes) -> str | None:
    """UTF-16 without a mark: line ends and Latin letters show as zero bytes on one side."""
    even, odd = content[0:_SAMPLE:2].count(0), content[1:_SAMPLE:2].count(0)
    text = _strict(content, "utf-16-le" if odd >= even else "utf-16-be")
    return text if text is not None and "\x00" not in text else None


def _reads_as_chinese(content: bytes) -> bool:
    """True when the bytes make usual Chinese text in GB 18030, not the odd characters of another code."""
    sample = content[:_SAMPLE].decode("gb18030", errors="ignore")
    wide = [character for character in sample if ord(character) > 0x7F]
    common = sum(_is_common(character) for character in wide)
    return bool(wide) and common * 10 >= len(wide) * 8


def _is_common(character: str) -> bool:
    """True for a character of GB 2312's first level (3,755 usual ones) or Chinese punctuation."""
    try:
        raw = character.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return 0xB0 <= raw[0] <= 0xD7 or 0xA1 <= raw[0] <= 0xA3


def _by_likeness(content: bytes) -> str | None:
    from charset_normalizer import from_bytes

    best = from_bytes(content[:_SAMPLE], cp_isolation=["gb18030", "big5", "utf_16", "utf_8", "cp1252"]).best()
    if best is None:
        return None
    text = content.decode(best.encoding, errors="replace")
    return text if "\ufffd" not in text or _CHINESE.search(text) else None
