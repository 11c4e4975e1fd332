"""What an editor does with a file that came in: one commit and one event of the journal each.

A file that is refused leaves nothing behind. What is kept belongs to the editor who brought it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, undefer

from portal import journal
from portal.database import now
from portal.errors import FieldError, FieldErrors, Problem
from portal.library.desk.drafts import draft_of, holders, start_draft
from portal.library.desk.models import Draft
from portal.library.details import ImportRefusedError
from portal.library.readings import FileText, text_of

from .drafted import values_of
from .limits import MIB, limits
from .models import PendingImport
from .preview import preview
from .recognising import recognise
from .saved import drop_saved, forget_saved, remember_saved

SWEEPER = "setup"
WRONG_ROWS_TOLD = 10


class DraftHeld(Problem):
    """Another draft of the same document is open; ``who`` holds it."""

    slug = "draft_held"


class NothingNew(Problem):
    """The public sees exactly this text already."""

    slug = "nothing_new"


@dataclass(frozen=True, slots=True)
class Sent:
    """A file as it came in, with the fields that were typed along with it."""

    name: str
    content: bytes
    typed: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Refused:
    """A file that was not kept, and why, in one sentence."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Received:
    kept: tuple[PendingImport, ...] = ()
    refused: tuple[Refused, ...] = ()


def receive(session: Session, sent: Iterable[Sent], *, actor: str) -> Received:
    """Keeps what can be read, each file by itself; of the others it is told why not, and nothing is kept."""
    kept: list[PendingImport] = []
    refused: list[Refused] = []
    waiting = session.scalar(
        select(func.count()).select_from(PendingImport).where(PendingImport.owner == actor)
    )
    for one in sent:
        try:
            if (waiting or 0) + len(kept) >= limits().waiting:
                raise ImportRefusedError(f"{one.name}：等待处理的已有 {limits().waiting} 份，请先处理一些。")
            kept.append(_kept(session, one, actor))
        except ImportRefusedError as error:
            refused.append(Refused(one.name, str(error)))
    if kept:
        session.commit()
    else:
        session.rollback()
    return Received(tuple(kept), tuple(refused))


def _kept(session: Session, one: Sent, actor: str) -> PendingImport:
    if len(one.content) > limits().file_mib * MIB:
        raise ImportRefusedError(f"{one.name}：文件超过 {limits().file_mib} MB，请拆分后再导入。")
    text = text_of(one.name, one.content)
    pending = _waiting(text, one, recognise(session, text), actor)
    session.add(pending)
    session.flush()
    forget_saved(session, pending)
    detail = {"file": pending.sha256, "size": pending.size}
    journal.append(session, actor, "import.received", subject(pending), detail)
    return pending


def _waiting(text: FileText, one: Sent, recognised: dict[str, str], actor: str) -> PendingImport:
    typed = {name: value for name, value in one.typed.items() if value}
    return PendingImport(
        owner=actor,
        name=text.name,
        title=typed.get("title") or recognised["title"],
        sha256=hashlib.sha256(text.content).hexdigest(),
        size=len(text.content),
        content=text.content,
        said=text.to_json(),
        recognised=recognised,
        corrections=typed,
        dropped=[],
    )


def own_import(session: Session, number: int, *, owner: str) -> PendingImport | None:
    """An import that waits with an editor, with everything in it; None where it is another's or gone."""
    return session.scalar(
        select(PendingImport)
        .where(PendingImport.id == number, PendingImport.owner == owner)
        .options(undefer(PendingImport.content), undefer(PendingImport.said))
    )


def own_imports(session: Session, owner: str) -> list[PendingImport]:
    """What waits with an editor, the latest first."""
    mine = select(PendingImport).where(PendingImport.owner == owner)
    return list(session.scalars(mine.order_by(PendingImport.id.desc())))


def correct(
    session: Session, pending: PendingImport, typed: Mapping[str, str], dropped: Sequence[str], *, actor: str
) -> None:
    """Keeps what the editor typed, right or wrong, and what shall not come in."""
    before = values_of(pending)
    changed = sorted(name for name, value in typed.items() if before[name] != value)
    if not changed and list(dropped) == pending.dropped:
        return
    pending.corrections = {**pending.corrections, **{name: typed[name] for name in changed}}
    pending.dropped = list(dropped)
    pending.title = values_of(pending)["title"]
    pending.touched_at = now()
    detail = {"fields": changed, "dropped": len(pending.dropped)}
    journal.append(session, actor, "import.corrected", subject(pending), detail)
    session.commit()


def discard(session: Session, pending: PendingImport, *, actor: str) -> None:
    """Lets go of an import; nothing of it stays but the event."""
    journal.append(session, actor, "import.discarded", subject(pending), {"file": pending.sha256})
    session.delete(pending)
    session.commit()


def save_draft(session: Session, pending: PendingImport, *, actor: str) -> Draft:
    """Makes an import the open draft of its document. FieldErrors at the fields that do not do, DraftHeld
    where another draft is open, NothingNew for what the public sees already; the import then stays."""
    shown = preview(session, pending)
    errors = [*shown.fields.errors, *shown.fields.missing]
    if shown.other_kind:
        errors.append(FieldError("instrument", "import_other_kind"))
    if not shown.edition.clauses and not shown.edition.items:
        errors.append(FieldError("parts", "import_nothing_left"))
    if shown.wrong_rows:
        errors.append(FieldError("parts", "import_wrong_rows", {"rows": shown.wrong_rows[:WRONG_ROWS_TOLD]}))
    if errors:
        raise FieldErrors(errors=errors)
    if shown.held is not None:
        raise _held(session, shown.held)
    edition = shown.edition
    try:
        file = (pending.name, pending.content)
        draft = start_draft(session, edition, actor=actor, file=file, meant=shown.meant)
        if draft is None:
            session.rollback()
            raise NothingNew(title=edition.title)
        detail = {"digest": draft.edition.digest, "file": pending.sha256, "import": pending.id}
        journal.append(session, actor, "edition.drafted", edition.instrument, detail)
        remember_saved(session, pending, edition.instrument)
        session.delete(pending)
        session.commit()
    except IntegrityError:  # someone else has opened one in this very moment
        session.rollback()
        other = draft_of(session, edition.instrument)
        if other is None:
            raise
        raise _held(session, other) from None
    return draft


def sweep(session: Session) -> int:
    """Lets go of imports that nobody has touched for as long as the policy keeps them, and of what is known
    of those that became drafts as long ago; how many waited."""
    before = now() - timedelta(days=limits().pending_days)
    old = list(session.scalars(select(PendingImport).where(PendingImport.touched_at < before)))
    saved = drop_saved(session, before)
    if old or saved:
        imports = [pending.id for pending in old]
        detail = {"imports": imports, "saved": saved, "days": limits().pending_days}
        journal.append(session, SWEEPER, "import.swept", "imports", detail)
        for pending in old:
            session.delete(pending)
        session.commit()
    return len(old)


def subject(pending: PendingImport) -> str:
    """What the journal calls it."""
    return f"import:{pending.id}"


def _held(session: Session, draft: Draft) -> DraftHeld:
    who = "、".join(holders(session, draft))
    return DraftHeld(who=who, title=draft.edition.title)
