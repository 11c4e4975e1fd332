"""``rouwen mail``: sending by hand or from a timer, and what waits."""

from __future__ import annotations

import click

from portal.workbench import CommandError, Workbench

from .courier import deliver
from .outbox import count_waiting
from .relay import Relay


@click.group()
def mail() -> None:
    """通知邮件。"""


@mail.command()
@click.pass_obj
def send(bench: Workbench) -> None:
    """把到时候的邮件发出去；服务在运行时会自己发。"""
    settings = bench.settings
    if not settings.mails or settings.smtp_url is None:
        raise CommandError("没有设置 ROUWEN_SMTP_URL 和 ROUWEN_PUBLIC_URL，不发邮件。")
    with bench.session() as session:
        taken = deliver(session, Relay.at(settings.smtp_url), settings.public_url or "")
        waiting, given_up = count_waiting(session)
    click.echo(f"发出 {taken} 封，等待 {waiting} 封，多次未发出 {given_up} 封。")
