"""``rouwen uploads``."""

from __future__ import annotations

import click

from portal.workbench import Workbench

from .acts import sweep as sweep_files
from .store import Store


@click.group()
def uploads() -> None:
    """当事人上传的材料。"""


@uploads.command()
@click.option("--hours", type=click.FloatRange(min=0), default=None, help="多久以前的才清理（小时）")
@click.pass_obj
def sweep(bench: Workbench, hours: float | None) -> None:
    """清理没有归属的文件：上传中断时会留下。"""
    with bench.session() as session:
        gone = sweep_files(session, Store(bench.settings.data / "uploads"), hours)
    click.echo(f"已清理 {gone} 个文件。")
