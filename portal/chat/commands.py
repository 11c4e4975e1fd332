"""``rouwen ask`` and ``rouwen questions``."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from portal.golden.keeping import bring_in, given_out
from portal.golden.models import Source
from portal.golden.question import read_questions, read_text
from portal.policy import policy
from portal.workbench import OPERATOR, CommandError, Workbench

from . import golden
from .acts import ask as ask_act


@click.command()
@click.argument("question")
@click.option("--region", help="区域，例如 湛河区")
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出，同 POST /api/v1/questions")
@click.pass_obj
def ask(bench: Workbench, question: str, region: str | None, as_json: bool) -> None:
    """提一个问题。"""
    with bench.session() as session:
        asked = ask_act(session, bench.knowledge(session), bench.model, text=question, region=region)
    reply = asked.reply
    if as_json:
        click.echo(json.dumps(reply, ensure_ascii=False, indent=2))
        return
    click.echo(reply["answer"])
    for back in reply["questions_back"]:
        click.echo(
            f"\n{back['text']}（{' / '.join(back['choices'])}）" if back["choices"] else f"\n{back['text']}"
        )
    if reply["citations"]:
        click.echo()
    for cited in reply["citations"]:
        state = "" if cited["in_force"] else "（已失效）"
        number = f" {cited['document_number']}" if cited["document_number"] else ""
        click.echo(f"[{cited['number']}] 《{cited['title']}》{number} {cited['section']}{state}")
    click.echo(f"\n{reply['notice']}")


@click.group()
def questions() -> None:
    """核验问题。"""


@questions.command("run")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), help="把逐题结果写入这个 JSON 文件")
@click.pass_obj
def run_questions(bench: Workbench, file: Path, out: Path | None) -> None:
    """逐题提问并评判；通过率低于标准时以 1 退出。"""
    held = read_questions(file)
    with bench.session() as session:
        report = golden.run(bench.knowledge(session), bench.model, held)
    if out is not None:
        try:
            out.write_text(json.dumps(report.to_json(), ensure_ascii=False, indent=1), encoding="utf-8")
        except OSError:
            raise CommandError(f"结果文件 {out} 无法写入。") from None
    for line in report.lines():
        click.echo(line)
    if report.share < policy().golden_bar:
        click.echo(f"通过率低于标准 {policy().golden_bar:.0%}。", err=True)
        sys.exit(1)


@questions.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.pass_obj
def import_questions(bench: Workbench, file: Path) -> None:
    """把文件里的问题收为核验问题；编号相同的被替换，有一行不对就一个也不收。"""
    lines = read_text(file).split("\n")
    with bench.session() as session:
        brought = bring_in(session, lines, actor=OPERATOR, source=Source.COMMAND_LINE)
    click.echo(f"新增 {len(brought.added)} 个，改动 {len(brought.changed)} 个，{brought.same} 个没有变化。")


@questions.command("export")
@click.argument("file", type=click.Path(path_type=Path))
@click.pass_obj
def export_questions(bench: Workbench, file: Path) -> None:
    """把在用的核验问题写入文件，每行一个；同样的问题总是同样的字节。"""
    with bench.session() as session:
        text = given_out(session)
    try:
        file.write_bytes(text.encode())
    except OSError:
        raise CommandError(f"文件 {file} 无法写入。") from None
    click.echo(f"已写入 {text.count(chr(10))} 个核验问题。")
