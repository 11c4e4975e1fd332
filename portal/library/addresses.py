"""Permanent addresses: every published document, clause, list item and topic has one."""

from __future__ import annotations

import re
from urllib.parse import quote


def section_anchor(section: str) -> str:
    """The ``id`` of a clause or list item on its document's page; equal sections only."""
    return "s-" + re.sub(r"[\s\"'<>&#%]", "_", section.replace("/", "-"))


def library_url(document: str, section: str = "") -> str:
    """The page of a document, at one of its sections where one is given."""
    page = f"/library/{quote(document, safe='')}"
    return f"{page}#{quote(section_anchor(section), safe='')}" if section else page


def topic_url(topic: str) -> str:
    """The page of a topic."""
    return f"/library/topics/{quote(topic, safe='')}"
