"""That a rule which ships with the portal is to be compared with a text that changed under it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from portal.database import Base, Moment, now
from portal.library.touch import Touch, touch_from, touch_json


class Result(StrEnum):
    """What a comparison found: the rule still says what the text says, or it does not."""

    HOLDS = "holds"
    DIFFERS = "differs"


class RuleCheck(Base):
    """One rule to be compared: ``parts`` is what differs between release ``against`` and release
    ``release``. ``open_for`` is the rule until the comparison found that it holds, so that a rule has one at
    a time; one that ``differs`` stays open, for the portal then still tells what the text no longer says.
    ``checked_by`` is who compared it last; nobody, where a later release brought the text back.
    """

    __tablename__ = "rule_checks"

    id: Mapped[int] = mapped_column(primary_key=True)
    rule: Mapped[str] = mapped_column(String(200), index=True)
    document: Mapped[str] = mapped_column(String(64))
    open_for: Mapped[str | None] = mapped_column(String(200), unique=True)
    against: Mapped[int] = mapped_column(ForeignKey("releases.number"))
    release: Mapped[int] = mapped_column(ForeignKey("releases.number"))
    parts: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    made_at: Mapped[datetime] = mapped_column(Moment, default=now)
    result: Mapped[str] = mapped_column(String(10), default="")
    remark: Mapped[str] = mapped_column(Text, default="")
    checked_by: Mapped[str] = mapped_column(String(100), default="")
    checked_at: Mapped[datetime | None] = mapped_column(Moment)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012

    @property
    def touches(self) -> tuple[Touch, ...]:
        return tuple(touch_from(part) for part in self.parts)

    def take(self, touches: Iterable[Touch], release: int) -> None:
        """From now on this is what differs, up to this release, and nobody has compared it."""
        self.parts, self.release, self.made_at = [touch_json(touch) for touch in touches], release, now()
        self.result = self.remark = self.checked_by = ""
        self.checked_at = None

    def compare(self, result: Result | None, remark: str, actor: str) -> None:
        """Records a comparison; without a ``result`` the text came back by itself."""
        self.result, self.remark = result.value if result else "", remark
        self.checked_by, self.checked_at = actor, now()
        if result is not Result.DIFFERS:
            self.open_for = None
