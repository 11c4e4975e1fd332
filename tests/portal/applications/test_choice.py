"""The notice of the right to choose: in a region's terms, versioned by its text."""

from __future__ import annotations

import pytest

from knowledge.programme import load_programmes
from portal.applications.choice import basis_url, method_ids, methods, notice, withdrawal_rule
from portal.wording import Language


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("region", [None, "北京市/朝阳区", *load_programmes()])
def test_every_notice_says_what_it_must(region: str | None, language: Language):
    text = notice(region, language).text
    must = {
        Language.CHINESE: ("由您自己选择", "不是加重处理的理由", "撤回", "期限和处罚程序停下来"),
        Language.ENGLISH: (
            "your own choice",
            "no reason to treat you more severely",
            "withdraw",
            "does not stop",
        ),
    }
    assert [words for words in must[language] if words not in text] == []
    assert len(text) < 4000


def test_the_version_follows_the_text_and_nothing_else():
    zhanhe, again = (notice("河南省/平顶山市/湛河区", Language.CHINESE) for _ in range(2))
    assert zhanhe.version == again.version
    others = {notice(region, language).version for region in load_programmes() for language in Language}
    assert len(others) == 2 * len(load_programmes())


def test_a_district_without_terms_of_its_own_is_told_its_citys():
    district, city = (notice(r, Language.CHINESE) for r in ("浙江省/舟山市/定海区", "浙江省/舟山市"))
    assert (district.text, district.region) == (city.text, "浙江省/舟山市/定海区")


@pytest.mark.parametrize("region", load_programmes())
def test_a_line_that_names_a_rule_rests_on_a_clause_of_the_regions_programme(region: str):
    programme = load_programmes()[region]
    for line in (*notice(region, Language.CHINESE).lines, withdrawal_rule(region, Language.CHINESE)):
        assert bool(line.rule) == bool(basis_url(programme, line.rule)), line


def test_only_where_the_notice_grants_withdrawal_does_the_portal_say_so():
    for region, programme in load_programmes().items():
        said = withdrawal_rule(region, Language.CHINESE).text
        assert ("应当准许" in said) == (programme.withdrawal is not None)
        assert ("没有写" in said) or programme.withdrawal


def test_a_partys_wishes_are_methods_of_its_region():
    for region in (None, *load_programmes()):
        offered = methods(region, Language.CHINESE)
        assert {method.id for method in offered} <= set(method_ids())
        assert all(method.name and method.hint for method in offered)
