"""Topics and ways of asking proposed for a document that nobody has linked."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from knowledge.card import clause_cards, item_cards
from knowledge.clause import Clause
from knowledge.edition import Edition, InstrumentKind
from knowledge.exemption import ListItem, ListOutcome
from knowledge.kinship import LINES
from knowledge.likeness import likeness
from knowledge.naming import without_names
from knowledge.proposal import count_proposals, is_linked, load_proposing, propose
from knowledge.query import Reader
from knowledge.starter import starter_digests, starter_topics
from knowledge.training.kinship import logistic

READER = Reader.load(None)
LEARNED = [edition for edition in starter_digests() if edition.instrument in ("zhanhe", "panjin")]
NEW = Edition(
    "jiangcheng",
    InstrumentKind.NOTICE,
    "江城市推行柔性执法工作办法",
    "广东省/阳江市",
    clauses=(
        Clause("一", "一、基本原则", heading="基本原则"),
        Clause("一/1", "1.教育先行原则。坚持处罚与教育相结合，先教育、后处罚。", heading="教育先行原则"),
        Clause("二", "二、办理程序", heading="办理程序"),
        Clause("二/1", "1.启动。当事人可以申请柔性执法，也可以变更、撤回申请。", heading="启动"),
        Clause("二/2", "2.备案。各部门每月将柔性执法开展情况报司法局备案。", heading="备案"),
    ),
)


@pytest.fixture(scope="module")
def proposed() -> Edition:
    return propose(NEW, LEARNED, starter_topics(), READER)


def test_a_new_notice_gets_topics_from_clauses_like_its_own(proposed: Edition):
    clause = proposed.clause("一/1")
    assert clause is not None
    assert "principle_education" in clause.proposed
    assert clause.topics == ()


def test_ways_of_asking_go_to_the_clause_that_answers_them(proposed: Edition):
    withdrawal = proposed.clause("二/1")
    education = proposed.clause("一/1")
    assert withdrawal is not None
    assert education is not None
    assert sum("撤" in question for question in withdrawal.carried) > 10
    assert not any("撤回" in question for question in education.carried)


def test_ways_of_asking_are_carried_over_without_the_names_of_their_region(proposed: Edition):
    carried = [question for clause in proposed.clauses for question in clause.carried]
    assert carried
    assert not any("湛河区" in question or "舟山市" in question for question in carried)


def test_what_an_editor_linked_stays_as_it_is():
    linked = replace(NEW.clauses[1], topics=("own",))
    edition = replace(NEW, clauses=(NEW.clauses[0], linked, *NEW.clauses[2:]))
    proposed = propose(edition, LEARNED, starter_topics(), READER)
    assert proposed.clauses[1] == linked
    assert count_proposals(edition, proposed) == len(NEW.clauses) - 1


def test_a_second_time_changes_nothing(proposed: Edition):
    assert propose(proposed, LEARNED, starter_topics(), READER) == proposed


def test_a_document_of_another_kind_takes_nothing_over():
    recipe = replace(
        NEW,
        title="红烧肉的做法",
        clauses=(Clause("一", "一、五花肉切块，冷水下锅。"), Clause("二", "二、炒糖色，加热水炖一小时。")),
    )
    assert propose(recipe, LEARNED, starter_topics(), READER) == recipe


def test_with_nothing_to_learn_from_nothing_is_proposed():
    assert propose(NEW, (), starter_topics(), READER) == NEW


def test_a_document_does_not_learn_from_its_own_earlier_edition():
    earlier = replace(NEW, clauses=tuple(replace(c, topics=("own",)) for c in NEW.clauses))
    assert propose(NEW, [earlier], {}, READER) == NEW


def test_an_item_on_the_same_matter_takes_over_what_the_other_is_asked():
    item = ListItem(
        "known", "1", "未按规定张贴营业执照", ListOutcome.SHALL_BE_EXEMPT, asked_as=("执照没挂墙上",)
    )
    known = Edition("known", InstrumentKind.LIST, "清单", "全国", items=(item,))
    same, other = (
        replace(item, list="new", asked_as=()),
        ListItem("new", "2", "未按期办理纳税申报", ListOutcome.SHALL_BE_EXEMPT),
    )
    new = Edition("new", InstrumentKind.LIST, "新清单", "浙江省/舟山市", items=(same, other))
    proposed = propose(new, [known], {}, READER)
    assert [i.carried for i in proposed.items] == [("执照没挂墙上",), ()]
    assert [card.confirmed for card in item_cards([proposed])] == [False, True]


def test_proposals_serve_unconfirmed_until_an_editor_takes_one(proposed: Edition):
    assert not any(card.confirmed for card in clause_cards([proposed]))
    taken = replace(proposed.clauses[1], topics=proposed.clauses[1].proposed)
    assert is_linked(taken)
    assert clause_cards([replace(proposed, clauses=(taken,))])[0].confirmed


def test_likeness_is_one_for_equal_texts_and_nothing_for_strangers():
    table = likeness(["撤回申请", "", "甲乙"], ["撤回申请", "丙丁"], READER.terms)
    assert table[0, 0] == pytest.approx(1, abs=1e-5)
    assert not table[1:].any()


def test_a_question_that_is_only_a_name_stays_whole():
    edition = replace(NEW, region="浙江省/舟山市")
    assert without_names("舟山", edition) == "舟山"
    assert without_names("舟山市的申请能撤吗", edition) == "申请能撤吗"


def test_the_thresholds_are_chances_and_every_line_has_a_weight():
    rules = load_proposing()
    assert len(rules.weights) == len(LINES)
    assert all(0 < chance < 1 for chance in (rules.topic_from, rules.alike_from, rules.same_kind_from))


def test_the_fit_finds_the_line_that_tells():
    lines = np.array([[x / 10, 1.0] for x in range(20)])
    weights = logistic(lines, np.array([x > 9 for x in range(20)]))
    assert weights[0] > 0 > weights[1]
