"""What an operator says of a file: flags and columns, read into typed values."""

from __future__ import annotations

import calendar
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date

from knowledge.region import AmbiguousRegion, UnknownRegion, resolve
from portal.days import written_parts

_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
RESERVED = ("topics",)
"""Addresses in the library that belong to no document."""


class ImportRefusedError(Exception):
    """The import cannot be done and nothing was changed; the message is one sentence."""


@dataclass(frozen=True, slots=True)
class Details:
    """What was said of a file; None where nothing was said and the file itself decides."""

    instrument: str | None = None
    title: str | None = None
    document_number: str | None = None
    issuer: str | None = None
    region: str | None = None
    department: str | None = None
    issued_on: date | None = None
    in_force_from: date | None = None
    in_force_to: date | None = None

    def told(self) -> dict[str, object]:
        """What was said, by name."""
        return {f.name: getattr(self, f.name) for f in fields(self) if getattr(self, f.name) is not None}

    def over(self, other: Details) -> Details:
        """These details, and those of ``other`` where these say nothing."""
        return replace(other, **self.told())  # type: ignore[arg-type]


def read_details(told: Mapping[str, str | None]) -> Details:
    """Typed details of raw ones; blank counts as not said. ImportRefusedError for what cannot be meant."""
    given = {name: value.strip() for name, value in told.items() if value and value.strip()}
    instrument = given.get("instrument")
    if instrument in RESERVED:
        raise ImportRefusedError(f"编号“{instrument}”另有用途，请换一个编号。")
    if instrument is not None and not _ID.fullmatch(instrument):
        raise ImportRefusedError(f"编号“{instrument}”应由小写字母、数字和连字符组成，最多 63 个字符。")
    details = Details(
        instrument=instrument,
        title=given.get("title"),
        document_number=given.get("document_number"),
        issuer=given.get("issuer"),
        region=read_region(given["region"]) if "region" in given else None,
        department=given.get("department"),
        issued_on=read_day(given.get("issued_on"), "发布日期"),
        in_force_from=read_day(given.get("in_force_from"), "施行日期"),
        in_force_to=read_day(given.get("in_force_to"), "失效日期", last=True),
    )
    begins = details.in_force_from or details.issued_on
    if begins and details.in_force_to and details.in_force_to < begins:
        raise ImportRefusedError("失效日期早于施行日期。")
    return details


def read_region(text: str) -> str:
    """The path of a region, or of several separated by 、."""
    try:
        return resolve(text)
    except (UnknownRegion, AmbiguousRegion) as error:
        names = f"（相近的有：{'、'.join(error.candidates)}）" if error.candidates else ""
        raise ImportRefusedError(f"{error}{names}") from None


def read_day(text: str | None, name: str, *, last: bool = False) -> date | None:
    """A day written ``2021``, ``2021-08``, ``2021-08-09`` or ``2021年8月9日``: the first it can mean, or the
    last."""
    if text is None:
        return None
    try:
        year, month, day = written_parts(text)
        if month is None:
            return date(year, 12, 31) if last else date(year, 1, 1)
        if day is None:
            day = calendar.monthrange(year, month)[1] if last else 1
        return date(year, month, day)
    except ValueError:
        raise ImportRefusedError(f"{name}“{text}”应写成 2021、2021-08 或 2021-08-09。") from None
