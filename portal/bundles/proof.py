"""Proving a bundle: every file as listed, every event and document as hashed when it was made."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile
from zlib import error as ZlibError  # noqa: N812  a class under a small name

from portal.documents.issuing import content_digest
from portal.journal import JournalEntry, hash_of

from .parts import BLOCK, CATALOGUE, DOCUMENTS, FORMAT, JOURNAL, MANIFEST

MAX_TEXT = 64 * 1024 * 1024
"""How large a part may be that is read as data, in bytes."""


class BundleBrokenError(Exception):
    """A bundle is not what was made; the message is one sentence that names the first thing wrong."""


@dataclass(frozen=True, slots=True)
class Proof:
    """What was proved. ``events`` were hashed again, which only the full file allows; ``digest`` is of the
    zip itself."""

    number: str
    files: int
    documents: int
    events: int
    digest: str


def prove(path: Path) -> Proof:
    """Checks a bundle by itself; raises BundleBrokenError. Holds no more than a block of its larger files.

    That it is also the one which was made, only the journal of its portal can tell: see ``Proof.digest``.
    """
    try:
        with ZipFile(path) as bundle:
            manifest = _manifest(bundle)
            _check_files(bundle, manifest["files"])
            documents = _check_documents(bundle)
            _check_uploads(bundle, manifest["files"])
            events = _check_journal(bundle)
    except OSError as failed:
        raise BundleBrokenError(f"打不开 {path}：{failed.strerror or '文件读不出来'}。") from None
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError):
        raise BundleBrokenError(f"{path.name} 不是本系统导出的完整案卷。") from None
    except (BadZipFile, ZlibError, EOFError, NotImplementedError, RuntimeError):
        raise BundleBrokenError(f"{path.name} 不是完整的 zip 文件。") from None
    return Proof(manifest["number"], len(manifest["files"]), documents, events, _digest(path))


def _manifest(bundle: ZipFile) -> dict[str, Any]:
    manifest: dict[str, Any] = _data(bundle, MANIFEST)
    if manifest["format"] != FORMAT or not isinstance(manifest["number"], str):
        raise ValueError(FORMAT)
    return manifest


def _check_files(bundle: ZipFile, listed: list[dict[str, Any]]) -> None:
    """Exactly the files of the list are there, each as long as it says and with its digest."""
    names = Counter(bundle.namelist())
    wanted = {MANIFEST, *(file["path"] for file in listed)}
    for name, count in names.items():
        if count > 1 or name not in wanted:
            raise BundleBrokenError(f"案卷里多出了文件 {name}。")
    for file in listed:
        if file["path"] not in names:
            raise BundleBrokenError(f"案卷里少了文件 {file['path']}。")
        digest, size = hashlib.sha256(), 0
        with bundle.open(file["path"]) as content:
            while size <= file["size"] and (block := content.read(BLOCK)):
                digest.update(block)
                size += len(block)
        if (size, digest.hexdigest()) != (file["size"], file["sha256"]):
            raise BundleBrokenError(f"案卷里的 {file['path']} 被改动过。")


def _check_documents(bundle: ZipFile) -> int:
    """The stored content of every document has the digest that it was issued with."""
    stored = [n for n in bundle.namelist() if n.startswith(DOCUMENTS) and n.endswith(".json")]
    for name in stored:
        told = _data(bundle, name)
        if told["digest"] != content_digest(told["number"], told["kind"], told["issued_on"], told["content"]):
            raise BundleBrokenError(f"文书 {told['number']} 的内容与出具时不符。")
    return len(stored)


def _check_uploads(bundle: ZipFile, listed: list[dict[str, Any]]) -> None:
    """What the party handed in is what the catalogue says it was when it came in."""
    digests = {file["path"]: file["sha256"] for file in listed}
    for row in _data(bundle, CATALOGUE)["rows"]:
        handed_in = row["group"] in ("evidence", "signatures") and row["paths"]
        if handed_in and digests.get(row["paths"][0]) != row["digest"]:
            raise BundleBrokenError(f"证据 {row['paths'][0]} 与当事人提交时不符。")


def _check_journal(bundle: ZipFile) -> int:
    """Every event hashes as it did, and follows the one before where that is of this case too.

    A party's copy names no officers, so its events cannot be hashed again: the digest of the whole does.
    """
    before: JournalEntry | None = None
    told = [event for event in _data(bundle, JOURNAL) if "previous" in event]
    for event in told:
        entry = JournalEntry(**{**event, "at": datetime.fromisoformat(event["at"])})
        follows = before is None or (
            entry.number > before.number
            and (entry.number > before.number + 1 or entry.previous == before.hash)
        )
        if entry.hash != hash_of(entry) or not follows:
            raise BundleBrokenError(f"过程记录第 {entry.number} 条与其校验值不符。")
        before = entry
    return len(told)


def _data(bundle: ZipFile, name: str) -> Any:  # noqa: ANN401  whatever JSON holds
    if bundle.getinfo(name).file_size > MAX_TEXT:
        raise ValueError(name)
    with bundle.open(name) as file:
        return json.loads(file.read(MAX_TEXT + 1))


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
