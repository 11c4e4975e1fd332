"""``rouwen staff``."""

from __future__ import annotations

import click

from portal.workbench import OPERATOR, Workbench

from .acts import add_staff
from .models import Role


@click.group()
def staff() -> None:
    """工作人员账号。"""


@staff.command()
@click.argument("name")
@click.option("--role", required=True, type=click.Choice([role.value for role in Role]), help="角色")
@click.option("--agency", required=True, help="所在机关")
@click.pass_obj
def add(bench: Workbench, name: str, role: str, agency: str) -> None:
    """建立账号 NAME，并显示一次性密码。"""
    with bench.session() as session:
        made = add_staff(session, name, Role(role), agency, actor=OPERATOR)
    click.echo(f"已建立账号 {name}（{role}，{agency}），一次性密码（只显示这一次）：{made.password}")
