"""A job of publishing as the record keeps it: who asked for what, how far it is, and what became of it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.database import Base, Moment, now


class JobAct(StrEnum):
    PUBLISH = "publish"
    CHECK = "check"
    ROLLBACK = "rollback"


class JobState(StrEnum):
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    REFUSED = "refused"
    BROKEN = "broken"


class ReleaseJob(Base):
    """One press of a button: publish or check ``subjects``, called ``titles``, as ``seen`` shows them, or go
    back to the content of ``of_release``; in the name of ``asked_by``.

    ``content`` names exactly this wish, ``once`` the form it came by until it is refused, so that the same
    form is one job. ``worker`` is the process that does it, last heard of at ``beat_at``, at ``part`` of
    ``parts`` of ``stage``. ``release`` is written with the release itself, in one commit; ``check`` is the
    number of a check, which may be swept; ``problem`` is why it was refused, as the page tells it.
    """

    __tablename__ = "release_jobs"

    id: Mapped[int] = mapped_column(primary_key=True)
    act: Mapped[str] = mapped_column(String(10))
    asked_by: Mapped[str] = mapped_column(String(100))
    asked_at: Mapped[datetime] = mapped_column(Moment, default=now)
    subjects: Mapped[list[str]] = mapped_column(JSON, default=list)
    titles: Mapped[list[str]] = mapped_column(JSON, default=list)
    seen: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    of_release: Mapped[int | None] = mapped_column(ForeignKey("releases.number"))
    reason: Mapped[str] = mapped_column(String(500), default="")
    content: Mapped[str] = mapped_column(String(64), index=True)
    once: Mapped[str | None] = mapped_column(String(64), unique=True)
    state: Mapped[str] = mapped_column(String(10), default=JobState.WAITING.value, index=True)
    begun_at: Mapped[datetime | None] = mapped_column(Moment)
    beat_at: Mapped[datetime | None] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    worker: Mapped[str] = mapped_column(String(100), default="")
    stage: Mapped[str] = mapped_column(String(20), default="")
    part: Mapped[int] = mapped_column(default=0)
    parts: Mapped[int] = mapped_column(default=0)
    release: Mapped[int | None] = mapped_column(ForeignKey("releases.number"))
    check: Mapped[int | None] = mapped_column("check_number")
    problem: Mapped[dict[str, Any] | None] = mapped_column(JSON)
