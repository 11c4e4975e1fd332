"""``rouwen staff``."""

from __future__ import annotations

import click
from sqlalchemy import select

from portal.workbench import OPERATOR, Workbench

from .acts import StaffError, add_staff, region_path, reset_staff, set_region
from .models import Role, Staff


@click.group()
def staff() -> None:
    """工作人员账号。"""


@staff.command()
@click.argument("name")
@click.option("--role", required=True, type=click.Choice([role.value for role in Role]), help="角色")
@click.option("--agency", required=True, help="所在机关")
@click.option("--region", default="", help="机关的区域，例如 湛河区；设过的不用再写")
@click.pass_obj
def add(bench: Workbench, name: str, role: str, agency: str, region: str) -> None:
    """建立账号 NAME，并显示一次性密码。"""
    path = region_path(region.strip()) if region.strip() else ""
    with bench.session() as session:
        made = add_staff(session, name, Role(role), agency, actor=OPERATOR)
        if path:
            set_region(session, made.staff.agency, path, actor=OPERATOR)
        placed = bool(made.staff.agency.region)
    click.echo(f"已建立账号 {name}（{role}，{agency}），一次性密码（只显示这一次）：{made.password}")
    if not placed:
        click.echo(
            f"{agency}还没有设区域：当地的当事人和案件找不到它。请用 --region 写明，或者在“账号管理”里设。"
        )


@staff.command()
@click.argument("name")
@click.pass_obj
def reset(bench: Workbench, name: str) -> None:
    """给账号 NAME 新的一次性密码，并清除它的动态验证码和锁定。"""
    with bench.session() as session:
        known = session.scalar(select(Staff).where(Staff.name == name))
        if known is None:
            raise StaffError("name", "staff_unknown", name=name)
        made = reset_staff(session, known, actor=OPERATOR)
    click.echo(f"已重置账号 {name}，一次性密码（只显示这一次）：{made.password}")


@staff.command(name="list")
@click.pass_obj
def list_staff(bench: Workbench) -> None:
    """列出账号：名称、角色、机关、状态。"""
    with bench.session() as session:
        for member in session.scalars(select(Staff).order_by(Staff.name)):
            roles = "、".join(sorted(member.roles))
            state = "在用" if member.active else "已停用"
            factor = "已设置动态验证码" if member.totp_secret else "未设置动态验证码"
            click.echo(f"{member.name}\t{roles}\t{member.agency.name}\t{state}\t{factor}")
