"""``rouwen cases``: what an agency promises, and how it is reached; the proof of an exported case."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import click
from sqlalchemy import select

from portal.accounts.models import Agency
from portal.agencies.acts import LIMITS, terms_of
from portal.agencies.acts import promise as set_terms
from portal.phrasing import moment_words
from portal.wording import Language
from portal.workbench import OPERATOR, CommandError, Workbench

DAYS = click.IntRange(1, 250)


@click.group()
def cases() -> None:
    """案件。"""


@cases.command()
@click.argument("agency")
@click.option("--accept-within", type=DAYS, help="几个工作日内答复是否受理")
@click.option("--conclude-within", type=DAYS, help="受理后几个工作日内办结")
@click.option("--phone", help="公开的联系电话")
@click.option("--address", help="办公地址")
@click.option("--hours", help="办公时间")
@click.option("--withdraw", is_flag=True, help="撤回承诺，回到本地未规定")
@click.pass_obj
def promise(  # noqa: PLR0917  one a flag
    bench: Workbench,
    agency: str,
    accept_within: int | None,
    conclude_within: int | None,
    phone: str | None,
    address: str | None,
    hours: str | None,
    withdraw: bool,
) -> None:
    """登记 AGENCY 承诺的时限和联系方式；没写的保持原样。"""
    given = {"phone": phone, "address": address, "hours": hours}
    for name, text in given.items():
        if text is not None and len(text) > LIMITS[name]:
            raise CommandError(f"--{name} 最多 {LIMITS[name]} 个字。")
    with bench.session() as session:
        found = session.scalar(select(Agency).where(Agency.name == agency))
        if found is None:
            raise CommandError(f"没有登记名为“{agency}”的机关。")
        before = terms_of(session, found)
        days = (None, None) if withdraw else (before.accept_days, before.conclude_days)
        texts = {name: text.strip() for name, text in given.items() if text is not None}
        terms = replace(
            before, accept_days=accept_within or days[0], conclude_days=conclude_within or days[1], **texts
        )
        set_terms(session, found, terms, actor=OPERATOR)
    said = (f"受理 {terms.accept_days or '未规定'}", f"办结 {terms.conclude_days or '未规定'}")
    click.echo(f"{agency}：{'，'.join(said)}（工作日）。")


@cases.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--offline", is_flag=True, help="不与本系统的过程记录比对，只核对文件本身")
@click.pass_obj
def verify(bench: Workbench, file: Path, offline: bool) -> None:
    """核对导出的案卷 FILE（zip）：逐个文件、文书和记录核对，再与导出时的记录比对；有出入的退出码为 1。"""
    from portal.bundles.acts import find_export
    from portal.bundles.proof import prove

    proof = prove(file)
    counted = f"{proof.files} 个文件、{proof.documents} 份文书、{proof.events} 条过程记录"
    said = f"{proof.number}：{counted}都与校验值相符"
    if offline:
        click.echo(f"{said}；没有与导出时的记录比对。")
        return
    with bench.session() as session:
        made = find_export(session, proof.number, proof.digest)
    if made is None:
        raise CommandError(f"本系统没有导出过这样一份案卷：它不是 {proof.number} 导出时的原件。")
    at = moment_words(made.at, Language.CHINESE)
    click.echo(f"{said}，与 {at} 导出的原件一致（过程记录第 {made.number} 条）。")
