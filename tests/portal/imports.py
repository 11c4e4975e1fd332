"""Files as editors bring them in, and the page they bring them to."""

from __future__ import annotations

import io
from collections.abc import Sequence

from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from portal.library.desk.intake.models import PendingImport
from tests.knowledge.workbooks import HEADINGS, saved, sheet

IMPORT = "/staff/knowledge/import"
NOTICE = """湛河区柔性执法实施办法
湛政办〔2025〕9号
各乡镇人民政府：
为了推行柔性执法，制定本办法。
一、总体要求
坚持教育在先。
二、工作程序
（一）申请。当事人可以提出申请。
（二）撤回。当事人可以撤回自己的申请，机关应当准许。
三、附则
本办法自2025年4月1日起施行，有效期2年。
湛河区司法局
2025年3月1日
"""
ROWS = (
    ("湛河区城市管理局轻微违法行为不予处罚清单",),
    HEADINGS,
    (
        1,
        "占道摆放桌椅",
        "《河南省城市市容和环境卫生管理条例》",
        "初次违法；及时改正",
        "不予处罚",
        "批评教育",
    ),
    (2, "乱贴广告", "", "没有造成危害后果；三日内改正；执法人员认为可以不罚的", "首违不罚", ""),
    (3, "这一行不该有", "", "及时改正", "不予处罚", ""),
)


def workbook(rows: Sequence[Sequence[object]] = ROWS) -> bytes:
    """A list as an agency makes it in Excel."""
    return saved(sheet(rows)[0])


def page_of(response: TestResponse) -> BeautifulSoup:
    return BeautifulSoup(response.text, "lxml")


def upload(client: FlaskClient, *files: tuple[str, bytes], **fields: str) -> TestResponse:
    """Sends the form of the import page."""
    token = page_of(client.get(IMPORT)).select_one("[name=csrf_token]")
    assert token is not None
    sent = [(io.BytesIO(content), name) for name, content in files]
    return client.post(
        IMPORT,
        data={"csrf_token": token["value"], "files": sent, **fields},
        content_type="multipart/form-data",
    )


def brought(client: FlaskClient, name: str, content: bytes) -> str:
    """Brings one file in; the address of its preview."""
    response = upload(client, (name, content))
    assert response.status_code == 303, page_of(response).select_one("main")
    return response.headers["Location"]


def pending(session: Session) -> list[PendingImport]:
    session.expire_all()
    return list(session.scalars(select(PendingImport).order_by(PendingImport.id)))


def form_of(client: FlaskClient, address: str) -> dict[str, str]:
    """The fields of a preview as the page fills them."""
    page = page_of(client.get(address))
    form = page.select_one("form.checking")
    assert form is not None
    fields = {
        i["name"]: i.get("value", "") for i in form.select("input[name]") if i.get("type") != "checkbox"
    }
    for choice in form.select("select[name]"):
        chosen = choice.select_one("option[selected]") or choice.select_one("option")
        assert chosen is not None
        fields[str(choice["name"])] = chosen["value"]
    return {str(name): str(value) for name, value in fields.items()}


def decide(
    client: FlaskClient, address: str, do: str, drop: Sequence[str] = (), **typed: str
) -> TestResponse:
    """Presses a button of a preview after typing in some of its fields."""
    return client.post(address, data={**form_of(client, address), **typed, "drop": list(drop), "do": do})
