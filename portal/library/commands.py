"""``rouwen knowledge``: importing, publishing, looking up."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import click
from sqlalchemy.orm import Session

from portal.calendar import today
from portal.errors import FieldError, FieldErrors
from portal.workbench import OPERATOR, Workbench

from . import publication, reading
from .details import read_details
from .export import export
from .importing import Imported, draft, read_document, read_exemption_list, read_folder
from .readings import Reading
from .regions import resolve_region
from .restoring import read_export, restore
from .status import status_of
from .watch import flagged_by

Command = TypeVar("Command", bound=Callable[..., Any])
_FLAGS = {
    "--title": "标题",
    "--number": "文号",
    "--issuer": "制发机关",
    "--region": "区域，例如 河南省/平顶山市/湛河区；几个区域用、隔开",
    "--department": "适用的部门",
    "--issued": "发布日期，例如 2021-11-16",
    "--in-force-from": "施行日期；不写即发布日期",
    "--in-force-to": "失效日期",
}
_NAMES = {"number": "document_number", "issued": "issued_on", "id": "instrument"}


def _details(command: Command) -> Command:
    """The flags that say what a file is; they win over what the file says."""
    for flag, words in reversed(_FLAGS.items()):
        command = click.option(flag, help=words)(command)
    return click.option("--id", help="编号，例如 zhanhe；同一文件的各版本共用")(command)


def _publishing(command: Command) -> Command:
    return click.option("--publish", is_flag=True, help="导入后立即发布")(command)


@click.group()
def knowledge() -> None:
    """知识：导入、发布、查找。"""


@knowledge.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@_details
@_publishing
@click.pass_obj
def import_document(bench: Workbench, /, file: Path, publish: bool, **flags: str | None) -> None:
    """导入一份通知或法律（txt、md、html、docx、pdf），成为草稿。"""
    _import(bench, (read_document(file, read_details(_named(flags))),), publish)


@knowledge.command("import-list")
@click.argument("file", type=click.Path(path_type=Path))
@_details
@_publishing
@click.pass_obj
def import_list(bench: Workbench, /, file: Path, publish: bool, **flags: str | None) -> None:
    """导入一份免罚清单（csv、xlsx），成为草稿。"""
    _import(bench, (read_exemption_list(file, read_details(_named(flags))),), publish)


@knowledge.command("import-folder")
@click.argument("folder", type=click.Path(path_type=Path))
@_publishing
@click.pass_obj
def import_folder(bench: Workbench, folder: Path, publish: bool) -> None:
    """导入文件夹里 notices.csv 列出的全部文件，成为草稿。"""
    _import(bench, read_folder(folder), publish)


@knowledge.command("export")
@click.argument("folder", type=click.Path(path_type=Path))
@click.pass_obj
def export_published(bench: Workbench, folder: Path) -> None:
    """把已发布的知识（版本、原件、话题）导出到一个新文件夹。"""
    with bench.session() as session:
        count = export(session, folder)
    click.echo(f"已导出 {count} 份到 {folder}。")


@knowledge.command("restore")
@click.argument("folder", type=click.Path(path_type=Path))
@click.pass_obj
def restore_exported(bench: Workbench, folder: Path) -> None:
    """把导出的知识作为一次新的发布：公众看到的与导出时完全相同。"""
    exported = read_export(folder)
    with bench.session() as session:
        outcome = restore(session, bench.shelving, exported, actor=OPERATOR)
    click.echo(f"第 {outcome.release} 次发布：恢复了 {len(outcome.published)} 份。")


@knowledge.command("publish")
@click.pass_obj
def publish_drafts(bench: Workbench) -> None:
    """把命令行导入的全部草稿作为一次发布。"""
    with bench.session() as session:
        _publish(bench, session)


@knowledge.command()
@click.argument("release", type=click.IntRange(min=1))
@click.pass_obj
def rollback(bench: Workbench, release: int) -> None:
    """以第 RELEASE 次发布的内容作一次新的发布。"""
    with bench.session() as session:
        outcome = publication.roll_back(session, bench.shelving, release, actor=OPERATOR)
        click.echo(f"第 {outcome.release} 次发布：内容同第 {release} 次，共 {len(outcome.published)} 份。")
        _tell_flagged(session, outcome.release)


@knowledge.command()
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出")
@click.pass_obj
def status(bench: Workbench, as_json: bool) -> None:
    """现行发布、等待发布的草稿和记录是否完整。"""
    with bench.session() as session:
        told = status_of(session, bench.shelving)
    click.echo(json.dumps(told.to_json(), ensure_ascii=False, indent=2) if as_json else told.text())


@knowledge.command()
@click.argument("words")
@click.option("--region", help="区域")
@click.option("--limit", default=10, type=click.IntRange(1, 50), help="最多几条")
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出")
@click.pass_obj
def search(bench: Workbench, words: str, region: str | None, limit: int, as_json: bool) -> None:
    """查找现行有效的条款和清单事项。"""
    if not words.strip():
        raise FieldErrors(errors=[FieldError("q", "required")])
    with bench.session() as session:
        held = bench.knowledge(session)
        path = resolve_region(held, region) if region else None
        found = reading.search(held, words.strip(), region=path, on=today(), limit=limit)
    hits = [*(c.to_json() for c in found.clauses), *(i.to_json() for i in found.items)][:limit]
    if as_json:
        click.echo(json.dumps({"release": held.release, "hits": hits}, ensure_ascii=False, indent=2))
        return
    for hit in hits:
        place = f"{hit.get('document', hit.get('list'))} {hit.get('section', hit.get('number'))}"
        text = " ".join(str(hit.get("text", hit.get("matter"))).split())
        click.echo(f"{hit['score']:.3f}  {place}  {text[:80]}")
    if not hits:
        click.echo("没有找到。")


def _named(flags: dict[str, str | None]) -> dict[str, str | None]:
    return {_NAMES.get(name, name): value for name, value in flags.items()}


def _import(bench: Workbench, readings: Sequence[Reading], publish: bool) -> None:
    with bench.session() as session:
        imported = draft(session, readings, actor=OPERATOR)
        for one in imported:
            _tell(one)
        if publish and any(one.row for one in imported):
            _publish(bench, session)


def _tell(one: Imported) -> None:
    edition = one.reading.edition
    name = f"{edition.instrument}《{edition.title}》"
    if one.row is None:
        click.echo(f"{name}：与已发布的相同，没有新的草稿。")
        return
    size = f"{len(edition.items)} 项" if edition.items else f"{len(edition.clauses)} 条"
    click.echo(f"{name}：{size}，已存为草稿。")
    if one.proposed:
        click.echo(f"  {one.proposed} 处按相近条款建议了话题和问法，待编辑确认。")
    for line in (*one.reading.notes, *one.gaps):
        click.echo(f"  {line}")


def _publish(bench: Workbench, session: Session) -> None:
    outcome = publication.publish(session, bench.shelving, actor=OPERATOR)
    click.echo(f"第 {outcome.release} 次发布：{'、'.join(outcome.published)}。")
    _tell_flagged(session, outcome.release)
    for gap in outcome.stayed:
        click.echo(gap, err=True)


def _tell_flagged(session: Session, release: int) -> None:
    if count := flagged_by(session, [release]).get(release):
        click.echo(f"已提示 {count} 件在办案件的承办人核对依据。")
