"""The statements that must never be made, and the sentences near them that are right."""

from __future__ import annotations

import pytest

from bot.forbidden import forbidden_statements

WRONG = [
    ("first_offence_is_always_exempt", "首次违法一定不罚。"),
    ("first_offence_is_always_exempt", "A first violation is always exempt."),
    ("listed_needs_no_correction", "只要在清单上就不用改正。"),
    ("unlisted_will_be_fined", "不在清单上就要罚。"),
    ("commitment_alone_exempts", "签了承诺书就免罚。"),
    ("must_accept_or_study", "当事人必须接受柔性执法。"),
    ("exempt_means_no_liability", "免罚就没有任何责任。"),
    ("definite_outcome", "您肯定不会被罚。"),
    ("definite_outcome", "结论：不予处罚"),
    ("definite_outcome", "You will definitely not be fined."),
    ("wrong_time_limit", "应当在15日内起诉。"),
    ("wrong_time_limit", "收到复议决定后60日内起诉。"),
    ("on_spot_penalty_straight_to_court", "对当场处罚决定可以直接向法院起诉。"),
    ("no_such_statute", "依据《中华人民共和国行政法》办理。"),
    ("old_article_number", "根据行政处罚法第27条，可以不予处罚。"),
]

RIGHT = [
    "初次违法不等于一定不罚，由执法机关决定。",
    "不在清单上，也不等于要罚。",
    "不在清单上不等于就要罚，符合《行政处罚法》第三十三条的，仍应或者可以不予处罚。",
    "签承诺书要自愿，它不是唯一的条件，也不能代替改正。",
    "是否接受柔性执法由您自己决定，不是必须接受柔性执法。",
    "免罚不免责：违法行为仍要改正，造成损失的仍要承担民事责任。",
    "对复议决定不服的，自收到复议决定书之日起15日内起诉。",
    "对当场作出的处罚决定不服的，不能直接起诉，应当先申请行政复议。",
    "没有名为《中华人民共和国行政法》的法律，这里疑似笔误。",
    "初次违法、危害后果轻微、及时改正的，可以不予处罚。",
    "From what you say, the penalty may be waived: the law says “may”, not “must”.",
]


@pytest.mark.parametrize(("name", "sentence"), WRONG)
def test_a_forbidden_statement_is_recognised(name: str, sentence: str):
    assert name in forbidden_statements(sentence)


@pytest.mark.parametrize("sentence", RIGHT)
def test_a_right_sentence_close_to_it_passes(sentence: str):
    assert forbidden_statements(sentence) == ()


def test_what_is_quoted_from_a_source_is_not_our_statement():
    assert forbidden_statements("方案要求学习“《中华人民共和国行政法》”等法律。") == ()
    assert forbidden_statements("原文：组织学习《中华人民共和国行政法》。") == ()
