"""A business owner asks: from the first words to the clause that the answer rests on."""

from playwright.sync_api import expect

from .conftest import PHONE

STORY = "我在湛河区开五金店，门口摆了两把梯子占了人行道，第一次被查，还会罚款吗？"
WITHDRAW = "在湛河申请以后还能撤回吗？"


def test_ask_follow_up_answer_back_and_open_the_clause(visit):
    owner = visit()
    page = owner.opens("/")
    expect(page.locator("#ask")).to_contain_text("智能助手自动生成")

    owner.asks(STORY)
    assert "/c/" in page.url
    expect(page.locator("#a1 .verdict .outcome")).to_be_visible()
    expect(page.locator("#a1 .back .choice").nth(1)).to_be_visible()

    page.locator("#a1 .back .choice").first.click()
    page.wait_for_selector("#a2")
    expect(page.locator("#a1 .back")).to_have_count(0)
    expect(page.locator("#a2 .finding").first).to_be_visible()

    owner.asks("那提交以后能撤回吗？")
    mark = page.locator("#a3 .answer-text .mark").first
    mark.click()
    panel = page.locator("#panel")
    expect(panel).to_be_visible()
    owner.waits_for_focus("panel")
    assert panel.locator(".clause-text").inner_text().strip()
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()


def test_an_example_is_one_click_away_from_its_answer(visit):
    page = visit().opens("/")
    page.locator(".examples button").first.click()
    page.wait_for_selector("#a1")
    assert page.locator("#a1 .answer-text").inner_text().strip()
    expect(page.locator("#a1 .sources .source").first).to_be_visible()


def test_the_address_of_a_conversation_brings_it_back_and_back_leads_home(visit):
    owner = visit()
    page = owner.opens("/")
    owner.asks(WITHDRAW)
    said = page.locator("#a1 .answer-text").inner_text()
    page.reload()
    expect(page.locator("#a1 .answer-text")).to_have_text(said)
    owner = visit()
    page = owner.opens("/")
    owner.asks(WITHDRAW)
    page.go_back()
    page.wait_for_selector(".examples")
    expect(page.locator(".turn")).to_have_count(0)


def test_the_region_chosen_once_is_remembered(visit):
    owner = visit()
    page = owner.opens("/")
    owner.asks("约谈一般在什么情况下进行？", region="舟山")
    expect(page.locator("#ask summary")).to_contain_text("舟山")
    owner.opens("/")
    assert "舟山" in page.input_value("#region")


def test_the_reply_is_read_out_and_gets_the_focus(visit):
    owner = visit()
    page = owner.opens("/")
    owner.asks(WITHDRAW)
    owner.waits_for_focus("a1")
    assert page.locator("#live[role=status]").text_content().strip()


def test_on_a_phone_a_clause_opens_below_its_line(visit):
    owner = visit(viewport=PHONE)
    page = owner.opens("/")
    owner.asks(WITHDRAW)
    mark = page.locator("#a1 .answer-text .mark").first
    mark.click()
    opened = page.locator(".opened")
    expect(opened.locator(".clause-text")).to_be_visible()
    assert mark.get_attribute("aria-expanded") == "true"
    opened.locator("button").click()
    expect(page.locator(".opened")).to_have_count(0)
    assert owner.overflows() <= 0


def test_what_is_copied_carries_the_ai_notice(visit):
    owner = visit(permissions=["clipboard-read", "clipboard-write"])
    page = owner.opens("/")
    owner.asks(WITHDRAW)
    page.click("#a1 [data-copy]")
    page.wait_for_selector("#a1 [data-copy]:has-text('已复制')")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.endswith("本回答由智能助手自动生成，仅供参考，以执法机关的决定为准")
    assert "[1]" in copied


def test_an_answer_that_does_not_help_can_be_told_why(visit):
    owner = visit()
    page = owner.opens("/")
    owner.asks(WITHDRAW)
    page.click("#a1 .feedback summary")
    page.check("#a1 input[value=unclear]")
    page.click("#a1 .feedback-more .choice")
    page.wait_for_selector("#a1 .thanks")


def test_an_unknown_region_is_told_and_nothing_is_lost(visit):
    owner = visit(expected="422")
    page = owner.opens("/")
    page.fill("#question", WITHDRAW)
    page.fill("#region", "天宫区")
    page.click("#ask .button")
    page.wait_for_selector("#trouble:focus")
    assert page.input_value("#question") == WITHDRAW
    assert page.locator("#region-wrong").inner_text()


def test_when_the_service_cannot_be_reached_the_question_stays(visit):
    owner = visit(expected="ERR_FAILED")
    page = owner.opens("/")
    page.route("**/api/v1/questions", lambda route: route.abort())
    page.fill("#question", WITHDRAW)
    page.click("#ask .button")
    page.wait_for_selector("#ask-trouble:not([hidden])")
    assert page.input_value("#question") == WITHDRAW
    expect(page.locator(".pending")).to_have_count(0)


def test_asking_in_english_is_answered_in_english(visit):
    owner = visit(locale="en-GB")
    page = owner.opens("/")
    assert page.locator("html").get_attribute("lang") == "en"
    owner.asks("Can I withdraw my application in Zhanhe?")
    assert page.locator("#a1 .answer-text").get_attribute("lang") == "en"
    assert page.locator("#a1 .clause-text").first.get_attribute("lang") == "zh-CN"
