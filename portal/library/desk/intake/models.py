"""What an editor has brought in and not yet made a draft of."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, deferred, mapped_column

from portal.database import Base, Moment, now


class PendingImport(Base):
    """A file that waits with its editor (``owner``). ``said`` is what was read in it and ``recognised`` what
    it says of itself by field; ``corrections`` are the fields as the editor typed them, ``dropped`` the
    clauses and items that shall not come in. ``title`` is the title as it now stands."""

    __tablename__ = "pending_imports"

    id: Mapped[int] = mapped_column(primary_key=True)
    owner: Mapped[str] = mapped_column(String(100), index=True)
    name: Mapped[str] = mapped_column(Text)
    title: Mapped[str] = mapped_column(Text, default="")
    sha256: Mapped[str] = mapped_column(String(64))
    size: Mapped[int]
    content: Mapped[bytes] = deferred(mapped_column(LargeBinary, nullable=False))
    said: Mapped[dict[str, Any]] = deferred(mapped_column(JSON, nullable=False))
    recognised: Mapped[dict[str, str]] = mapped_column(JSON)
    corrections: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    dropped: Mapped[list[str]] = mapped_column(JSON, default=list)
    made_at: Mapped[datetime] = mapped_column(Moment, default=now)
    touched_at: Mapped[datetime] = mapped_column(Moment, default=now, index=True)


class PendingRow(Base):
    """One item of a list that waits, as its editor put it right: the fields of its form as they were typed,
    whether or not they will do yet. It goes with its import."""

    __tablename__ = "pending_rows"

    import_id: Mapped[int] = mapped_column(
        ForeignKey("pending_imports.id", ondelete="CASCADE"), primary_key=True
    )
    number: Mapped[str] = mapped_column(String(200), primary_key=True)
    typed: Mapped[dict[str, str]] = mapped_column(JSON)


class SavedImport(Base):
    """An import that became a draft: whose it was, and of which document it is the draft. ``number`` is what
    its address says, which a database may give again to an import of someone else."""

    __tablename__ = "saved_imports"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    owner: Mapped[str] = mapped_column(String(100), primary_key=True)
    instrument: Mapped[str] = mapped_column(String(64))
    title: Mapped[str] = mapped_column(Text)
    saved_at: Mapped[datetime] = mapped_column(Moment, default=now, index=True)
