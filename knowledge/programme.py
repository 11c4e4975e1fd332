"""A region's soft-enforcement programme: what its notice bars, requires and leaves unsaid (data, with clauses)."""

from __future__ import annotations

from dataclasses import dataclass, field
from collections.abc import Mapping

from .clause import ClauseRef


@dataclass(frozen=True, slots=True)
class Programme:
    """The rules of one region's notice that bear on a case.

    ``barred_sectors`` are outside the programme (湛河 二(一)); ``strict_sectors`` are enforced
    strictly yet not barred (盘锦 二(四), 黔江 三(三)); ``departments`` limits the notice to its
    issuer's own system (黔江 统计, 六安 城市管理), empty = every department.
    """

    region: str
    document: str
    departments: tuple[str, ...] = ()
    barred_sectors: Mapping[str, ClauseRef] = field(default_factory=dict)
    strict_sectors: Mapping[str, ClauseRef] = field(default_factory=dict)
    emergencies: ClauseRef | None = None
    high_risk: ClauseRef | None = None
    refused_correction: ClauseRef | None = None
    suspected_crime: ClauseRef | None = None
    exemption: ClauseRef | None = None
    warning: ClauseRef | None = None
    commitment: ClauseRef | None = None
