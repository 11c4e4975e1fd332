"""An act on a draft: tried anew when another editor was quicker, told to the journal, committed once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified
from sqlalchemy.orm.exc import StaleDataError

from portal import journal

from .drafts import needed_draft, sign
from .models import Draft

ATTEMPTS = 5


@dataclass(frozen=True, slots=True)
class Entry:
    """What the journal is told of a change."""

    act: str
    subject: str
    detail: Mapping[str, object]


def act_on_draft(
    session: Session, instrument: str, act: Callable[[Draft], Entry | None], *, actor: str
) -> None:
    """Does ``act`` on the draft while it is being written; nothing where ``act`` finds nothing to do.

    The draft is claimed first: whoever else changes it, or hands it in, at the same time goes before or
    after, never in between. DraftMoved and NotFound as ``needed_draft`` raises them.
    """
    for attempt in range(ATTEMPTS):
        draft = needed_draft(session, instrument)
        try:
            _claim(session, draft)
            entry = act(draft)
            if entry is None:
                session.rollback()
                return
            sign(draft, actor)
            journal.append(session, actor, entry.act, entry.subject, entry.detail)
            session.commit()
        except StaleDataError:
            session.rollback()
            if attempt == ATTEMPTS - 1:
                raise
            continue
        except Exception:
            session.rollback()
            raise
        return


def _claim(session: Session, draft: Draft) -> None:
    """Counts the version of the draft up, which fails where it was changed since it was read."""
    flag_modified(draft.edition, "digest")
    session.flush()
