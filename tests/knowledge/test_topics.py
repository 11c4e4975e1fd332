"""Topics: explained, asked about in many ways, and carried by every clause; silence is what none carries."""

import re
from collections import Counter

import pytest

from knowledge.clause import ClauseRef
from knowledge.parse import parse_document
from knowledge.query import Reader
from knowledge.topic import lineage, load_topic_links, load_topics, silences, topics_of
from knowledge.topic_index import TopicIndex
from tests import shared_folder

from .starter import NOTICES, sections_by_document

PLACES = ("湛河", "舟山", "黔江", "盘锦", "六安", "平顶山")
SHARED = shared_folder()
needs_shared = pytest.mark.skipif(SHARED is None, reason="needs the material beside the checkout")


def test_every_topic_is_explained_in_both_languages_and_hangs_under_another():
    topics = load_topics()
    for topic in topics.values():
        assert all([topic.name, topic.name_en, topic.explanation, topic.explanation_en]), topic.id
        assert re.fullmatch(r"[a-z][a-z0-9_]*", topic.id)
        assert not topic.parent or topic.parent in topics
        assert topics[lineage(topic.id, topics)[-1]].parent == "", f"{topic.id} stands in a circle"


def test_every_topic_is_asked_in_ten_ways_that_name_no_region():
    for topic in load_topics().values():
        assert len(topic.asked_as) >= 10, topic.id
        assert not [q for q in topic.asked_as if any(place in q for place in PLACES)]


def test_no_way_of_asking_belongs_to_two_topics():
    counted = Counter(q for topic in load_topics().values() for q in topic.asked_as)
    assert not [q for q, times in counted.items() if times > 1]


def test_only_topics_that_exist_are_carried():
    carried = {t for sections in load_topic_links().values() for ids in sections.values() for t in ids}
    assert carried <= set(load_topics())


def test_every_clause_of_the_starter_knowledge_carries_a_topic():
    for document, sections in sections_by_document().items():
        assert not [s for s in sections if not topics_of(ClauseRef(document, s))], document


def test_every_link_leads_to_a_clause_of_the_starter_knowledge():
    sections = sections_by_document()
    for document, links in load_topic_links().items():
        assert set(links) <= set(sections[document]), document


@needs_shared
@pytest.mark.parametrize("notice", NOTICES)
def test_every_clause_of_a_real_notice_carries_a_topic_and_every_link_leads_to_one(notice):
    file = SHARED / "notices" / f"{notice}.txt"
    parsed = {clause.section for clause in parse_document(file.read_bytes(), file.name).clauses}
    assert parsed == set(load_topic_links()[notice])


def test_a_paragraph_without_topics_of_its_own_carries_its_articles():
    links = {"law": {"第五条": ("basis",), "第六条": ("scope",), "第六条/第一款": ("methods",)}}
    assert topics_of(ClauseRef("law", "第五条/第二款"), links) == ("basis",)
    assert topics_of(ClauseRef("law", "第六条/第一款"), links) == ("methods",)
    assert topics_of(ClauseRef("law", "二/（一）"), links) == ()


SPEAKS = {
    "withdrawal": "zhanhe zhoushan",
    "change": "zhanhe zhoushan",
    "who_may_start": "zhanhe zhoushan",
    "right_to_choose": "zhanhe zhoushan qianjiang",
    "no_forcing": "qianjiang",
    "decline_or_stop": "zhanhe zhoushan",
    "termination": "zhanhe zhoushan",
    "ordinary_procedure": "zhoushan",
    "excluded_fields": "zhanhe",
    "strict_fields": "qianjiang panjin",
    "emergencies": "zhanhe qianjiang panjin",
    "high_risk": "qianjiang panjin",
    "refused_correction": "qianjiang panjin",
    "crime_transfer": "qianjiang panjin",
    "commitment": "zhoushan panjin luan",
    "learning": "qianjiang panjin",
    "observation_period": "panjin",
    "repeat_offence": "zhanhe panjin",
    "first_offence_definition": "luan",
    "exemption_decision": "zhoushan",
    "not_on_list": "zhoushan",
    "opinion_document": "zhanhe zhoushan",
    "simple_forms": "zhanhe zhoushan",
    "delivery": "zhanhe zhoushan",
    "mediation": "luan",
    "list_filing": "zhoushan",
    "statistics_reports": "zhanhe zhoushan luan",
    "filing_to_justice_bureau": "zhanhe zhoushan luan",
    "archive": "zhanhe zhoushan panjin luan",
    "method_721": "panjin luan",
    "three_systems": "luan",
    "service_for_fine": "zhoushan",
    "etiquette": "zhoushan luan",
    "document_number": "zhanhe zhoushan luan",
    "handling_deadline": "",
    "application_materials": "",
    "effect_of_application": "",
}


@pytest.mark.parametrize(("topic", "speaking"), SPEAKS.items())
def test_regions_are_silent_where_their_notice_is(topic, speaking):
    assert {n for n in NOTICES if topic not in silences([n])} == set(speaking.split())


def test_a_region_that_carries_a_narrower_topic_is_not_silent_on_the_wider_one():
    links = {"notice": {"一": ("joint_interview",)}}
    silent = silences(["notice"], links)
    assert not {"interview", "methods"} & silent
    assert "mediation" in silent


def test_national_law_speaks_where_a_notice_is_silent():
    assert "crime_transfer" in silences(["zhanhe"])
    assert "crime_transfer" not in silences(["zhanhe", "apl2021"])


UNSEEN = {
    "我交的申请想收回，咋弄": "withdrawal",
    "已经递的申请还能改内容不": "change",
    "不接受你们这套柔性的行不": "right_to_choose",
    "我就要走正式的程序": "ordinary_procedure",
    "哪些行业是排除在柔性执法之外的": "excluded_fields",
    "约谈一般是因为什么事": "interview",
    "意见书里得写哪些东西": "opinion_document",
    "文号给我一下": "document_number",
    "归档要装哪些材料": "archive",
    "新清单多少天内备案": "list_filing",
    "什么叫首违不罚": "first_offence",
    "罚款能分几次交么": "instalments",
    "过了两年才查到还罚吗": "limitation_period",
    "承诺书签了就一定不罚么": "commitment",
    "做志愿者能顶罚款么": "service_for_fine",
    "721怎么分": "method_721",
    "复议要在多少天里提": "reconsideration",
    "起诉期限是多久": "litigation",
    "执法人员一个人来查行吗": "evidence_procedure",
    "趁疫情乱涨价还能柔性吗": "emergencies",
    "How can I withdraw the application?": "withdrawal",
    "Who decides whether I accept soft enforcement?": "right_to_choose",
    "纠纷能不能请他们调解": "mediation",
    "清单上没写我这种情况": "not_on_list",
    "月报年报怎么报": "statistics_reports",
}


def test_most_everyday_questions_lie_nearest_to_their_topic():
    reader = Reader.load(None)
    index = TopicIndex.build(load_topics().values(), reader)
    nearest = {question: index.near(reader.read(question)) for question in UNSEEN}
    found = [q for q, near in nearest.items() if max(near, key=near.__getitem__) == UNSEEN[q]]
    among_three = [q for q, near in nearest.items() if UNSEEN[q] in sorted(near, key=near.__getitem__)[-3:]]
    assert len(found) >= 0.75 * len(UNSEEN), sorted(set(UNSEEN) - set(found))
    assert len(among_three) >= 0.9 * len(UNSEEN), sorted(set(UNSEEN) - set(among_three))
