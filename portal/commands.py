"""The ``rouwen`` command line. Every command says in one line what was wrong, and changes nothing then."""

from __future__ import annotations

import sys

import click
from sqlalchemy.exc import OperationalError

from . import journal, schema
from .accounts.commands import staff
from .applications.commands import cases
from .chat.commands import ask, questions
from .errors import Problem
from .library.commands import knowledge
from .library.record import regions_now
from .library.regions import resolve_among
from .mail.commands import mail
from .settings import SettingsError
from .switch import EVERYWHERE, REASON, switch
from .uploads.commands import uploads
from .workbench import OPERATOR, CommandError, Workbench


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.pass_context
def rouwen(context: click.Context) -> None:
    """柔问：知识、提问和账号的命令行。"""
    context.obj = context.obj or Workbench.from_environment()


@rouwen.command()
@click.pass_obj
def setup(bench: Workbench) -> None:
    """准备数据库、入门知识、检索索引和第一个管理员；重复运行无害。"""
    from .accounts.acts import ensure_administrator
    from .library import publication
    from .library.readiness import prepare
    from .uploads.acts import sweep as sweep_files
    from .uploads.store import Store

    assert bench.model is None or bench.model.name  # a provider that cannot be used stops the set-up
    schema.upgrade(bench.database)
    with bench.session() as session:
        for outcome in prepare(session, bench.shelving):
            click.echo(f"第 {outcome.release} 次发布已就绪。")
        publication.sweep(session, bench.shelving)
        sweep_files(session, Store(bench.settings.data / "uploads"))
        made = ensure_administrator(session)
    if made is not None:
        click.echo(f"已建立管理员 {made.staff.name}，一次性密码（只显示这一次）：{made.password}")


@rouwen.command()
@click.argument("state", type=click.Choice(["on", "off"]))
@click.option("--reason", default="", help="为什么；停止时必须写明")
@click.option("--region", default="", help="只对这个区域（连同其下各级），例如 湛河区；不写即全部")
@click.pass_obj
def answering(bench: Workbench, state: str, reason: str, region: str) -> None:
    """停止（off）或恢复（on）智能问答，全部或一个区域；依据库不受影响。"""
    if state == "off" and not reason.strip():
        raise CommandError("请用 --reason 写明为什么停止。")
    with bench.session() as session:
        path = resolve_among(regions_now(session), region) if region.strip() else EVERYWHERE
        switch(session, answering=state == "on", reason=reason.strip()[:REASON], actor=OPERATOR, region=path)
    done = "已恢复回答" if state == "on" else "已停止回答"
    click.echo(f"{done}：{path}。" if path else f"{done}。")


@rouwen.group(name="journal")
def journal_group() -> None:
    """全过程记录。"""


@journal_group.command()
@click.pass_obj
def check(bench: Workbench) -> None:
    """核对全过程记录的校验链：有一条被改动、删除或插入，就说明是哪一条，退出码为 1。"""
    with bench.session() as session:
        entries = journal.verify(session)
    click.echo(f"全过程记录完整，共 {entries} 条。")


rouwen.add_command(ask)
rouwen.add_command(cases)
rouwen.add_command(mail)
rouwen.add_command(questions)
rouwen.add_command(knowledge)
rouwen.add_command(staff)
rouwen.add_command(uploads)


def main() -> None:
    """Runs the command line; a mistake is one line on the error stream and a non-zero exit."""
    try:
        rouwen.main(standalone_mode=False)
    except click.exceptions.Exit as done:
        sys.exit(done.exit_code)
    except click.Abort:
        _stop("已取消。", 130)
    except click.UsageError as wrong:
        _stop(" ".join(wrong.format_message().split()), 2)
    except click.ClickException as wrong:
        _stop(wrong.format_message(), 1)
    except Problem as wrong:
        _stop(wrong.sentence(), 1)
    except OperationalError:
        _stop("数据库没有应答，请检查 ROUWEN_DATABASE_URL 和数据文件夹。", 1)
    except _told() as wrong:
        _stop(str(wrong), 1)


def _told() -> tuple[type[Exception], ...]:
    """Errors whose message is a sentence for the operator."""
    from .bundles.proof import BundleBrokenError
    from .golden.question import GoldenFileError
    from .journal import JournalBrokenError
    from .library.details import ImportRefusedError
    from .library.lock import LockedError
    from .library.publication import PublicationError

    return (
        BundleBrokenError,
        CommandError,
        SettingsError,
        GoldenFileError,
        ImportRefusedError,
        JournalBrokenError,
        LockedError,
        PublicationError,
    )


def _stop(sentence: str, status: int) -> None:
    click.echo(f"错误：{sentence}", err=True)
    sys.exit(status)
