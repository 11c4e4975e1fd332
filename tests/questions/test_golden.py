"""Golden questions: written from the notices without a look at the code, judged as an outsider would.

Bars stand a little below what is reached: a change for the worse fails, a single question does not.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.forbidden import forbidden_statements
from knowledge.edition import Edition
from knowledge.embed import load_embedder
from knowledge.library import Knowledge, open_knowledge
from knowledge.programme import load_programmes
from knowledge.shelf import Store, build_shelf, by_region
from knowledge.starter import starter_editions, starter_topics
from portal.chat.golden import GoldenReport, run
from portal.golden.question import read_questions
from portal.library.annotations import with_annotations
from portal.library.importing import read_folder
from tests import shared_folder

GOLDEN = Path(__file__).with_name("golden.jsonl")
SHARED = shared_folder()


def opened(folder: Path, editions: tuple[Edition, ...]) -> Knowledge:
    embedder, store = load_embedder(), Store(folder)
    digests = [build_shelf(store, region, held, embedder) for region, held in by_region(editions).items()]
    programmes = load_programmes().values()
    return open_knowledge(folder, 1, digests, starter_topics(), embedder, None, programmes)


@pytest.fixture(scope="module")
def starter(tmp_path_factory: pytest.TempPathFactory) -> Knowledge:
    return opened(tmp_path_factory.mktemp("starter"), starter_editions())


@pytest.fixture(scope="module")
def official(tmp_path_factory: pytest.TempPathFactory) -> Knowledge:
    """The starter knowledge with the five real notices brought in over their digests."""
    if SHARED is None:
        pytest.skip("the real notices are not here")
    digests = {e.instrument: e for e in starter_editions()}
    read = (r.edition for r in read_folder(SHARED / "notices"))
    texts = tuple(with_annotations(e, digests.get(e.instrument)) for e in read)
    return opened(tmp_path_factory.mktemp("official"), (*starter_editions(), *texts))


def _cited(report: GoldenReport) -> float:
    asked = [j.cited for j in report.judgements if j.cited is not None]
    return sum(asked) / len(asked)


def _assert_nothing_forbidden(report: GoldenReport) -> None:
    for judgement in report.judgements:
        answer = judgement.reply["answer"]
        assert forbidden_statements(answer) == (), (judgement.question.id, answer)


def test_the_golden_questions_pass_on_the_starter_knowledge(starter: Knowledge):
    report = run(starter, None, read_questions(GOLDEN))
    assert report.share >= 0.88, "\n".join(report.lines())
    assert _cited(report) >= 0.93
    _assert_nothing_forbidden(report)


@pytest.mark.skipif(SHARED is None, reason="the practice questions are not here")
@pytest.mark.parametrize("kind", ["starter", "official"])
def test_the_practice_questions_pass_on_digests_and_on_official_texts(
    kind: str, request: pytest.FixtureRequest
):
    assert SHARED is not None
    report = run(request.getfixturevalue(kind), None, read_questions(SHARED / "questions" / "practice.jsonl"))
    assert report.share >= 0.9, "\n".join(report.lines())
    assert _cited(report) >= 0.95
    _assert_nothing_forbidden(report)
