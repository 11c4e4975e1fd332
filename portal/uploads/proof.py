"""What a file is, proved by its content; what it is called proves nothing. Pure but for reading the file."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Callable, Mapping
from typing import BinaryIO

from .limits import MIB, FileKind, limits

_BLOCK = 64 * 1024
_DOCX_MAIN = b"wordprocessingml.document.main+xml"


class UnprovenError(Exception):
    """A file is none that may be handed in; ``word`` says why, as a row of the table of errors."""

    def __init__(self, word: str) -> None:
        super().__init__(word)
        self.word = word


def prove(file: BinaryIO, size: int) -> FileKind:
    """The kind of the file; UnprovenError where it is of none, or only looks like one."""
    if size == 0:
        raise UnprovenError("file_empty")
    file.seek(0)
    start = file.read(1024)
    kind = _announced(start)
    if kind is None:
        raise UnprovenError("file_kind")
    file.seek(0)
    try:
        _READERS[kind](file, size)
    except (EOFError, ValueError, OverflowError):
        raise UnprovenError("file_broken") from None
    return kind


def _announced(start: bytes) -> FileKind | None:
    """The kind that the first bytes announce."""
    if start[4:8] == b"ftyp":
        return FileKind.MP4
    if start.startswith(b"ID3") or _frame_length(start[:4]):
        return FileKind.MP3
    for mark, kind in (
        (b"\xff\xd8\xff", FileKind.JPG),
        (b"\x89PNG\r\n\x1a\n", FileKind.PNG),
        (b"PK\x03\x04", FileKind.DOCX),
    ):
        if start.startswith(mark):
            return kind
    return FileKind.PDF if b"%PDF-" in start else None


def _exactly(file: BinaryIO, count: int) -> bytes:
    data = b""
    while len(data) < count:
        more = file.read(min(count - len(data), _BLOCK))
        if not more:
            raise EOFError
        data += more
    return data


def _is_jpg(file: BinaryIO, size: int) -> None:  # noqa: ARG001  all readers are called alike
    file.seek(2)
    pictured = False
    while True:
        head = _exactly(file, 2)
        if head[0] != 0xFF:
            raise ValueError
        if head[1] == 0xFF:  # a filling byte
            file.seek(-1, 1)
            continue
        if head[1] in (0x01, *range(0xD0, 0xD8)):
            continue
        length = int.from_bytes(_exactly(file, 2), "big")
        if length < 2:
            raise ValueError
        pictured |= head[1] in range(0xC0, 0xD0) and head[1] not in (0xC4, 0xC8, 0xCC)
        _exactly(file, length - 2)
        if head[1] == 0xDA:
            break
    if not pictured:
        raise ValueError
    _seek_mark(file, b"\xff\xd9")


def _seek_mark(file: BinaryIO, mark: bytes) -> None:
    """Reads on to ``mark``; EOFError where it does not come."""
    carried = b""
    while block := file.read(_BLOCK):
        if mark in carried + block:
            return
        carried = block[-len(mark) :]
    raise EOFError


def _is_png(file: BinaryIO, size: int) -> None:
    file.seek(8)
    seen: list[bytes] = []
    while not seen or seen[-1] != b"IEND":
        length, name = int.from_bytes(_exactly(file, 4), "big"), _exactly(file, 4)
        if length > size or (not seen and name != b"IHDR"):
            raise ValueError
        check = zlib.crc32(name)
        for start in range(0, length, _BLOCK):
            check = zlib.crc32(_exactly(file, min(_BLOCK, length - start)), check)
        if check != int.from_bytes(_exactly(file, 4), "big"):
            raise ValueError
        if len(seen) < 2 or name != seen[-1]:
            seen.append(name)
    if b"IDAT" not in seen:
        raise ValueError


def _is_pdf(file: BinaryIO, size: int) -> None:
    file.seek(max(0, size - 4096))
    end = file.read(_BLOCK)
    if b"%%EOF" not in end or b"startxref" not in end:
        raise EOFError


def _is_docx(file: BinaryIO, size: int) -> None:  # noqa: ARG001
    try:
        with zipfile.ZipFile(file) as packed:
            _refuse_bomb(packed)
            names = set(packed.namelist())
            if "[Content_Types].xml" not in names or "word/document.xml" not in names:
                raise UnprovenError("file_kind")
            if any(name.lower().endswith(("vbaproject.bin", ".exe", ".js", ".vbs")) for name in names):
                raise UnprovenError("file_macro")
            if _DOCX_MAIN not in packed.read("[Content_Types].xml"):
                raise UnprovenError("file_kind")
            for entry in packed.infolist():
                with packed.open(entry) as part:
                    while part.read(_BLOCK):
                        pass
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, KeyError):
        raise UnprovenError("file_broken") from None


def _refuse_bomb(packed: zipfile.ZipFile) -> None:
    """Raises UnprovenError where the entries unpack to more than they may; nothing is unpacked to know it.

    zipfile never gives more of an entry than its directory says, so what it says can be relied on.
    """
    entries = packed.infolist()
    if len(entries) > limits().unpacked_entries:
        raise UnprovenError("file_unpacked")
    if sum(entry.file_size for entry in entries) > limits().unpacked_mib * MIB:
        raise UnprovenError("file_unpacked")


def _is_mp4(file: BinaryIO, size: int) -> None:
    at, seen = 0, set()
    while at < size:
        file.seek(at)
        length, name = int.from_bytes(_exactly(file, 4), "big"), _exactly(file, 4)
        head = 8
        if length == 1:
            length, head = int.from_bytes(_exactly(file, 8), "big"), 16
        elif length == 0:
            length = size - at
        if length < head or not name.isascii():
            raise ValueError
        if at + length > size:
            raise EOFError
        if at == 0 and _exactly(file, 4).decode("latin-1") not in limits().mp4_brands:
            raise UnprovenError("file_kind")
        seen.add(name)
        at += length
    if b"moov" not in seen or not seen & {b"mdat", b"moof"}:
        raise EOFError


_RATES = (
    (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
)
_SAMPLES = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}


def _frame_length(head: bytes) -> int:
    """The bytes of the MPEG layer III frame that these four open; 0 where they open none."""
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE6 != 0xE2:
        return 0
    version, rate, sample = head[1] >> 3 & 3, head[2] >> 4, head[2] >> 2 & 3
    if version == 1 or rate in (0, 15) or sample == 3:
        return 0
    factor, table = (144, _RATES[0]) if version == 3 else (72, _RATES[1])
    return factor * table[rate] * 1000 // _SAMPLES[version][sample] + (head[2] >> 1 & 1)


def _is_mp3(file: BinaryIO, size: int) -> None:
    head = _exactly(file, 10)
    at = 0
    if head.startswith(b"ID3"):
        at = 10 + sum((byte & 0x7F) << shift for byte, shift in zip(head[6:10], (21, 14, 7, 0), strict=True))
    for number in range(3):
        file.seek(at)
        length = _frame_length(_exactly(file, 4))
        if not length:
            raise ValueError
        if number == 0:
            _whole_mp3(_exactly(file, min(length, size - at) - 4), at, size)
        at += length


def _whole_mp3(frame: bytes, at: int, size: int) -> None:
    """Where the first frame tells how long the file is, it must be so long."""
    for mark in (b"Xing", b"Info"):
        place = frame.find(mark)
        if place < 0:
            continue
        flags = int.from_bytes(frame[place + 4 : place + 8], "big")
        told = frame[place + 8 + (4 if flags & 1 else 0) :][:4]
        if flags & 2 and len(told) == 4 and at + int.from_bytes(told, "big") > size:
            raise EOFError


_READERS: Mapping[FileKind, Callable[[BinaryIO, int], None]] = {
    FileKind.JPG: _is_jpg,
    FileKind.PNG: _is_png,
    FileKind.PDF: _is_pdf,
    FileKind.DOCX: _is_docx,
    FileKind.MP4: _is_mp4,
    FileKind.MP3: _is_mp3,
}
