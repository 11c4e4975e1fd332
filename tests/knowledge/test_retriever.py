"""The LangChain retriever over a release."""

from __future__ import annotations

import pytest

from tests.knowledge.shelving import HAVEN, TODAY, haven, hill, law, opened


@pytest.fixture
def retriever(tmp_path):
    from knowledge.retriever import ClauseRetriever

    library = opened(tmp_path, haven(), hill(), law())
    return ClauseRetriever(knowledge=library, region=HAVEN, limit=2, today=lambda: TODAY)


def test_documents_are_clauses_as_cited_with_where_they_stand(retriever):
    first = retriever.invoke("东西交上去了还能拿回来不")[0]
    assert first.page_content == "（一）当事人可以撤回申请，不需要说明理由。"
    assert first.id == "haven#一/（一）"
    assert {k: first.metadata[k] for k in ("document", "section", "region", "release")} == {
        "document": "haven",
        "section": "一/（一）",
        "region": HAVEN,
        "release": 1,
    }
    assert first.metadata["score"] > 0


def test_no_more_documents_come_than_asked_for_and_none_of_another_region(retriever):
    documents = retriever.invoke("撤回申请")
    assert len(documents) == 2
    assert {d.metadata["document"] for d in documents} <= {"haven", "law"}


def test_it_stands_in_a_chain(retriever):
    from langchain_core.runnables import RunnableLambda

    chain = retriever | RunnableLambda(lambda documents: [d.id for d in documents])
    assert chain.invoke("没钱交清罚款")[0] == "law#第一条"
