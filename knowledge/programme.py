"""A region's soft-enforcement programme: what its notice bars, requires and leaves unsaid.

The rules are data (``sources/programmes.json``), each with the clause that says so.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from .clause import ClauseRef
from .exemption import ProgrammeFinding
from .situation import Situation

_FILE = Path(__file__).with_name("sources") / "programmes.json"


@dataclass(frozen=True, slots=True)
class Programme:
    """The rules of one region's notice that bear on a case.

    ``barred_sectors`` are outside the programme (湛河 二(一)); ``strict_sectors`` are enforced
    strictly yet not barred (盘锦 二(四), 黔江 三(三)); ``departments`` limits the notice to its
    issuer's own system (黔江 统计, 六安 城市管理) and ``sectors`` says the same in sector ids;
    ``without_case`` extends it to every minor act that needs no case (湛河 二(一));
    empty = every department. A rule the notice does not state is None.
    """

    region: str
    document: str
    departments: tuple[str, ...] = ()
    sectors: tuple[str, ...] = ()
    scope: ClauseRef | None = None
    barred_sectors: Mapping[str, ClauseRef] = field(default_factory=dict)
    strict_sectors: Mapping[str, ClauseRef] = field(default_factory=dict)
    emergencies: ClauseRef | None = None
    high_risk: ClauseRef | None = None
    refused_correction: ClauseRef | None = None
    suspected_crime: ClauseRef | None = None
    without_case: ClauseRef | None = None
    exemption: ClauseRef | None = None
    warning: ClauseRef | None = None
    commitment: ClauseRef | None = None
    study: ClauseRef | None = None
    repeat: ClauseRef | None = None
    first_offence: ClauseRef | None = None
    application: ClauseRef | None = None
    withdrawal: ClauseRef | None = None
    change: ClauseRef | None = None
    choice: ClauseRef | None = None
    termination: ClauseRef | None = None
    ordinary_procedure: ClauseRef | None = None
    opinion: ClauseRef | None = None
    simple_form: ClauseRef | None = None
    follow_up: ClauseRef | None = None
    archive: ClauseRef | None = None
    disclosure: ClauseRef | None = None

    def covers(self, situation: Situation, department: str = "") -> bool:
        """False only where what was told lies wholly outside the issuer's own system."""
        if not self.departments:
            return True
        if department:
            return any(name in department or department in name for name in self.departments)
        told = set(situation.sectors) - {"other"}
        return not told or not told.isdisjoint(self.sectors)

    def bar(self, situation: Situation, department: str = "") -> ProgrammeFinding:
        """Whether the notice keeps this case out of the programme; unknown while a ground is untold."""
        if not self.covers(situation, department):
            return ProgrammeFinding(citation=self.scope, reason="other_department", applies=False)
        strict = next((self.strict_sectors[s] for s in situation.sectors if s in self.strict_sectors), None)
        for sector in situation.sectors:
            if sector in self.barred_sectors:
                return ProgrammeFinding(True, self.barred_sectors[sector], f"sector:{sector}", strict=strict)
        missing: list[str] = []
        for fact, told, clause in (
            ("emergency_exploited", situation.emergency_exploited, self.emergencies),
            ("high_risk", situation.high_risk, self.high_risk),
        ):
            if clause is not None and told:
                return ProgrammeFinding(True, clause, fact, strict=strict)
            if clause is not None and told is None:
                missing.append(fact)
        undecided = bool(missing) or (bool(self.barred_sectors) and not situation.sectors)
        return ProgrammeFinding(None if undecided else False, missing=tuple(missing), strict=strict)


@cache
def load_programmes() -> Mapping[str, Programme]:
    """Every programme that ships, by region path."""
    entries = json.loads(_FILE.read_text(encoding="utf-8"))
    return {entry["region"]: _programme(entry) for entry in entries}


def _programme(entry: Mapping[str, Any]) -> Programme:
    """``barred_sectors`` and ``strict_sectors`` map a section to the sectors it names."""
    document = entry["document"]
    values: dict[str, Any] = {}
    for name, value in entry.items():
        if name in ("barred_sectors", "strict_sectors"):
            values[name] = {
                sector: ClauseRef(document, section)
                for section, sectors in value.items()
                for sector in sectors
            }
        elif name in ("departments", "sectors"):
            values[name] = tuple(value)
        elif name in ("region", "document"):
            values[name] = value
        else:
            values[name] = ClauseRef(document, value)
    return Programme(**values)
