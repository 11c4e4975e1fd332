"""What the pages of the assistant hold, for any browser: the markup, not the looks."""

import pytest
from bs4 import BeautifulSoup

from portal.errors import FieldError, FieldErrors

from .stage import ZHANHE, make_turn, set_stage

CONVERSATION = "/c/conversation-0000001"


@pytest.fixture
def stage(tmp_path, monkeypatch):
    return set_stage(tmp_path, monkeypatch, [make_turn("abstained", "红烧肉怎么做"), make_turn("case")])


def page_of(stage, address, **headers):
    response = stage.app.test_client().get(address, headers=headers)
    assert response.status_code == 200
    return BeautifulSoup(response.get_data(as_text=True), "lxml")


def test_the_front_page_asks_one_thing_and_says_who_answers(stage):
    page = page_of(stage, "/")
    assert len(page.select("h1")) == 1
    assert page.select_one("#ask textarea[name=question]")
    assert "智能助手自动生成" in page.select_one("#ask").text
    assert len(page.select(".examples button[name=question]")) == 12


def test_the_region_chosen_before_stands_in_the_box(stage):
    client = stage.app.test_client()
    client.set_cookie("region", "%E6%B9%9B%E6%B2%B3%E5%8C%BA")
    assert 'value="湛河区"' in client.get("/").get_data(as_text=True)


def test_asking_leads_to_the_conversation_and_keeps_the_region(stage):
    response = stage.app.test_client().post("/ask", data={"question": "会罚吗", "region": "湛河"})
    assert response.status_code == 303
    assert response.location == f"{CONVERSATION}#q2"
    assert stage.asked == [{"text": "会罚吗", "conversation": None, "region": "湛河"}]
    assert "region=" in response.headers["Set-Cookie"]


def test_an_unknown_region_keeps_the_question_and_offers_the_candidates(tmp_path, monkeypatch):
    def refuse(text, **given):
        values = {"candidates": [ZHANHE, "浙江省/舟山市"]}
        raise FieldErrors(errors=[FieldError("region", "unknown_region", values)])

    stage = set_stage(tmp_path, monkeypatch, answer=refuse)
    response = stage.app.test_client().post("/ask", data={"question": "会罚吗", "region": "天宫"})
    page = BeautifulSoup(response.get_data(as_text=True), "lxml")
    assert response.status_code == 422
    assert page.select_one("#question").text == "会罚吗"
    assert page.select_one("#region")["value"] == "天宫"
    assert page.select_one("#region")["aria-invalid"] == "true"
    assert [b["value"] for b in page.select("button[name=region_choice]")] == [ZHANHE, "浙江省/舟山市"]


def test_a_question_too_long_in_a_conversation_stays_in_that_conversation(tmp_path, monkeypatch):
    def refuse(text, **given):
        raise FieldErrors(errors=[FieldError("question", "too_long", {"limit": 1000, "length": len(text)})])

    stage = set_stage(tmp_path, monkeypatch, [make_turn("case")], answer=refuse)
    form = {"question": "长" * 1200, "conversation": "conversation-0000001"}
    page = BeautifulSoup(stage.app.test_client().post("/ask", data=form).get_data(as_text=True), "lxml")
    assert page.select_one(".turn")
    assert "1200" in page.select_one("#question-wrong").text
    assert page.select_one("#ask [name=conversation]")["value"] == "conversation-0000001"


def test_every_mark_of_an_answer_leads_to_its_clause_on_the_page(stage):
    page = page_of(stage, CONVERSATION)
    marks = page.select(".answer-text .mark, .verdict .mark")
    assert len(marks) >= 6
    for mark in marks:
        target = page.find(id=mark["href"].removeprefix("#"))
        assert target is not None
        assert "source" in target["class"]
        assert mark["aria-label"].startswith("依据 ")


def test_a_clause_is_shown_with_its_document_its_state_and_the_digest_mark(stage):
    page = page_of(stage, CONVERSATION)
    source = page.select_one("#a2-s2")
    for said in (
        "湛河区全面推行柔性执法工作实施意见",
        "二、（四）1",
        "平湛法政办〔2021〕13号",
        "已失效",
        "摘要",
        "2021年11月16日",
    ):
        assert said in source.text
    assert source.select("a")[-1]["href"].startswith("/library/zhanhe#s-")


def test_findings_are_told_in_words_beside_their_shape(stage):
    verdict = page_of(stage, CONVERSATION).select_one("#q2 .verdict")
    assert [f.text for f in verdict.select(".finding")] == ["符合", "由机关认定", "还不知道", "不符合"]
    assert len(verdict.select(".finding svg[aria-hidden=true]")) == 4
    assert "由执法机关裁量，不是一定不罚" in verdict.text
    assert "免罚不免责" in verdict.text
    assert "这不等于一定处罚" in verdict.text


def test_only_the_last_turn_asks_back_and_its_buttons_answer(stage):
    page = page_of(stage, CONVERSATION)
    assert [b["value"] for b in page.select(".back button")] == [
        "当场就改正了",
        "在期限内改正了",
        "还没改正",
        "不清楚",
    ]
    assert page.select_one("#q1 .back") is None
    form = page.select_one(".back form")
    assert form.select_one("[name=conversation]")["value"] == "conversation-0000001"


def test_the_ai_notice_stands_by_every_answer(stage):
    answers = page_of(stage, CONVERSATION).select(".answer")
    assert len(answers) == 2
    assert all("智能助手自动生成" in a.select_one(".notice").text for a in answers)


def test_choosing_the_region_happens_where_the_reader_is(stage):
    page = page_of(stage, CONVERSATION)
    assert [a["href"] for a in page.select(".next a")][-3:] == ["/apply", "#region", "/library/apl2021"]


def test_an_answer_in_english_is_marked_as_english_and_its_clauses_as_chinese(tmp_path, monkeypatch):
    stage = set_stage(tmp_path, monkeypatch, [make_turn("english", "Will I be fined?")])
    page = page_of(stage, f"{CONVERSATION}?lang=en")
    assert page.html["lang"] == "en"
    assert page.select_one(".answer-text")["lang"] == "en"
    assert page.select_one(".clause-text")["lang"] == "zh-CN"
    assert "[7]" in page.select_one(".answer-text").text
    assert "Drafted by a language model" in page.text


def test_what_a_clause_holds_is_text_never_markup(tmp_path, monkeypatch):
    stage = set_stage(tmp_path, monkeypatch, [make_turn("english", "<img src=x onerror=alert(1)>")])
    html = stage.app.test_client().get(CONVERSATION).get_data(as_text=True)
    assert "<script>alert" not in html
    assert "<img" not in html


def test_feedback_is_kept_with_its_reason_and_thanked_for(stage):
    client = stage.app.test_client()
    form = {
        "conversation": "conversation-0000001",
        "answer": "answer-case-000000001",
        "helpful": "no",
        "reason": "wrong",
        "comment": "条款不对",
    }
    response = client.post("/feedback", data=form)
    assert stage.told == [
        {"answer": "answer-case-000000001", "helpful": False, "reason": "wrong", "comment": "条款不对"}
    ]
    assert response.status_code == 303
    assert response.location.endswith("thanks=answer-case-000000001#a2")
    assert "编辑人员会逐条查看" in client.get(response.location).get_data(as_text=True)


def test_asking_about_a_clause_brings_it_along(stage):
    page = page_of(stage, "/?document=zhanhe&section=二/（三）/1")
    assert "当事人可以撤回申请" in page.select_one(".about-item").text
    assert page.select_one("#question").text == "关于“《湛河区全面推行柔性执法工作实施意见》二、（三）1”："
    assert page.select_one("#region")["value"] == "湛河区"


def test_asking_about_a_list_item_names_the_matter(stage):
    page = page_of(stage, "/?document=tax-cn-2021-06&section=2")
    assert page.select_one("#question").text == "关于“未按期办理第 2 项”："


def test_asking_about_nothing_that_exists_is_just_asking(stage):
    assert page_of(stage, "/?document=nope&section=1").select_one(".about-item") is None


def test_a_conversation_is_kept_out_of_search_engines(stage):
    assert page_of(stage, CONVERSATION).select_one('meta[name=robots][content*="noindex"]')


def test_the_address_of_the_form_leads_back_to_where_one_asks(stage):
    response = stage.app.test_client().get("/ask")
    assert (response.status_code, response.location) == (303, "/")
