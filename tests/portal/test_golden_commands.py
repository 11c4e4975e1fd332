"""``rouwen questions import`` and ``export``."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from portal.golden.keeping import enabled_questions, find

from .golden import lines, make_question, raw
from .test_commands import Terminal, terminal

__all__ = ["terminal"]


def test_questions_come_in_and_go_out_byte_for_byte(terminal: Terminal, session: Session, tmp_path: Path):
    first, second = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    first.write_text(lines(make_question("a"), make_question("b", note="二")), encoding="utf-8")
    status, out, _ = terminal.run("questions", "import", str(first))
    assert (status, "新增 2 个" in out) == (0, True)
    assert (find(session, "a").source, find(session, "a").added_by) == ("command_line", "operator")
    assert "写入 2 个" in terminal.run("questions", "export", str(second))[1]
    assert second.read_bytes() == first.read_bytes()
    assert "2 个没有变化" in terminal.run("questions", "import", str(second))[1]


@pytest.mark.parametrize("content", ["", raw() + "\n{", raw(region="火星"), raw(expect="x")])
def test_a_file_that_cannot_be_used_is_one_line_and_changes_nothing(
    terminal: Terminal, session: Session, tmp_path: Path, content: str
):
    file = tmp_path / "bad.jsonl"
    file.write_text(content, encoding="utf-8")
    status, _, err = terminal.run("questions", "import", str(file))
    assert (status, len(err.strip().splitlines())) == (1, 1)
    assert enabled_questions(session) == ()


def test_a_file_that_is_not_there_or_cannot_be_written_is_told(terminal: Terminal, tmp_path: Path):
    assert "无法读取" in terminal.run("questions", "import", str(tmp_path / "none.jsonl"))[2]
    assert "无法写入" in terminal.run("questions", "export", str(tmp_path / "none" / "x.jsonl"))[2]
