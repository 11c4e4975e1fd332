"""Rules that ship rest on notices that change: told before, compared after, never forgotten between."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from knowledge.clause import Clause
from knowledge.edition import Edition
from knowledge.starter import starter_editions
from portal.accounts.models import Role
from portal.errors import FieldErrors
from portal.journal import JournalEntry
from portal.library import publication
from portal.library.desk.release import roll_back
from portal.library.models import Origin, ReleaseAct
from portal.library.record import keep_edition
from portal.library.shelving import Shelving
from portal.library.touch import Touches, touched
from portal.rules.checks import RuleMoved, open_checks, past_checks, read_seen, record_comparison
from portal.rules.models import RuleCheck
from portal.rules.rule import RuleKind
from portal.rules.shipped import rule_named, shipped_rules
from portal.rules.watching import resting_on
from portal.wording import Language, wording

from ..small import ZHANHE, make_notice
from ..staff import send, signed_in, wrong_fields
from ..test_impact import reads, waits

PAGE = "/staff/knowledge/rules"
RULE = "二/（三）/1"
ENDS = "二/（三）/3"


def notice(choice: str = "可以撤回。", ends: str = "应当终止。", **changes: object) -> Edition:
    """A notice of 湛河 with the clauses that its shipped rules rest on."""
    clauses = (
        Clause("二", "二、程序", heading="程序"),
        Clause("二/（三）", "（三）程序", heading="程序"),
        Clause(RULE, f"1.{choice}", heading="申请"),
        Clause(ENDS, f"3.{ends}", heading="终止"),
    )
    return make_notice(**{"clauses": clauses, **changes})


def publish(session: Session, shelving: Shelving, edition: Edition) -> int:
    keep_edition(session, edition, origin=Origin.COMMAND_LINE, author="operator")
    session.commit()
    return publication.publish(session, shelving, actor="operator").release


def names(checks: list[RuleCheck]) -> set[str]:
    return {check.rule for check in checks}


def marks(session: Session, *rules: str) -> dict[int, int]:
    session.expire_all()
    return {c.id: c.version for c in open_checks(session) if not rules or c.rule in rules}


def changes(before: Edition, after: Edition) -> Touches:
    return touched({1: before}, {2: after}, date(2026, 11, 1))


@pytest.fixture
def changed(session: Session, shelving: Shelving) -> int:
    """The notice as it is published, then with other words on the right to choose."""
    publish(session, shelving, notice())
    for check in open_checks(session):  # the sample notice had none of these clauses
        check.compare(None, "", "")
    session.commit()
    return publish(session, shelving, notice("可以撤回，应当说明理由。"))


@pytest.fixture
def editor(app: Flask) -> Iterator[FlaskClient]:
    client = app.test_client()
    signed_in(client, Role.EDITOR)
    return client


def test_every_shipped_rule_has_a_name_of_its_own_and_rests_on_clauses_that_ship():
    ids = [rule.id for rule in shipped_rules()]
    assert len(set(ids)) == len(ids)
    editions = {edition.instrument: edition for edition in starter_editions()}
    strays = [
        (rule.id, section)
        for rule in shipped_rules()
        for section in rule.sections
        if editions[rule.document].clause(section) is None
    ]
    assert strays == []


def test_every_shipped_rule_has_words_on_the_pages():
    for language in Language:
        t = wording(language)
        for rule in shipped_rules():
            assert t(f"rules.kind.{rule.kind}")
            if rule.kind is RuleKind.PROGRAMME:
                assert t(f"rules.name.{rule.name}")
            if rule.kind in (RuleKind.TOLD, RuleKind.METHODS):
                assert rule.words[language.value]


def test_a_rule_that_gives_officers_a_choice_tells_what_there_is_to_choose():
    ends = rule_named("programme:浙江省/舟山市:termination")
    simple = rule_named(f"programme:{ZHANHE}:simple_form")
    assert ends is not None
    assert simple is not None
    assert ends.sections == ("二/（三）/3",)
    assert "失效" in ends.words["zh"]
    assert len(simple.words["zh"].split("、")) >= 3
    assert rule_named(f"programme:{ZHANHE}:archive").words == {}  # type: ignore[union-attr]


def test_a_changed_clause_touches_what_people_are_told_of_it_and_what_decides_by_it():
    found = {r.rule.id for r in resting_on(changes(notice(), notice("不能撤回。")))}
    told, programme = f"told:{ZHANHE}:", f"programme:{ZHANHE}:"
    assert {f"{told}choice", f"{told}withdrawal", f"{programme}withdrawal", f"{programme}choice"} <= found
    assert f"{told}termination" not in found
    assert all(ZHANHE in rule for rule in found)


def test_a_repealed_notice_touches_every_rule_that_rests_on_its_clauses():
    gone = notice(in_force_to=date(2026, 12, 31))
    found = {r.rule.id for r in resting_on(changes(notice(), gone))}
    assert {f"told:{ZHANHE}:choice", f"told:{ZHANHE}:termination"} <= found


def test_that_a_notice_is_silent_is_for_the_whole_of_it_to_say():
    before = make_notice("panjin", "辽宁省/盘锦市", clauses=(Clause("四", "四、其他"),))
    after = replace(before, clauses=(*before.clauses, Clause("五", "五、当事人可以撤回。")))
    assert {r.rule.id for r in resting_on(changes(before, after))} == {"told:辽宁省/盘锦市:withdrawal"}


def test_what_leads_to_a_text_touches_no_rule():
    before = notice()
    asked = replace(before, clauses=tuple(replace(c, asked_as=("能撤吗",)) for c in before.clauses))
    assert resting_on(changes(before, asked)) == ()


def test_a_release_leaves_a_comparison_open_for_every_rule_that_it_touches(session: Session, changed: int):
    found = open_checks(session)
    assert f"told:{ZHANHE}:choice" in names(found)
    assert f"told:{ZHANHE}:termination" not in names(found)
    assert {(c.against, c.release) for c in found} == {(changed - 1, changed)}
    event = session.scalars(select(JournalEntry).where(JournalEntry.act == "release.publish")).all()[-1]
    assert event.detail["rules"] == len(found)


def test_it_stays_open_until_somebody_records_that_the_rule_holds(session: Session, changed: int):
    rule = f"told:{ZHANHE}:choice"
    record_comparison(session, marks(session, rule), "differs", "要加说明理由", actor="editor-wang")
    assert rule in names(open_checks(session)), "what is told is still not what the notice says"
    record_comparison(session, marks(session, rule), "holds", "已更正", actor="editor-li")
    assert rule not in names(open_checks(session))
    assert names(open_checks(session)), "the others are still to be compared"
    (done,) = [c for c in past_checks(session) if c.rule == rule and c.checked_by]
    assert (done.result, done.remark, done.checked_by) == ("holds", "已更正", "editor-li")
    events = session.scalars(select(JournalEntry).where(JournalEntry.act == "rule.compared")).all()
    assert [(e.actor, e.subject, e.detail["result"], e.detail["remark"]) for e in events] == [
        ("editor-wang", rule, "differs", "要加说明理由"),
        ("editor-li", rule, "holds", "已更正"),
    ]
    words = events[0].detail["words"]
    assert isinstance(words, dict)
    assert rule_named(rule).words["zh"] == words["zh"]  # type: ignore[union-attr]
    assert events[0].detail["release"] == changed


def test_a_further_change_asks_for_the_comparison_anew(session: Session, shelving: Shelving, changed: int):
    rule = f"told:{ZHANHE}:choice"
    seen = marks(session, rule)
    record_comparison(session, seen, "differs", "要改", actor="editor-wang")
    stale = marks(session, rule)
    publish(session, shelving, notice("不得撤回。"))
    (check,) = [c for c in open_checks(session) if c.rule == rule]
    assert (check.against, check.release, check.result) == (changed - 1, changed + 1, "")
    with pytest.raises(RuleMoved):
        record_comparison(session, stale, "holds", "看过", actor="editor-wang")


def test_going_back_settles_what_nobody_has_compared(session: Session, shelving: Shelving, changed: int):
    roll_back(session, shelving, changed - 1, actor="publisher-chen", reason="先核对")
    assert open_checks(session) == []
    assert {(c.result, c.checked_by) for c in past_checks(session)} == {("", "")}


def test_starter_knowledge_brought_up_to_date_brings_its_rules_along(session: Session, shelving: Shelving):
    row = keep_edition(session, notice(), origin=Origin.STARTER, author="setup")
    publication.make_release(session, shelving, [row], {}, act=ReleaseAct.SEED, actor="setup")
    session.commit()
    assert open_checks(session) == []


@pytest.mark.parametrize(
    ("result", "remark", "wrong"),
    [("", "看过", {"result"}), ("holds", "", {"remark"}), ("holds", "长" * 501, {"remark"})],
)
def test_a_comparison_says_what_was_found_and_why(
    session: Session, changed: int, result: str, remark: str, wrong: set[str]
):
    assert changed
    with pytest.raises(FieldErrors) as refused:
        record_comparison(session, marks(session), result, remark, actor="editor-wang")
    assert {e.field for e in refused.value.errors} == wrong


def test_what_names_no_check_is_left_out():
    assert read_seen(["12.3", "x.1", "5", "7.", "²²¹.1", "9" * 30 + ".1"]) == {12: 3}


def test_the_page_shows_rules_and_words_and_records_what_is_ticked(
    editor: FlaskClient, session: Session, changed: int
):
    assert changed
    page = reads(editor, PAGE)
    assert "接不接受由您自己决定" in page.text
    assert "应当说明理由" in page.select_one(".side-by-side ins").text  # type: ignore[union-attr]
    assert page.select("input[type=checkbox][checked]") == []
    mark = page.select_one("input[name=check]")
    assert mark is not None
    count = len(page.select("input[name=check]"))
    done = send(editor, PAGE, check=[mark["value"]], result="holds", remark="逐句对照过")
    assert done.status_code == 303
    page = reads(editor, PAGE)
    assert len(page.select("input[name=check]")) == count - 1
    compared = page.select_one("[aria-labelledby=compared]")
    assert compared is not None
    assert "逐句对照过" in compared.text
    assert f"{count - 1} 条规则要与变动后的条款对照" in reads(editor, "/staff/knowledge").text


def test_what_is_refused_comes_back_with_everything_typed(
    editor: FlaskClient, session: Session, changed: int
):
    assert changed
    refused = send(editor, PAGE, result="differs", remark="还没有勾")
    assert refused.status_code == 422
    assert set(wrong_fields(refused)) == {"check"}
    page = BeautifulSoup(refused.text, "html.parser")
    assert page.select_one("textarea[name=remark]").text == "还没有勾"  # type: ignore[union-attr]
    assert page.select("input[value=differs][checked]")


def test_a_publisher_reads_the_comparisons_and_records_none(app: Flask, session: Session, changed: int):
    assert changed
    client = app.test_client()
    signed_in(client, Role.PUBLISHER)
    assert reads(client, PAGE).select("button:-soup-contains('登记对照')") == []
    assert send(client, PAGE, "/staff/knowledge/releases", check=["1.1"]).status_code in (400, 403)
    officer = app.test_client()
    signed_in(officer, Role.OFFICER)
    assert officer.get(PAGE).status_code == 403


def test_before_a_release_the_pages_warn_with_both_words(
    app: Flask, session: Session, shelving: Shelving, changed: int
):
    assert changed
    waits(session, notice("任何人不得撤回。"))
    client = app.test_client()
    signed_in(client, Role.PUBLISHER)
    for address in ("/staff/knowledge/releases", "/staff/knowledge/documents/zhanhe/difference"):
        box = reads(client, address).select_one(".rules-before")
        assert box is not None, address
        assert "条以变动的条款为依据" in box.text
        assert "接不接受由您自己决定" in box.text
        sides = box.select(".side-by-side > div")
        assert "应当说明理由" in sides[0].text
        assert "任何人不得撤回" in sides[1].text
    hint = reads(client, "/staff/knowledge/documents/zhanhe").select("a[href$='#rules-before']")
    assert len(hint) == 1


def test_before_a_rollback_the_page_quotes_what_people_are_told(app: Flask, changed: int):
    client = app.test_client()
    signed_in(client, Role.PUBLISHER)
    quoted = reads(client, f"/staff/knowledge/releases/{changed - 1}/impact").select(".rules-before q")
    assert any("接不接受由您自己决定" in words.text for words in quoted)
    assert all(words.text and words["lang"] == "zh-CN" for words in quoted)
