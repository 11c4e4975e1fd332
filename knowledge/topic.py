"""Topics (话题): the concepts of the field, and the many ways people ask about them (问法)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Topic:
    """A concept of the field, independent of any region.

    ``explanation`` says in plain words what it is; ``asked_as`` holds real ways of asking that
    belong to no single clause. ``parent`` is another topic's id, or empty.
    """

    id: str
    name: str
    explanation: str
    parent: str = ""
    name_en: str = ""
    explanation_en: str = ""
    asked_as: tuple[str, ...] = ()
