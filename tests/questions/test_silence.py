"""A region is called silent only where its documents are: links nobody has confirmed are no proof of it."""

from __future__ import annotations

from datetime import date

import pytest

from bot import answer
from bot.question import Question
from bot.reply import ReplyStatus
from knowledge.edition import Edition
from knowledge.library import Knowledge
from knowledge.parse import parse_document
from knowledge.proposal import propose
from knowledge.query import Reader
from knowledge.starter import starter_editions, starter_topics
from tests.journeys.desk import NOTICE

from .test_golden import opened

NINGBO, WENZHOU = "浙江省/宁波市", "浙江省/温州市"
START, TALK = "二/（一）", "二/（二）"


def imported(instrument: str, region: str) -> Edition:
    """A city's notice as the import leaves it: topics proposed, none confirmed."""
    city = region.rpartition("/")[2]
    read = parse_document(NOTICE.format(city=city, short=city[0]).encode(), f"{instrument}.txt")
    edition = Edition(
        instrument,
        read.kind,
        read.title,
        region,
        document_number=read.document_number,
        issued_on=read.issued_on,
        in_force_from=read.issued_on,
        source=f"{instrument}.txt",
        clauses=read.clauses,
    )
    return propose(edition, starter_editions(), starter_topics(), Reader.load(None))


@pytest.fixture(scope="module")
def cities(tmp_path_factory: pytest.TempPathFactory) -> Knowledge:
    """Two cities whose notices have the same words."""
    both = (imported("ningbo", NINGBO), imported("wenzhou", WENZHOU))
    return opened(tmp_path_factory.mktemp("cities"), (*starter_editions(), *both))


@pytest.mark.parametrize(("instrument", "region"), [("ningbo", NINGBO), ("wenzhou", WENZHOU)])
@pytest.mark.parametrize(
    ("question", "section"),
    [
        ("申请以后可以撤回吗", START),
        ("能不能撤回申请", START),
        ("可以变更申请吗", START),
        ("不接受柔性执法可以吗", START),
        ("约谈可以请人陪同吗", TALK),
    ],
)
def test_each_city_is_answered_from_its_own_notice(
    cities: Knowledge, instrument: str, region: str, question: str, section: str
):
    reply = answer(Question(question, region=region, on=date(2026, 11, 28)), cities)
    assert reply.status is ReplyStatus.ANSWERED
    assert f"{instrument}#{section}" in {str(cited.ref) for cited in reply.citations}


def test_what_a_notice_does_not_mention_it_is_still_silent_on(cities: Knowledge):
    reply = answer(Question("清单要不要报司法局备案", region=NINGBO, on=date(2026, 11, 28)), cities)
    assert reply.status is ReplyStatus.ABSTAINED
    assert not any(str(cited.ref).startswith("zhoushan#") for cited in reply.citations)
