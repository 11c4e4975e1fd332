"""Files lie encrypted, are read from any place, and leave nothing behind when they are not kept."""

from __future__ import annotations

import os
import stat
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.uploads.sealing import PIECE, SealBrokenError, SealedReader, SealingWriter, make_key
from portal.uploads.store import Store

KEY = make_key()
SIZES = [0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE]


def sealed(path: Path, content: bytes, step: int = 1000) -> Path:
    with path.open("wb") as file:
        writer = SealingWriter(file, KEY)
        for start in range(0, len(content), step):
            writer.write(content[start : start + step])
        writer.finish()
    return path


def opened(path: Path, key: str = KEY) -> bytes:
    with SealedReader(path.open("rb"), key) as reader:
        return reader.read()


@pytest.mark.parametrize("size", SIZES)
def test_what_was_sealed_is_read_again_and_unreadable_in_between(tmp_path: Path, size: int):
    content = os.urandom(size)
    path = sealed(tmp_path / "file", content)
    assert opened(path) == content
    assert size < 16 or content[:16] not in path.read_bytes()
    with SealedReader(path.open("rb"), KEY) as reader:
        assert reader.size == size


@settings(max_examples=40, deadline=None)
@given(start=st.integers(0, 3 * PIECE), length=st.integers(0, 2 * PIECE))
def test_a_sealed_file_is_read_from_any_place(
    tmp_path_factory: pytest.TempPathFactory, start: int, length: int
):
    path = tmp_path_factory.getbasetemp() / "any-place"
    content = bytes(range(256)) * (3 * PIECE // 256)
    if not path.exists():
        sealed(path, content, PIECE)
    with SealedReader(path.open("rb"), KEY) as reader:
        reader.seek(start)
        found = b""
        while len(found) < length and (more := reader.read(length - len(found))):
            found += more
    assert found == content[start : start + length]


@pytest.mark.parametrize("size", [5, PIECE + 5, 2 * PIECE])
def test_a_file_that_was_changed_cut_off_or_reordered_is_noticed(tmp_path: Path, size: int):
    path = sealed(tmp_path / "file", os.urandom(size))
    whole = path.read_bytes()
    piece = PIECE + 16
    spoilt = [whole[:-1], whole[:-17], b"\0" + whole[1:], whole + b"\0" * 20, whole[piece:] + whole[:piece]]
    for content in [*spoilt, whole[:piece] if size > PIECE else b""]:
        if content == whole:
            continue
        path.write_bytes(content)
        with pytest.raises(SealBrokenError):
            opened(path)
    path.write_bytes(whole)
    with pytest.raises(SealBrokenError):
        opened(path, make_key())


def files(folder: Path) -> list[str]:
    return sorted(path.parent.name for path in folder.rglob("*") if path.is_file())


def test_a_file_is_kept_whole_or_not_at_all(tmp_path: Path):
    store = Store(tmp_path)
    incoming = store.receive(100)
    incoming.write(b"half of")
    assert files(tmp_path) == ["incoming"]
    incoming.close()
    assert files(tmp_path) == []

    incoming = store.receive(100)
    incoming.write(b"all of it")
    incoming.seek(0)
    incoming.keep()
    incoming.close()
    assert files(tmp_path) == ["kept"]
    with store.open(incoming.token, incoming.key) as content:
        assert content.read() == b"all of it"
    incoming.take_back()
    assert files(tmp_path) == []


def test_a_file_that_is_too_large_takes_no_more_room_than_allowed(tmp_path: Path):
    incoming = Store(tmp_path).receive(PIECE)
    for _ in range(100):
        incoming.write(bytes(PIECE // 2))
    incoming.seek(0)
    assert incoming.too_large
    assert not incoming.whole
    assert sum(path.stat().st_size for path in tmp_path.rglob("*") if path.is_file()) <= 2 * PIECE
    incoming.close()


def test_only_the_owner_reads_the_files(tmp_path: Path):
    incoming = Store(tmp_path / "uploads").receive(10)
    modes = {
        stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "uploads").rglob("*") if path.is_file()
    }
    assert modes == {0o600}
    incoming.close()


def test_a_sweep_takes_what_belongs_to_nothing_and_is_old(tmp_path: Path):
    store = Store(tmp_path)
    assert store.sweep((), 0) == 0
    kept, orphan = store.receive(10), store.receive(10)
    for incoming in (kept, orphan):
        incoming.seek(0)
        incoming.keep()
    died = store.receive(10)
    long_ago = time.time() - 100_000
    for path in tmp_path.rglob("*"):
        os.utime(path, (long_ago, long_ago))
    arriving = store.receive(10)
    assert store.sweep({kept.token}, 24) == 2
    assert files(tmp_path) == ["incoming", "kept"]
    for incoming in (died, arriving):
        incoming.close()


@pytest.mark.parametrize("token", ["../keys/secret", "..", ".hidden", "a/b", ""])
def test_a_token_leads_nowhere_else(tmp_path: Path, token: str):
    (tmp_path / "keys").mkdir()
    (tmp_path / "keys" / "secret").write_bytes(b"x")
    with pytest.raises(FileNotFoundError):
        Store(tmp_path / "uploads").open(token, KEY)
