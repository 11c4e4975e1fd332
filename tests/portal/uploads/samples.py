"""Small files of every kind, whole and spoilt, made here."""

from __future__ import annotations

import struct
import zipfile
import zlib
from io import BytesIO

from docx import Document


def png(size: int = 1, trailing: bytes = b"") -> bytes:
    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    rows = b"".join(b"\0" + b"\x80" * size for _ in range(size))
    head = struct.pack(">IIBBBBB", size, size, 8, 0, 0, 0, 0)
    chunks = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + chunks + trailing


def jpg(body: bytes = b"\x12\x34" * 20) -> bytes:
    def segment(mark: int, data: bytes) -> bytes:
        return bytes([0xFF, mark]) + struct.pack(">H", len(data) + 2) + data

    frame = struct.pack(">BHHB", 8, 1, 1, 1) + b"\x01\x11\x00"
    return (
        b"\xff\xd8"
        + segment(0xE0, b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0")
        + segment(0xC0, frame)
        + segment(0xDA, b"\x01\x01\0\0\x3f\0")
        + body
        + b"\xff\xd9"
    )


def pdf(body: bytes = b"1 0 obj <<>> endobj\n") -> bytes:
    return b"%PDF-1.7\n" + body + b"startxref\n9\n%%EOF\n"


def docx(text: str = "情况说明") -> bytes:
    word, out = Document(), BytesIO()
    word.add_paragraph(text)
    word.save(out)
    return out.getvalue()


def with_entry(name: str, content: bytes, base: bytes | None = None) -> bytes:
    """A docx with one more entry."""
    out = BytesIO(base or docx())
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(name, content)
    return out.getvalue()


def zip_of(**entries: bytes) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in entries.items():
            packed.writestr(name, content)
    return out.getvalue()


def bomb(mib: int = 130) -> bytes:
    """A docx of some kilobytes that unpacks to far more than it may."""
    return with_entry("word/media/image1.bmp", bytes(mib * 1024 * 1024))


def box(name: bytes, data: bytes = b"") -> bytes:
    return struct.pack(">I", len(data) + 8) + name + data


def mp4(brand: bytes = b"isom", data: bytes = b"\0" * 64) -> bytes:
    return (
        box(b"ftyp", brand + b"\0\0\2\0isomiso2") + box(b"moov", box(b"mvhd", bytes(20))) + box(b"mdat", data)
    )


def mp3(frames: int = 5, told: int | None = None) -> bytes:
    """MPEG 1 layer III, 128 kbit/s, 44.1 kHz: 417 bytes a frame; the first may tell how long the file is."""
    frame = b"\xff\xfb\x90\x00" + bytes(413)
    first = frame
    if told is not None:
        xing = b"Xing" + struct.pack(">III", 3, frames, told)
        first = frame[:36] + xing + frame[36 + len(xing) :]
    return b"ID3\x04\0\0\0\0\0\x05" + bytes(5) + first + frame * (frames - 1)
