"""Writing a bundle: one file after the other, each hashed as it goes by, and last the list of all."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from datetime import datetime
from typing import IO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from portal.calendar import CHINA

from .parts import FORMAT, MANIFEST, Contents, Part

_OWNER_ONLY = 0o600 << 16
_UNIX = 3


def pack(contents: Contents, out: IO[bytes]) -> int:
    """Writes the bundle to ``out``, which need not be able to seek, and tells how many files it lists.

    No more than a block of any file is held. The same contents give the same bytes.
    """
    listed = []
    last = max(part.at for part in contents.parts)
    with ZipFile(out, "w") as bundle:
        for part in contents.parts:
            listed.append(_add(bundle, part))
        manifest = {"format": FORMAT, "number": contents.number, "files": listed}
        text = json.dumps(manifest, ensure_ascii=False, indent=2) + "\n"
        _write(bundle, _entry(MANIFEST, last, packed=True), (text.encode("utf-8"),))
    return len(listed)


def _add(bundle: ZipFile, part: Part) -> dict[str, object]:
    digest, size = hashlib.sha256(), 0

    def passing() -> Iterable[bytes]:
        nonlocal size
        for block in part.content():
            digest.update(block)
            size += len(block)
            yield block

    _write(bundle, _entry(part.path, part.at, packed=part.packed), passing())
    return {"path": part.path, "size": size, "sha256": digest.hexdigest()}


def _write(bundle: ZipFile, entry: ZipInfo, content: Iterable[bytes]) -> None:
    with bundle.open(entry, "w") as file:
        for block in content:
            file.write(block)


def _entry(path: str, at: datetime, *, packed: bool) -> ZipInfo:
    local = at.astimezone(CHINA)
    entry = ZipInfo(path, (local.year, local.month, local.day, local.hour, local.minute, local.second))
    entry.compress_type = ZIP_DEFLATED if packed else ZIP_STORED
    entry.create_system, entry.external_attr = _UNIX, _OWNER_ONLY
    return entry
