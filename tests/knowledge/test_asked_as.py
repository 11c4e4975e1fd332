"""Ways of asking: enough of them, in everyday words and in English, and all our own."""

import json
import re
from collections import Counter

import pytest

from knowledge.topic import asked_as_of, load_asked_as, load_topics
from tests import shared_folder

from .starter import items_of, lists_on_record, sections_by_document, whole_clause, whole_clauses

SHARED = shared_folder()
CHINESE = re.compile("[\u4e00-\u9fff]")


def test_every_clause_of_a_notice_and_every_article_is_asked_in_six_ways():
    for document in sections_by_document():
        asked = Counter(
            whole_clause(document, way.ref.section) for way in load_asked_as() if way.ref.document == document
        )
        assert not [s for s in whole_clauses(document) if asked[s] < 6], document


def test_every_clause_of_a_notice_and_every_article_is_asked_in_english_too():
    for document in sections_by_document():
        english = {
            whole_clause(document, section)
            for section, questions in asked_as_of(document).items()
            if not all(CHINESE.search(question) for question in questions)
        }
        assert not set(whole_clauses(document)) - english, document


def test_every_way_of_asking_leads_to_clauses_and_items_that_exist():
    known = {d: set(s) for d, s in sections_by_document().items()}
    known |= {r["id"]: {item["item_no"] for item in items_of(r["id"])} for r in lists_on_record()}
    for way in load_asked_as():
        for ref in (way.ref, *way.also):
            assert ref.section in known[ref.document], way


def test_a_way_of_asking_counts_for_the_other_clauses_that_answer_it():
    way = next(w for w in load_asked_as() if w.also and w.also[0].document != w.ref.document)
    for ref in (way.ref, *way.also):
        assert way.question in asked_as_of(ref.document)[ref.section]


def test_no_clause_is_asked_the_same_way_twice():
    counted = Counter((way.question, way.ref) for way in load_asked_as())
    assert not [pair for pair, times in counted.items() if times > 1]


@pytest.mark.skipif(SHARED is None, reason="needs the material beside the checkout")
def test_nothing_was_taken_from_the_practice_questions():
    lines = (SHARED / "questions" / "practice.jsonl").read_text(encoding="utf-8").splitlines()
    practice = {json.loads(line)["question"].strip() for line in lines if line.strip()}
    ours = {way.question for way in load_asked_as()}
    ours |= {q for topic in load_topics().values() for q in topic.asked_as}
    assert not ours & practice
