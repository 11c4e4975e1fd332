"""The library by topic: what every region says, who is silent, and what nobody has confirmed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator

from knowledge.clause import Clause
from knowledge.edition import Edition
from knowledge.topic import Topic
from portal import schemas
from portal.errors import NotFound
from portal.library.details import ImportRefusedError, read_details
from portal.library.topic_reading import topic_tree, topic_view

from .small import ZHANHE, ZHOUSHAN, make_notice
from .stage import Published

TODAY = date(2026, 11, 24)
TOPICS = {
    "procedure": Topic("procedure", "程序", "怎么办。"),
    "withdrawal": Topic("withdrawal", "撤回", "收回申请。", parent="procedure"),
    "fees": Topic("fees", "收费", "要不要钱。"),
}


class Shown(Published):
    """Published editions with topics of their own."""

    topics = TOPICS


def shown(*editions: Edition) -> Any:
    return Shown(editions)


def statute(*clauses: Clause) -> Edition:
    return make_notice("law", "全国", title="行政处罚法", clauses=clauses)


def page(client: FlaskClient, address: str, status: int = 200, **headers: str) -> BeautifulSoup:
    response = client.get(address, headers={"Accept": "text/html", **headers})
    assert response.status_code == status
    return BeautifulSoup(response.text, "lxml")


def test_regions_stand_side_by_side_and_the_nation_after_them():
    law = statute(Clause("第一条", "可以撤回。", topics=("withdrawal",)))
    view = topic_view(shown(make_notice(), make_notice("zhoushan", ZHOUSHAN), law), "withdrawal", TODAY)
    assert [voice.region for voice in view.speaking] == sorted([ZHANHE, ZHOUSHAN])
    assert [s.clause.section for s in view.nation.statements] == ["第一条"]
    assert [topic.id for topic in view.above] == ["procedure"]


def test_a_region_whose_documents_do_not_carry_the_topic_is_silent():
    other = make_notice("zhoushan", ZHOUSHAN, clauses=(Clause("一", "约谈应当有记录。"),))
    view = topic_view(shown(make_notice(), other), "withdrawal", TODAY)
    assert view.silent == (ZHOUSHAN,)


def test_a_region_that_speaks_of_a_part_is_not_silent_on_the_whole():
    view = topic_view(shown(make_notice()), "procedure", TODAY)
    assert view.silent == ()
    assert [part.id for part in view.voices[0].parts] == ["withdrawal"]


def test_the_tree_counts_topics_below_and_regions_that_speak():
    branches = {branch.topic.id: branch for branch in topic_tree(shown(make_notice()), TODAY)}
    assert set(branches) == {"procedure", "fees"}
    assert (branches["procedure"].below, branches["procedure"].regions) == (1, 1)
    assert branches["fees"].regions == 0


def test_a_paragraph_adds_nothing_where_its_article_is_on_the_topic():
    law = statute(
        Clause("第一条", "总。", topics=("withdrawal",)),
        Clause("第一条/第一款", "分。", topics=("withdrawal",)),
        Clause("第二条/第一款", "另。", topics=("withdrawal",)),
    )
    view = topic_view(shown(law), "withdrawal", TODAY)
    assert [s.clause.section for s in view.nation.statements] == ["第一条", "第二条/第一款"]


def test_what_the_import_proposed_is_shown_as_not_confirmed():
    clauses = (Clause("一", "可以撤回。", proposed=("withdrawal",)),)
    view = topic_view(shown(make_notice(clauses=clauses)), "withdrawal", TODAY)
    assert [s.confirmed for s in view.voices[0].statements] == [False]


def test_only_what_is_in_force_that_day_speaks():
    later = make_notice(in_force_from=date(2027, 1, 1), issued_on=date(2027, 1, 1))
    assert topic_view(shown(later), "withdrawal", TODAY).voices == ()


def test_an_unknown_topic_is_not_found():
    with pytest.raises(NotFound):
        topic_view(shown(make_notice()), "nothing", TODAY)


def test_the_topics_are_machine_readable_as_described(client: FlaskClient):
    tree = client.get("/api/v1/library/topics").get_json()
    one = client.get("/api/v1/library/topics/withdrawal").get_json()
    assert list(Draft202012Validator(schemas.TOPICS).iter_errors(tree)) == []
    assert list(Draft202012Validator(schemas.TOPIC_VIEW).iter_errors(one)) == []
    assert [topic["id"] for topic in tree["topics"]] == ["withdrawal"]
    zhanhe = next(voice for voice in one["regions"] if voice["region"] == ZHANHE)
    assert [clause["section"] for clause in zhanhe["clauses"]] == ["二/3"]
    assert client.get("/api/v1/library/topics/none").status_code == 404


def test_from_the_library_one_comes_to_a_topic_and_on_to_a_clause_and_back(client: FlaskClient):
    assert page(client, "/library").select_one('a[href="/library/topics"]')
    assert page(client, "/library/topics").select_one('a[href="/library/topics/withdrawal"]')
    topic = page(client, "/library/topics/withdrawal")
    clause = topic.select_one(".voice .statement-where a")
    assert clause is not None
    assert "申请以后可以撤回。" in topic.select_one(".voice").text
    back = page(client, str(clause["href"])).select_one(".clause-topics a")
    assert back is not None
    assert back["href"] == "/library/topics/withdrawal"


def test_an_example_goes_to_the_question_box(client: FlaskClient):
    example = page(client, "/library/topics/withdrawal").select_one(".ask-examples a")
    assert example is not None
    asked = page(client, str(example["href"]).partition("#")[0])
    assert asked.select_one("#question").text.strip() == "申请能撤吗"


def test_the_pages_speak_english_too(client: FlaskClient):
    assert page(client, "/library/topics?lang=en").select_one("h1").text == "Rules by topic"
    assert "What each region says" in page(client, "/library/topics/withdrawal?lang=en").text


def test_an_unknown_topic_has_no_page(client: FlaskClient):
    page(client, "/library/topics/none", status=404)


def test_no_document_may_take_the_address_of_the_topics():
    with pytest.raises(ImportRefusedError, match="topics"):
        read_details({"instrument": "topics"})


def test_a_document_of_two_regions_speaks_in_both():
    both = replace(make_notice(), region=f"{ZHANHE}、{ZHOUSHAN}")
    assert len(topic_view(shown(both), "withdrawal", TODAY).speaking) == 2
