from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from jsonschema import Draft202012Validator
from werkzeug.exceptions import MethodNotAllowed, NotFound

from bot.reply import Action, ActionKind, CitedClause, Reply, ReplyStatus
from knowledge.clause import ClauseRef
from knowledge.exemption import (
    ConditionFinding,
    Ground,
    ListItem,
    ListOutcome,
    Outcome,
    ProgrammeFinding,
    Verdict,
)
from knowledge.situation import Finding
from portal import schemas
from portal.chat.presentation import NOTICE, PLACES, reply_json

from .small import make_reply


def present(reply: Reply) -> dict[str, Any]:
    body = reply_json(reply, answer_id="a" * 22, conversation="c" * 22, release=3)
    assert list(Draft202012Validator(schemas.REPLY).iter_errors(body)) == []
    return body


def cited(number: int, document: str, section: str) -> CitedClause:
    return CitedClause(number, ClauseRef(document, section), "标题", "", "条文", False, True)


@pytest.mark.parametrize("status", list(ReplyStatus))
def test_every_status_is_presented(status: ReplyStatus):
    assert present(make_reply(status))["status"] == status.value


def test_the_notice_of_the_contract_goes_with_every_answer():
    assert NOTICE == "本回答由智能助手自动生成，仅供参考，以执法机关的决定为准"
    assert present(make_reply())["notice"] == NOTICE
    assert NOTICE in present(make_reply(language="en"))["notice"]


def test_a_verdict_names_its_clauses_by_the_numbers_of_the_citations():
    item = ListItem("list-one", "1", "未按期申报", ListOutcome.FIRST_OFFENCE_EXEMPT)
    verdict = Verdict(
        Outcome.NEEDS_FACTS,
        Ground.LIST_ITEM,
        ProgrammeFinding(True, ClauseRef("zhanhe", "二/（一）"), "sector:food"),
        item,
        (
            ConditionFinding("初次违法", Finding.MET, ClauseRef("list-one", "1"), "first_offence"),
            ConditionFinding(
                "及时改正", Finding.UNKNOWN, ClauseRef("apl2021", "第三十三条/第一款"), "corrected"
            ),
            ConditionFinding("其他", Finding.OFFICER, ClauseRef("pipl2021", "第一条")),
        ),
        ("corrected",),
    )
    citations = (
        cited(1, "list-one", "1"),
        cited(2, "zhanhe", "二/（一）"),
        cited(3, "apl2021", "第三十三条"),
    )
    body = present(make_reply(verdict=verdict, citations=citations))["verdict"]
    assert body["programme"] == {"excluded": True, "citation": 2, "reason": "sector:food"}
    assert body["item"] == {"list": "list-one", "number": "1", "matter": "未按期申报"}
    assert [(c["finding"], c["citation"], c["fact"]) for c in body["conditions"]] == [
        ("met", 1, "first_offence"),
        ("unknown", 3, "corrected"),
        ("officer", None, None),
    ]
    assert body["missing"] == ["corrected"]


def test_an_action_leads_to_its_target_or_to_the_place_of_its_kind():
    actions = (
        Action(ActionKind.READ, "看", "zhanhe#二/3"),
        Action(ActionKind.READ, "看", "zhanhe"),
        Action(ActionKind.CONTACT, "找人"),
    )
    urls = [action["url"] for action in present(make_reply(actions=actions))["actions"]]
    assert urls == ["/library/zhanhe#s-%E4%BA%8C-3", "/library/zhanhe", PLACES["contact"]]


@pytest.mark.parametrize("kind", list(ActionKind))
def test_the_place_of_every_action_is_a_page_of_this_portal(app: Flask, kind: ActionKind):
    path = PLACES[kind.value].partition("#")[0]
    adapter = app.url_map.bind("localhost")
    try:
        adapter.match(path, method="GET")
    except (NotFound, MethodNotAllowed):
        pytest.fail(f"{kind.value} leads to {path}, which is no page")
