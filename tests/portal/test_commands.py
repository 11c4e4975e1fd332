from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from portal import commands, schema
from portal.accounts.models import Agency
from portal.database import Database
from portal.journal import JournalEntry
from portal.library.models import EditionRow, Release
from portal.settings import Settings
from portal.workbench import Workbench

from .small import WITHDRAW, ScriptedAssistant, TinyEmbedder, make_notice, make_reply
from .test_database import unseal_journal
from .test_importing import LIST, NOTICE, make_file


class Terminal:
    """Runs ``rouwen`` as a shell would, in this process."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self._monkeypatch = monkeypatch
        self._capsys = capsys

    def run(self, *arguments: str) -> tuple[int, str, str]:
        """Exit status, output and error stream of one command."""
        self._monkeypatch.setattr("sys.argv", ["rouwen", *arguments])
        status = 0
        try:
            commands.main()
        except SystemExit as exit_:
            status = exit_.code if isinstance(exit_.code, int) else 1
        told = self._capsys.readouterr()
        return status, told.out, told.err


@pytest.fixture
def terminal(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Terminal:
    monkeypatch.setenv("ROUWEN_DATA", str(settings.data))
    monkeypatch.setenv("ROUWEN_DATABASE_URL", settings.database_url)
    monkeypatch.setenv("ROUWEN_CHROMA_URL", settings.chroma_url or "")
    monkeypatch.delenv("PORT", raising=False)
    monkeypatch.setattr("knowledge.embed.load_embedder", lambda _name=None: TinyEmbedder())
    return Terminal(monkeypatch, capsys)


def counts(database: Database) -> tuple[Any, ...]:
    with database.session() as session:
        return tuple(
            session.scalar(select(func.count()).select_from(t)) for t in (EditionRow, Release, JournalEntry)
        )


def import_notice(terminal: Terminal, folder: Path, *more: str) -> tuple[int, str, str]:
    path = make_file(folder, "notice.txt", NOTICE)
    return terminal.run("knowledge", "import", str(path), "--id", "zhanhe", *more)


def test_a_notice_is_imported_published_asked_for_and_rolled_back(terminal: Terminal, tmp_path: Path):
    status, out, err = import_notice(terminal, tmp_path, "--region", "湛河区", "--title", "实施办法")
    assert (status, err) == (0, "")
    assert "已存为草稿" in out
    assert "第 2 次发布：zhanhe" in terminal.run("knowledge", "publish")[1]
    found = json.loads(terminal.run("knowledge", "search", "撤回申请", "--region", "湛河", "--json")[1])
    assert (found["release"], found["hits"][0]["section"]) == (2, "二/（二）")
    assert "第 3 次发布" in terminal.run("knowledge", "rollback", "1")[1]
    status_now = json.loads(terminal.run("knowledge", "status", "--json")[1])
    assert (status_now["release"], status_now["drafts"], status_now["servable"]) == (3, [], True)


def test_publish_with_the_import_is_one_step(terminal: Terminal, tmp_path: Path):
    status, out, _ = import_notice(terminal, tmp_path, "--region", "湛河区", "--publish")
    assert status == 0
    assert "第 2 次发布" in out


def test_without_a_region_it_stays_a_draft_and_says_why(terminal: Terminal, tmp_path: Path):
    status, out, _ = import_notice(terminal, tmp_path)
    assert status == 0
    assert "没有区域" in out
    status, _, err = terminal.run("knowledge", "publish")
    assert status == 1
    assert "没有区域" in err
    assert "没有区域" in terminal.run("knowledge", "status")[1]


def test_a_list_and_a_folder_are_imported(terminal: Terminal, tmp_path: Path):
    path = make_file(tmp_path, "list.csv", LIST)
    status, out, _ = terminal.run("knowledge", "import-list", str(path), "--id", "shi-yan", "--publish")
    assert (status, "1 项" in out, "第 2 次发布" in out) == (0, True, True)
    make_file(tmp_path, "a.txt", NOTICE)
    make_file(tmp_path, "notices.csv", "id,file,region\nzhanhe,a.txt,湛河区\n")
    status, out, _ = terminal.run("knowledge", "import-folder", str(tmp_path), "--publish")
    assert (status, "第 3 次发布" in out) == (0, True)


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (("knowledge", "import", "nothing.txt", "--id", "zhanhe"), "没有找到"),
        (("knowledge", "import", "{notice}"), "--id"),
        (("knowledge", "import", "{notice}", "--id", "湛河"), "编号"),
        (("knowledge", "import", "{notice}", "--id", "zhanhe", "--region", "火星"), "地区"),
        (("knowledge", "import", "{notice}", "--id", "zhanhe", "--issued", "soon"), "日期"),
        (("knowledge", "import", "{notice}", "--id", "list-one"), "另一类"),
        (("knowledge", "import-list", "{notice}", "--id", "x1"), "清单"),
        (("knowledge", "import-folder", "nowhere"), "notices.csv"),
        (("knowledge", "publish"), "草稿"),
        (("knowledge", "rollback", "99"), "99"),
        (("knowledge", "rollback", "first"), "first"),
        (("knowledge", "search", ""), "空"),
        (("knowledge", "search", "x", "--region", "火星"), "地区"),
        (("knowledge", "search", "x", "--limit", "0"), "0"),
        (("knowledge", "unknown"), "unknown"),
        (("ask", ""), "空"),
        (("ask", "问" * 1001), "1000"),
        (("ask", "能撤回吗", "--region", "火星"), "地区"),
        (("ask",), "QUESTION"),
        (("questions", "run", "nothing.jsonl"), "nothing.jsonl"),
        (("questions", "run", "{notice}"), "第 1 行"),
        (("staff", "add", "li.si", "--role", "king", "--agency", "局"), "king"),
        (("staff", "add", "li.si", "--role", "editor"), "--agency"),
        (("staff", "add", "x", "--role", "editor", "--agency", "局"), "账号名"),
        (("staff", "reset", "nobody"), "nobody"),
        (("fly",), "fly"),
    ],
)
def test_a_mistake_is_one_line_changes_nothing_and_fails(
    terminal: Terminal, database: Database, tmp_path: Path, arguments: tuple[str, ...], word: str
):
    notice = str(make_file(tmp_path, "notice.txt", NOTICE))
    before = counts(database)
    status, _, err = terminal.run(*(a.format(notice=notice) for a in arguments))
    assert status != 0
    assert len(err.strip().splitlines()) == 1, err
    assert err.startswith("错误：")
    assert word in err
    assert counts(database) == before


def test_an_unknown_setting_stops_every_command(terminal: Terminal, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("ROUWEN_COLOUR", "blue")
    status, _, err = terminal.run("knowledge", "status")
    assert status == 1
    assert "ROUWEN_COLOUR" in err


def test_before_the_set_up_a_command_says_what_to_do(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    monkeypatch.setenv("ROUWEN_DATA", str(tmp_path / "fresh"))
    monkeypatch.delenv("ROUWEN_DATABASE_URL")
    status, _, err = terminal.run("knowledge", "status")
    assert status == 1
    assert "rouwen setup" in err


def test_set_up_makes_everything_once(terminal: Terminal, monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setattr("knowledge.starter.starter_editions", lambda: (make_notice(),))
    monkeypatch.setattr("portal.library.seeding.starter_fingerprint", lambda: "v1")
    monkeypatch.setenv("ROUWEN_DATA", str(tmp_path / "fresh"))
    monkeypatch.delenv("ROUWEN_DATABASE_URL")
    status, out, err = terminal.run("setup")
    assert (status, err) == (0, "")
    assert "一次性密码" in out
    assert terminal.run("setup")[:2] == (0, "")
    bench = Workbench.from_environment()
    assert schema.revision(bench.database.engine) == schema.head()


def test_an_account_is_added_and_its_password_shown_once(terminal: Terminal):
    status, out, _ = terminal.run("staff", "add", "li.si", "--role", "editor", "--agency", "湛河区司法局")
    assert status == 0
    assert "一次性密码" in out
    status, _, err = terminal.run("staff", "add", "li.si", "--role", "editor", "--agency", "湛河区司法局")
    assert (status, "已经存在" in err) == (1, True)


def test_an_account_comes_with_the_region_of_its_agency_or_the_lack_is_told(
    terminal: Terminal, session: Session
):
    given = ("--role", "officer", "--agency", "湛河区城市管理局")
    assert "还没有设区域" in terminal.run("staff", "add", "zhang.san", *given)[1]
    status, _, err = terminal.run("staff", "add", "li.si", *given, "--region", "天宫区")
    assert (status, bool(err)) == (1, True)
    status, out, _ = terminal.run("staff", "add", "li.si", *given, "--region", "湛河区")
    assert (status, "还没有设区域" in out) == (0, False)
    agency = session.scalar(select(Agency).where(Agency.name == "湛河区城市管理局"))
    assert agency is not None
    assert agency.region == "河南省/平顶山市/湛河区"
    assert "还没有设区域" not in terminal.run("staff", "add", "wang.wu", *given)[1]


def test_an_account_is_reset_and_listed(terminal: Terminal, session: Session):
    terminal.run("staff", "add", "li.si", "--role", "editor", "--agency", "湛河区司法局")
    status, out, _ = terminal.run("staff", "reset", "li.si")
    assert (status, "一次性密码" in out) == (0, True)
    event = session.scalars(select(JournalEntry).order_by(JournalEntry.number.desc())).first()
    assert event is not None
    assert (event.actor, event.act, event.subject) == ("operator", "staff.reset", "li.si")
    status, out, _ = terminal.run("staff", "list")
    assert (status, out.split("\t")[:3]) == (0, ["li.si", "editor", "湛河区司法局"])


def test_an_operator_stops_and_resumes_the_answering(
    terminal: Terminal, client: FlaskClient, assistant: ScriptedAssistant, session: Session
):
    assert "为什么" in terminal.run("answering", "off")[2]
    assert terminal.run("answering", "off", "--reason", "发现错误")[0] == 0
    response = client.post("/api/v1/questions", json={"question": "能撤回吗？"})
    assert (response.status_code, response.get_json()["type"]) == (503, "urn:rouwen:problem:switched-off")
    assert client.get("/api/v1/library/documents").status_code == 200
    entry = session.scalars(select(JournalEntry).order_by(JournalEntry.number.desc())).first()
    assert entry is not None
    assert (entry.act, entry.detail) == ("service.switched_off", {"reason": "发现错误"})
    assert terminal.run("answering", "on")[0] == 0
    assert client.post("/api/v1/questions", json={"question": "能撤回吗？"}).status_code == 200


def test_an_operator_stops_and_resumes_one_region(
    terminal: Terminal, client: FlaskClient, assistant: ScriptedAssistant
):
    assert terminal.run("answering", "off", "--reason", "发现错误", "--region", "天宫区")[0] == 1
    status, out, _ = terminal.run("answering", "off", "--reason", "发现错误", "--region", "湛河")
    assert (status, out) == (0, "已停止回答：河南省/平顶山市/湛河区。\n")
    question = {"question": "能撤回吗？"}
    assert client.post("/api/v1/questions", json={**question, "region": "湛河"}).status_code == 503
    assert "湛河区的智能问答" in terminal.run("ask", "能撤回吗？", "--region", "湛河")[2]
    assistant.replies = [make_reply(region="浙江省/舟山市")]
    assert client.post("/api/v1/questions", json={**question, "region": "舟山"}).status_code == 200
    assert terminal.run("answering", "on", "--region", "湛河")[0] == 0
    assert client.post("/api/v1/questions", json={**question, "region": "湛河"}).status_code == 200


def test_a_question_is_answered_with_its_basis(terminal: Terminal, assistant: ScriptedAssistant):
    status, out, err = terminal.run("ask", "能撤回吗？", "--region", "湛河")
    assert (status, err) == (0, "")
    assert out.startswith("可以撤回[1]")
    assert "[1] 《湛河区柔性执法办法》 试政发〔2021〕1号 二/3" in out
    reply = json.loads(terminal.run("ask", "能撤回吗？", "--json")[1])
    assert {"conversation", "citations", "verdict", "release"} <= set(reply)


def golden(folder: Path, *questions: dict[str, Any]) -> str:
    lines = (
        json.dumps({"id": f"g{n}", "kind": "fact", **q}, ensure_ascii=False) for n, q in enumerate(questions)
    )
    return str(make_file(folder, "golden.jsonl", "\n".join(lines)))


def test_golden_questions_pass_or_fail_by_the_bar(
    terminal: Terminal, assistant: ScriptedAssistant, tmp_path: Path
):
    right = {"question": "能撤回吗", "expect": "answer", "gold": [{"doc": "zhanhe", "section": "二"}]}
    wrong = {**right, "must_say": [["不能撤回"]]}
    status, out, _ = terminal.run("questions", "run", golden(tmp_path, right, right))
    assert status == 0
    assert "通过 2/2" in out
    report = tmp_path / "report.json"
    status, out, err = terminal.run("questions", "run", golden(tmp_path, right, wrong), "--out", str(report))
    assert status == 1
    assert "g1" in out
    assert "90%" in err
    assert [j["passed"] for j in json.loads(report.read_text("utf-8"))["judgements"]] == [True, False]


def test_golden_questions_are_not_kept(
    terminal: Terminal, assistant: ScriptedAssistant, database: Database, tmp_path: Path
):
    from portal.chat.models import Question

    history = [{"role": "user", "text": "先问一句"}, {"role": "assistant", "text": "答"}]
    assistant.replies = [make_reply(memory={"turns": 1}), make_reply()]
    question = {"question": "那撤回呢", "expect": "answer", "gold": [], "history": history, "region": "湛河"}
    assert terminal.run("questions", "run", golden(tmp_path, question))[0] == 0
    assert [(q.text, dict(q.memory)) for q in assistant.asked] == [
        ("先问一句", {}),
        ("那撤回呢", {"turns": 1}),
    ]
    with database.session() as session:
        assert session.scalar(select(func.count()).select_from(Question)) == 0


def test_an_import_says_for_how_many_clauses_something_was_proposed(terminal: Terminal, tmp_path: Path):
    told = ("--region", "宁波市", "--title", "宁波办法", "--issued", "2026-01-01")
    path = make_file(tmp_path, "new.txt", f"宁波办法\n一、程序\n{WITHDRAW.replace('3.', '（一）')}\n")
    status, out, _ = terminal.run("knowledge", "import", str(path), "--id", "ningbo", *told)
    assert status == 0
    assert "1 处按相近条款建议了话题和问法，待编辑确认。" in out


def test_the_journal_is_checked_and_a_change_in_it_is_named(terminal: Terminal, session: Session):
    status, said, _ = terminal.run("journal", "check")
    assert (status, "全过程记录完整" in said) == (0, True)
    unseal_journal(session)
    session.execute(text("UPDATE journal SET actor = 'nobody' WHERE number = 1"))
    session.commit()
    status, said, wrong = terminal.run("journal", "check")
    assert (status, said) == (1, "")
    assert "第 1 条" in wrong


def test_an_agency_promises_times_and_takes_them_back(terminal: Terminal, session: Session):
    terminal.run("staff", "add", "li", "--role", "officer", "--agency", "试验机关")
    five = ("--accept-within", "5", "--phone", "0375-1")
    status, said, _ = terminal.run("cases", "promise", "试验机关", *five)
    assert (status, "受理 5，办结 未规定" in said) == (0, True)
    _, said, _ = terminal.run("cases", "promise", "试验机关", "--conclude-within", "20")
    assert "受理 5，办结 20" in said
    _, said, _ = terminal.run("cases", "promise", "试验机关", "--withdraw")
    assert "受理 未规定，办结 未规定" in said
    status, _, wrong = terminal.run("cases", "promise", "没有的机关")
    assert (status, "没有登记" in wrong) == (1, True)
