"""A clause: the smallest piece of a document that can be cited."""

from __future__ import annotations

from dataclasses import dataclass

PREFACE_SECTIONS = ("题头", "前言", "落款")


@dataclass(frozen=True, slots=True, order=True)
class ClauseRef:
    """Names one clause: an instrument's id and a section path such as ``二/（三）/1``."""

    document: str
    section: str

    def __str__(self) -> str:
        return f"{self.document}#{self.section}"

    def covers(self, other: ClauseRef) -> bool:
        """True when ``other`` is this clause or stands below it."""
        return self.document == other.document and (
            self.section == other.section or other.section.startswith(self.section + "/")
        )


@dataclass(frozen=True, slots=True)
class Clause:
    """One numbered part of a document.

    ``text`` is the clause's own text as read, its printed number included; children are
    clauses of their own. ``heading`` is the short title that opens it, if it has one.
    ``plain`` is an editor's restatement in plain words (白话), ``plain_en`` the same in English,
    ``note`` tells a reader of a known slip or trap in the source. ``topics`` are the topic ids that an
    editor confirmed, ``proposed`` those that the import proposed and nobody has confirmed.
    ``asked_as`` holds ways of asking that this clause answers (问法), ``carried`` those that the import
    carried over from clauses like it and nobody has confirmed. ``chapter`` is the chapter an article
    stands in (``第二章/第一节``, itself a clause), which is no part of its section path.
    """

    section: str
    text: str
    heading: str = ""
    plain: str = ""
    topics: tuple[str, ...] = ()
    proposed: tuple[str, ...] = ()
    asked_as: tuple[str, ...] = ()
    note: str = ""
    chapter: str = ""
    plain_en: str = ""
    carried: tuple[str, ...] = ()

    @property
    def parent(self) -> str:
        """The section path one level up; empty for a top-level clause."""
        return self.section.rpartition("/")[0]

    @property
    def level(self) -> int:
        return self.section.count("/") + 1
