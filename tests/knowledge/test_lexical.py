"""Terms and their scores."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.lexical import Shape, TermIndex, Terms, codes
from knowledge.lexicon import Lexicon
from knowledge.query import Reader

SHAPE = Shape(k1=0.9, b=0.4, average=20)
TERMS = Terms(np.zeros(0, np.int64), np.zeros(0, np.float32), 5.0)
TEXTS = ("撤回申请", "罚款可以分期缴纳", "约谈由两名执法人员进行", "平湛法政办〔2021〕13号")


def index(*texts: str) -> TermIndex:
    return TermIndex.build((codes(t) for t in texts), TERMS, SHAPE)


@settings(deadline=None)  # the first example imports the index
@given(others=st.lists(st.text(alphabet="撤回申请罚款分期约谈的了", min_size=1, max_size=40), max_size=6))
def test_a_score_does_not_depend_on_what_else_stands_on_the_shelf(others):
    query = codes("能撤回申请吗")
    alone = index(TEXTS[0]).scores(query)[0]
    among = index(TEXTS[0], *others).scores(query)[0]
    assert among == pytest.approx(alone, rel=1e-4)


def test_a_text_without_a_term_of_the_query_scores_nothing():
    assert index(*TEXTS).scores(codes("红烧肉")).tolist() == [0, 0, 0, 0]
    assert index(*TEXTS).scores(codes("")).tolist() == [0, 0, 0, 0]


def test_an_index_of_nothing_and_of_empty_texts_answers():
    assert index().scores(codes("撤回")).tolist() == []
    assert index("", "").scores(codes("撤回")).tolist() == [0, 0]
    assert index("", "撤回").scores(codes("撤回")).argmax() == 1


def test_the_document_number_finds_its_text_and_a_part_of_it_does_less():
    held = index("平湛法政办〔2021〕13号", "平湛法政办〔2021〕130号")
    whole, longer = held.scores(codes("13号"))
    assert whole > longer


def test_spaces_that_ocr_left_inside_words_do_not_part_them():
    assert set(codes("领导 小 组").tolist()) == set(codes("领导小组").tolist())


def test_full_width_and_capital_letters_are_read_as_plain_ones():
    assert codes("ＡＰＩ１２").tolist() == codes("api12").tolist()


def test_punctuation_parts_neighbours():
    assert len(codes("撤，回")) == 2
    assert len(codes("撤回")) == 3


def test_an_index_read_back_scores_the_same(tmp_path):
    built = index(*TEXTS)
    built.save(tmp_path)
    query = codes("罚款怎么分期")
    assert TermIndex.load(tmp_path).scores(query).tolist() == built.scores(query).tolist()


def test_common_words_weigh_less_than_telling_ones():
    reader = Reader.load(None)
    common, telling = reader.terms.weights(codes("的")), reader.terms.weights(codes("疫"))
    assert common[0] < telling[0] <= reader.terms.rarest


def test_what_is_typed_by_ear_sounds_the_same():
    sounds = Reader.load(None).sounds
    assert sounds.codes("城述申变").tolist() == sounds.codes("陈述申辩").tolist()
    assert sounds.codes("测回").tolist() == sounds.codes("撤回").tolist()
    assert sounds.codes("撤回").tolist() != sounds.codes("变更").tolist()


def test_everyday_words_widen_a_query_to_the_terms_they_mean():
    lexicon = Lexicon.of({"撤回": ["收回来"], "终止": ["stop", "收回来"]})
    assert lexicon.widen("交上去的能收回来吗") == ("撤回", "终止")
    assert lexicon.widen("please STOP it") == ("终止",)
    assert lexicon.widen("unstoppable") == ()
