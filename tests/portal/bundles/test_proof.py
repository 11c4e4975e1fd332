"""Proving a bundle: untouched it passes, and whatever was touched is named."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from portal.applications.models import Application
from portal.bundles.proof import BundleBrokenError, prove
from portal.settings import Settings

from ..applications.desk import Desk, make_desk
from ..test_commands import Terminal, terminal  # noqa: F401  a fixture
from .cases import full_case, kept, rewritten, taken, without_tokens

Change = Callable[[dict[str, bytes]], None]


@pytest.fixture
def desk(app: Flask, session: Session) -> Desk:
    return make_desk(without_tokens(app), session)


@pytest.fixture
def case(session: Session, settings: Settings, desk: Desk) -> Application:
    return full_case(session, settings, desk)


@pytest.fixture
def zipped(desk: Desk, case: Application) -> bytes:
    return taken(desk, case)


def in_json(path: str, change: Callable[[list], None]) -> Change:
    def apply(files: dict[str, bytes]) -> None:
        told = json.loads(files[path])
        change(told)
        files[path] = json.dumps(told, ensure_ascii=False).encode()

    return apply


def in_document(files: dict[str, bytes]) -> None:
    path = "documents/01-acceptance.json"
    files[path] = files[path].replace("受理".encode(), "不受理".encode())


def replace_evidence(files: dict[str, bytes]) -> None:
    files["evidence/01.png"] += b"\0"


def test_an_untouched_bundle_is_proved(zipped: bytes, tmp_path: Path, case: Application):
    proof = prove(kept(tmp_path, zipped))
    assert (proof.number, proof.documents) == (case.number, 2)
    assert proof.events > 8


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (replace_evidence, "evidence/01.png 被改动过"),
        (lambda files: files.pop("evidence/01.png"), "少了文件 evidence/01.png"),
        (lambda files: files.update({"evidence/02.png": b"x"}), "多出了文件 evidence/02.png"),
        (lambda files: files.update({"case.html": b""}), "case.html 被改动过"),
        (lambda files: files.pop("manifest.json"), "不是本系统导出的完整案卷"),
        (lambda files: files.update({"manifest.json": b"[]"}), "不是本系统导出的完整案卷"),
        (lambda files: files.update({"manifest.json": b"[" * 100_000}), "不是本系统导出的完整案卷"),
    ],
)
def test_what_was_changed_is_named(zipped: bytes, tmp_path: Path, change: Change, named: str):
    with pytest.raises(BundleBrokenError, match=named):
        prove(kept(tmp_path, rewritten(zipped, change, listed=False)))


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (replace_evidence, "证据 evidence/01.png 与当事人提交时不符"),
        (in_document, "的内容与出具时不符"),
        (in_json("record/journal.json", lambda told: told[1].update(actor="staff:别人")), "与其校验值不符"),
        (in_json("record/journal.json", lambda told: told.reverse()), "与其校验值不符"),
        (in_json("record/journal.json", lambda told: told.append(told[0])), "与其校验值不符"),
    ],
)
def test_a_list_made_to_fit_does_not_help(zipped: bytes, tmp_path: Path, change: Change, named: str):
    with pytest.raises(BundleBrokenError, match=named):
        prove(kept(tmp_path, rewritten(zipped, change, listed=True)))


@pytest.mark.parametrize("body", [b"", b"not a zip", b"PK\x05\x06" + bytes(18)])
def test_what_is_no_bundle_is_told_as_such(tmp_path: Path, body: bytes):
    with pytest.raises(BundleBrokenError):
        prove(kept(tmp_path, body))


def test_a_bundle_that_was_cut_off_is_told(zipped: bytes, tmp_path: Path):
    with pytest.raises(BundleBrokenError, match="完整"):
        prove(kept(tmp_path, zipped[: len(zipped) // 2]))


def test_the_command_proves_the_original_alone(
    terminal: Terminal,  # noqa: F811
    zipped: bytes,
    tmp_path: Path,
    case: Application,
):
    status, out, _ = terminal.run("cases", "verify", str(kept(tmp_path, zipped)))
    assert status == 0
    assert case.number in out
    assert "导出的原件一致" in out
    message = "record/messages.json"
    forged = rewritten(zipped, in_json(message, lambda told: told.clear()), listed=True)
    copy = kept(tmp_path, forged, "forged.zip")
    status, _, told = terminal.run("cases", "verify", str(copy))
    assert (status, "没有导出过这样一份案卷" in told) == (1, True)
    status, out, _ = terminal.run("cases", "verify", "--offline", str(copy))
    assert (status, "没有与导出时的记录比对" in out) == (0, True)
    status, _, told = terminal.run("cases", "verify", str(tmp_path / "none.zip"))
    assert (status, "打不开" in told) == (1, True)
