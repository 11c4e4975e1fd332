"""The pages around the assistant, the choices kept in cookies, and what holds on every page."""

from dataclasses import replace

import pytest
from bs4 import BeautifulSoup

from .stage import make_turn, set_stage

ADDRESSES = (
    "/",
    "/?document=zhanhe&section=二/（三）/1",
    "/c/conversation-0000001",
    "/library",
    "/library?q=撤回&kind=notice",
    "/library/zhanhe",
    "/library/zhanhe/二/（三）",
    "/library/tax-cn-2021-06",
    "/library/tax-cn-2021-06/1",
    "/about",
    "/privacy",
    "/accessibility",
    "/help",
    "/apply",
    "/apply?region=湛河区",
    "/apply?region=天宫区",
    "/applications",
    "/no-such-page",
)


@pytest.fixture
def stage(tmp_path, monkeypatch):
    return set_stage(tmp_path, monkeypatch, [make_turn("case"), make_turn("english")])


def html_of(stage, address):
    return stage.app.test_client().get(address, headers={"Accept": "text/html"}).get_data(as_text=True)


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("address", ADDRESSES)
def test_every_page_is_sound(stage, address, language):
    joint = "&" if "?" in address else "?"
    page = BeautifulSoup(html_of(stage, f"{address}{joint}lang={language}"), "lxml")
    assert page.html["lang"] == {"zh": "zh-CN", "en": "en"}[language]
    assert page.title.text.strip()
    assert len(page.select("main")) == len(page.select("h1")) == 1
    ids = [tag["id"] for tag in page.select("[id]")]
    assert len(ids) == len(set(ids))
    assert page.select_one('.skip[href="#main"]')
    for field in page.select("input:not([type=hidden]):not([type=radio]), textarea, select"):
        assert page.select_one(f'label[for="{field["id"]}"]')
    for described in page.select("[aria-describedby], [aria-labelledby]"):
        names = f"{described.get('aria-describedby', '')} {described.get('aria-labelledby', '')}".split()
        assert set(names) <= set(ids)


@pytest.mark.parametrize("address", ADDRESSES)
def test_no_page_has_inline_scripts_or_styles_or_loads_from_elsewhere(stage, address):
    page = BeautifulSoup(html_of(stage, address), "lxml")
    assert not page.select("style, [style], [onclick], iframe")
    assert all(
        script.get("src", "").startswith("/static/") and not script.text for script in page.select("script")
    )
    loaded = [tag.get("href") or tag.get("src") for tag in page.select("link, script, img, use")]
    assert all(address.startswith(("/", "?")) for address in loaded)


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_form_that_posts_carries_its_token(tmp_path, monkeypatch, address):
    stage = set_stage(tmp_path, monkeypatch, [make_turn("case")])
    stage.app.config["WTF_CSRF_ENABLED"] = True
    page = BeautifulSoup(html_of(stage, address), "lxml")
    forms = page.select("form[method=post]")
    assert forms
    assert all(form.select_one("input[name=csrf_token][value]") for form in forms)


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_link_inside_a_page_leads_somewhere(stage, address):
    page = BeautifulSoup(html_of(stage, address), "lxml")
    ids = {tag["id"] for tag in page.select("[id]")}
    broken = [a["href"] for a in page.select('a[href^="#"]') if a["href"][1:] not in ids]
    assert broken == []


@pytest.mark.parametrize(("name", "value"), [("lang", "en"), ("text", "large"), ("theme", "dark")])
def test_a_choice_is_kept_and_leads_back(stage, name, value):
    client = stage.app.test_client()
    response = client.post("/preferences", data={name: value, "next": "/library?q=撤回"})
    assert response.status_code == 303
    assert response.location.startswith("/library?q=")
    assert client.get_cookie(name).value == value


def test_a_choice_shows_on_the_next_page(stage):
    client = stage.app.test_client()
    client.post("/preferences", data={"text": "large", "next": "/"})
    client.post("/preferences", data={"theme": "dark", "next": "/"})
    page = BeautifulSoup(client.get("/about").get_data(as_text=True), "lxml")
    assert page.html["data-text"] == "large"
    assert page.html["data-theme"] == "dark"
    assert page.select_one('button[name=text][value="standard"]')


@pytest.mark.parametrize(
    "elsewhere", ["https://example.org/", "//example.org", "/\\example.org", "", "javascript:1"]
)
def test_a_choice_never_leads_off_the_site(stage, elsewhere):
    response = stage.app.test_client().post("/preferences", data={"lang": "zh", "next": elsewhere})
    assert response.location == "/"


def test_a_choice_that_does_not_exist_is_not_kept(stage):
    client = stage.app.test_client()
    client.post("/preferences", data={"theme": "pink", "next": "/"})
    assert client.get_cookie("theme") is None


def test_switching_the_language_drops_it_from_the_address(stage):
    page = BeautifulSoup(html_of(stage, "/library?q=撤回&lang=en"), "lxml")
    assert page.select_one('.look [name="next"]')["value"] == "/library?q=%E6%92%A4%E5%9B%9E"


def test_the_operator_is_named_only_where_it_is_known(tmp_path, monkeypatch, stage):
    assert BeautifulSoup(html_of(stage, "/"), "lxml").select_one(".operator") is None
    named = set_stage(tmp_path, monkeypatch, operator="某区司法局", icp="某ICP备1号")
    foot = BeautifulSoup(html_of(named, "/"), "lxml").select_one(".operator")
    assert "某区司法局" in foot.text
    assert "某ICP备1号" in foot.text


def test_privacy_names_the_language_model_only_where_there_is_one(stage):
    assert "语言模型" not in BeautifulSoup(html_of(stage, "/privacy"), "lxml").main.text
    settings = replace(stage.app.extensions["rouwen.settings"], model="openai:example")
    stage.app.extensions["rouwen.settings"] = settings
    assert "语言模型" in BeautifulSoup(html_of(stage, "/privacy"), "lxml").main.text


def test_a_question_that_could_not_be_taken_is_given_back(stage):
    stage.app.config["WTF_CSRF_ENABLED"] = True
    form = {"question": "会罚吗？", "region": "湛河区", "csrf_token": "long gone"}
    response = stage.app.test_client().post("/ask", data=form, headers={"Accept": "text/html"})
    page = BeautifulSoup(response.get_data(as_text=True), "lxml")
    assert response.status_code == 400
    assert page.select_one("main textarea").text == "会罚吗？"
    assert page.select_one('main [name="region"]')["value"] == "湛河区"
    assert page.select_one('main [name="csrf_token"]')["value"] != "long gone"


def test_a_form_too_large_to_read_still_gets_a_page(stage):
    form = {"question": "长" * 40_000}
    response = stage.app.test_client().post("/ask", data=form, headers={"Accept": "text/html"})
    assert response.status_code == 413
    assert "<h1>" in response.get_data(as_text=True)
