"""Files encrypted piece by piece (AES-GCM), so that they are never held whole and can be read anywhere.

Each file has a key of its own, which the database keeps sealed: when the portal's keys rotate, only that
changes. The place of a piece, and whether it is the last, are part of its nonce: pieces cannot be
exchanged, and a file that was cut off is noticed.
"""

from __future__ import annotations

import base64
import io
import os
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

PIECE = 64 * 1024
_TAG = 16


class SealBrokenError(OSError):
    """A file is not what was once written."""


def make_key() -> str:
    return base64.urlsafe_b64encode(AESGCM.generate_key(bit_length=256)).decode("ascii")


class SealingWriter:
    """Encrypts what is written to it; only ``finish`` makes the file whole."""

    def __init__(self, file: BinaryIO, key: str) -> None:
        self._file = file
        self._cipher = _cipher(key)
        self._waiting = bytearray()
        self._place = 0

    def write(self, data: bytes) -> None:
        self._waiting += data
        while len(self._waiting) > PIECE:  # the last piece is held back: it is sealed as the last
            self._seal(bytes(self._waiting[:PIECE]), last=False)
            del self._waiting[:PIECE]

    def finish(self) -> None:
        """Writes the last piece, and waits until all of it is on the disk."""
        self._seal(bytes(self._waiting), last=True)
        self._waiting.clear()
        self._file.flush()
        os.fsync(self._file.fileno())

    def _seal(self, piece: bytes, *, last: bool) -> None:
        self._file.write(self._cipher.encrypt(_nonce(self._place, last=last), piece, None))
        self._place += 1


class SealedReader(io.RawIOBase):
    """The content of an encrypted file, from any place in it. SealBrokenError where it was changed."""

    def __init__(self, file: BinaryIO, key: str) -> None:
        super().__init__()
        self._file = file
        self._cipher = _cipher(key)
        sealed = os.fstat(file.fileno()).st_size
        self._pieces = max(1, -(-sealed // (PIECE + _TAG)))
        self.size = max(0, sealed - self._pieces * _TAG)
        self._at = 0
        self._held: tuple[int, bytes] = (-1, b"")

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self.size}[whence]
        self._at = max(0, base + offset)
        return self._at

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        if self._at >= self.size:
            self._piece(self._pieces - 1)  # an end is only believed where the last piece says so
            return 0
        place, start = divmod(self._at, PIECE)
        part = self._piece(place)[start : start + len(buffer)]
        buffer[: len(part)] = part
        self._at += len(part)
        return len(part)

    def close(self) -> None:
        self._file.close()
        super().close()

    def _piece(self, place: int) -> bytes:
        if self._held[0] != place:
            self._file.seek(place * (PIECE + _TAG))
            sealed = self._file.read(PIECE + _TAG)
            try:
                opened = self._cipher.decrypt(_nonce(place, last=place == self._pieces - 1), sealed, None)
            except (InvalidTag, ValueError):
                raise SealBrokenError("the file was changed or cut off") from None
            self._held = (place, opened)
        return self._held[1]


def _cipher(key: str) -> AESGCM:
    return AESGCM(base64.urlsafe_b64decode(key))


def _nonce(place: int, *, last: bool) -> bytes:
    return place.to_bytes(11, "big") + bytes([last])
