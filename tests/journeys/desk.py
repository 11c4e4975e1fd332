"""People at the editors' desk, and a notice of a city that nobody has written anything for yet."""

from __future__ import annotations

from pathlib import Path

from flask.testing import FlaskClient

from portal import create_app
from portal.accounts.cookies import STAFF_AREA, STAFF_COOKIE
from portal.accounts.models import Role
from portal.library.commands import knowledge
from portal.workbench import Workbench
from tests.portal.staff import make_staff, sign_in_as

NOTICE = """{city}推行柔性执法工作办法
{short}政办〔2026〕7号
为了规范柔性执法，方便经营者，制定本办法。
一、总体要求
坚持教育在先、处罚在后。
二、工作程序
（一）启动。柔性执法由执法部门依职权启动，或者依当事人申请启动。当事人可以变更、撤回申请，执法部门应当准许；是否接受柔性执法，由当事人自主选择。
（二）约谈。对存在问题隐患或者被投诉举报较多的经营者，可以约见谈话，分个别约谈和集中约谈。当事人可以请商会的联络员到场陪同。
（三）归档。执法部门应当在办结后整理材料，装订成卷并归档。
{city}人民政府办公室
2026年3月1日
"""


def brings_in(bench: Workbench, folder: Path, instrument: str, region: str) -> None:
    """Imports the notice of a city as an operator does, on the command line."""
    city = region.rpartition("/")[2]
    file = folder / f"{instrument}.txt"
    file.write_text(NOTICE.format(city=city, short=city[0]), encoding="utf-8")
    arguments = ["import", str(file), "--id", instrument, "--region", region]
    knowledge.main(arguments, obj=bench, standalone_mode=False)


def comes_in(visitor, bench: Workbench, role: Role, name: str):
    """Signs a visitor's browser in as someone with a role; returns the page."""
    client: FlaskClient = create_app(bench.settings).test_client()
    with bench.session() as session:
        sign_in_as(client, session, make_staff(session, role, name=name))
    cookie = client.get_cookie(STAFF_COOKIE, path=STAFF_AREA)
    assert cookie is not None
    visitor.context.add_cookies(
        [{"name": STAFF_COOKIE, "value": cookie.value, "url": visitor.site + STAFF_AREA}]
    )
    return visitor.page
