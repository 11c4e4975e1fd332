"""The search as a LangChain retriever, for chains and tools that speak LangChain. The only file that does."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Protocol, runtime_checkable

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict, Field

from .edition import Edition
from .search import Hit


@runtime_checkable
class Searchable(Protocol):
    """What is needed of ``knowledge.library.Knowledge``, which pydantic would else take apart."""

    @property
    def release(self) -> int: ...

    def edition(self, instrument: str, on: date) -> Edition | None: ...

    def search(
        self, query: str, *, regions: Sequence[str] | None, on: date, limit: int = 10
    ) -> tuple[Hit, ...]: ...


class ClauseRetriever(BaseRetriever):
    """Clauses in force that answer a query, for one region or (None) for all, best first.

    The content of a document is the clause as it is cited; its metadata names document, section,
    region, release and score, so that an answer can be traced to what was published.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    knowledge: Searchable
    region: str | None = None
    limit: int = Field(default=5, ge=1)
    today: Callable[[], date] = date.today

    def _get_relevant_documents(
        self,
        query: str,
        *,
        run_manager: CallbackManagerForRetrieverRun,  # noqa: ARG002 - LangChain's signature
    ) -> list[Document]:
        on = self.today()
        regions = None if self.region is None else [self.region]
        hits = self.knowledge.search(query, regions=regions, on=on, limit=self.limit)
        return [self._document(hit, on) for hit in hits]

    def _document(self, hit: Hit, on: date) -> Document:
        edition = self.knowledge.edition(hit.ref.document, on)
        return Document(
            edition.full_text(hit.ref.section) if edition else "",
            id=str(hit.ref),
            metadata={
                "document": hit.ref.document,
                "section": hit.ref.section,
                "title": edition.title if edition else "",
                "region": hit.region,
                "release": self.knowledge.release,
                "score": hit.score,
            },
        )
