"""One publication at a time, over all processes and machines: a row of the database is the lock."""

from __future__ import annotations

import os
import secrets
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from sqlalchemy import CursorResult, or_, select, update
from sqlalchemy.orm import Session

from portal.database import now
from portal.policy import policy

from .models import PublicationLock


class LockedError(Exception):
    """Another publication is under way; the message is one sentence for the operator."""


class HeldLock:
    """The lock of one publication."""

    def __init__(self, session: Session, holder: str) -> None:
        self._session = session
        self._holder = holder
        self._held = True

    def release_with_commit(self) -> None:
        """Gives the lock back in the very commit that publishes; LockedError when it was lost meanwhile."""
        if not _set(self._session, self._holder, None):
            self._session.rollback()
            raise LockedError("发布用时过长，另一个发布已经接手；没有改动任何内容，请再试一次。")
        self._session.commit()
        self._held = False

    def give_back(self) -> None:
        """Gives the lock back when nothing was published."""
        if not self._held:
            return
        self._session.rollback()
        _set(self._session, self._holder, None)
        self._session.commit()


@contextmanager
def publication_lock(session: Session) -> Iterator[HeldLock]:
    """Takes the lock for a publication; raises LockedError at once when another one holds it."""
    holder = f"{this_process()}:{secrets.token_hex(4)}"
    _free_dead_holder(session)
    free = or_(PublicationLock.holder.is_(None), PublicationLock.until < now())
    values = {"holder": holder, "until": now() + timedelta(minutes=policy().lock_minutes)}
    taken = session.execute(update(PublicationLock).where(free).values(values))
    session.commit()
    assert isinstance(taken, CursorResult)
    if not taken.rowcount:
        raise LockedError("另一项发布、退回或者检查正在进行，请等它完成后再试。")
    lock = HeldLock(session, holder)
    try:
        yield lock
    finally:
        lock.give_back()


def _free_dead_holder(session: Session) -> None:
    """Frees the lock of a process of this machine that is no more, also where another one has its number."""
    holder = session.scalar(select(PublicationLock.holder))
    if holder is not None and is_gone(holder.rpartition(":")[0]):
        _set(session, holder, None)
        session.commit()


def this_process() -> str:
    """Names this process, on this machine and since it began."""
    return f"{socket.gethostname()}:{os.getpid()}:{_begun(os.getpid())}"


def is_gone(process: str) -> bool:
    """True for a process of this machine that is no more; of another machine's nothing is known."""
    host, _, rest = process.partition(":")
    pid, _, begun = rest.partition(":")
    return host == socket.gethostname() and pid.isdecimal() and not _lives(int(pid), begun)


def _lives(pid: int, begun: str) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return not begun or begun == _begun(pid)


def _begun(pid: int) -> str:
    """When a process began, in ticks since the machine did; empty where the system does not say. After a
    restart, a container gives out the same numbers again."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
    return stat.rpartition(")")[2].split()[19]


def _set(session: Session, holder: str, value: str | None) -> bool:
    changed = session.execute(
        update(PublicationLock).where(PublicationLock.holder == holder).values(holder=value, until=None)
    )
    assert isinstance(changed, CursorResult)
    return bool(changed.rowcount)
