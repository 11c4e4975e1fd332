"""Where the files of parties lie: ``<data>/uploads``, encrypted, under random names, for the owner only."""

from __future__ import annotations

import hashlib
import io
import os
import secrets
import shutil
import time
from collections.abc import Collection
from pathlib import Path
from typing import BinaryIO

from .sealing import PIECE, SealedReader, SealingWriter, make_key


class Incoming(io.RawIOBase):
    """A file on its way in: encrypted as it arrives, gone when closed unless it was kept.

    Beyond ``most`` bytes nothing more is written, only counted. A form parser takes it for the place to
    put a part of a form; its ``seek`` to the beginning says that the part has come to its end.
    """

    def __init__(self, folder: Path, kept: Path, most: int) -> None:
        super().__init__()
        self.token = secrets.token_urlsafe(18)
        self.key = make_key()
        self.size = 0
        self._most = most
        self._hash = hashlib.sha256()
        self._kept = kept / self.token
        self._path = folder / self.token
        descriptor = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        self._file = os.fdopen(descriptor, "wb")
        self._writer = SealingWriter(self._file, self.key)
        self.whole = False

    @property
    def digest(self) -> str:
        return self._hash.hexdigest()

    @property
    def too_large(self) -> bool:
        return self.size > self._most

    def writable(self) -> bool:
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]
        self.size += len(data)
        if not self.too_large:
            self._hash.update(data)
            self._writer.write(bytes(data))
        return len(data)

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        if (offset, whence) != (0, os.SEEK_SET):
            raise io.UnsupportedOperation("a file on its way in is written from beginning to end")
        if not self.whole and not self.too_large:
            self._writer.finish()
            self._file.close()
            self.whole = True
        return 0

    def reader(self) -> BinaryIO:
        return _reader(self._path, self.key)

    def keep(self) -> None:
        """Gives the file its lasting place."""
        assert self.whole, "only a file that came in whole is kept"
        self._path.rename(self._kept)
        _sync(self._kept.parent)

    def take_back(self) -> None:
        """Undoes ``keep``, where what it was kept for did not come about."""
        self._kept.unlink(missing_ok=True)

    def close(self) -> None:
        if not self.closed:
            self._file.close()
            self._path.unlink(missing_ok=True)
        super().close()


class Store:
    """The folder of files that were handed in."""

    def __init__(self, folder: Path) -> None:
        self._incoming = folder / "incoming"
        self._kept = folder / "kept"

    def receive(self, most: int) -> Incoming:
        for folder in (self._incoming, self._kept):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        return Incoming(self._incoming, self._kept, most)

    def free(self) -> int:
        """How many bytes are free on the disk."""
        place = next(f for f in (self._kept, *self._kept.parents) if f.exists())
        return shutil.disk_usage(place).free

    def open(self, token: str, key: str) -> BinaryIO:
        """A file that was kept; FileNotFoundError where it is gone."""
        return _reader(self._file(token), key)

    def discard(self, token: str) -> None:
        self._file(token).unlink(missing_ok=True)

    def sweep(self, known: Collection[str], hours: float) -> int:
        """Deletes what belongs to nothing and is older than some hours; how many files that were."""
        old = time.time() - hours * 3600
        gone = 0
        for folder, spared in ((self._incoming, ()), (self._kept, known)):
            for file in folder.iterdir() if folder.is_dir() else ():
                if file.name not in spared and file.stat().st_mtime < old:
                    file.unlink(missing_ok=True)
                    gone += 1
        return gone

    def _file(self, token: str) -> Path:
        if Path(token).name != token or token.startswith("."):
            raise FileNotFoundError(token)
        return self._kept / token


def _reader(path: Path, key: str) -> BinaryIO:
    return io.BufferedReader(SealedReader(path.open("rb"), key), PIECE)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
