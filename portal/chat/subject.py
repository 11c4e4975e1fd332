"""What a question is about, when it is asked from the library: one clause or list item."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from knowledge.edition import Edition
from knowledge.region import NATION
from portal.library.addresses import library_url
from portal.phrasing import section_words

if TYPE_CHECKING:
    from knowledge.library import Knowledge


@dataclass(frozen=True, slots=True)
class Subject:
    """A clause or item as the question box shows it. ``name`` is how the question names it."""

    title: str
    section: str
    text: str
    url: str
    name: str
    region: str


def subject(knowledge: Knowledge, document: str, section: str) -> Subject | None:
    """The clause or list item of an address; None where the library does not hold it."""
    edition = knowledge.any_edition(document) if document and section else None
    if edition is None:
        return None
    item = next((i for i in edition.items if i.number == section), None)
    text = item.matter if item else edition.full_text(section)
    if not text:
        return None
    name = text if item else f"《{edition.title}》{section_words(section)}"
    return Subject(edition.title, section, text, library_url(document, section), name, _region(edition))


def _region(edition: Edition) -> str:
    """The region that a document is for, where it is one and not the nation."""
    return edition.regions[0] if len(edition.regions) == 1 and edition.regions[0] != NATION else ""
