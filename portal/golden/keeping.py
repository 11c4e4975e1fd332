"""Keeping golden questions: added, changed, retired, brought in from a file and given out as one."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from knowledge import record
from portal import journal
from portal.database import now
from portal.errors import FieldError, FieldErrors, NotFound, Problem
from portal.policy import policy
from portal.wording import Language

from .models import GoldenRow, Source
from .question import GoldenFileError, GoldenQuestion, line_of, read_lines
from .validity import wrong_with

_NUMBERED = re.compile(r"g(\d{4,9})")


class GoldenChanged(Problem):
    """The question was changed by another after the form was opened."""

    slug = "golden_changed"


@dataclass(frozen=True, slots=True)
class Brought:
    """What a file brought: by name what is new and what is different now, and how many were there already."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    same: int


def enabled_questions(session: Session) -> tuple[GoldenQuestion, ...]:
    """Every golden question that is asked of a release, by name."""
    rows = session.scalars(select(GoldenRow).where(GoldenRow.enabled))
    return tuple(sorted((row.value for row in rows), key=lambda question: question.id))


def digest_of(questions: Iterable[GoldenQuestion]) -> str:
    """Names a set of golden questions; any change of one makes another."""
    return record.digest([line_of(question) for question in questions])


def find(session: Session, name: str) -> GoldenRow:
    row = session.scalar(select(GoldenRow).where(GoldenRow.name == name))
    if row is None:
        raise NotFound
    return row


def add(session: Session, question: GoldenQuestion, *, actor: str, source: Source = Source.PAGE) -> GoldenRow:
    """Keeps a new golden question; without a name it gets the next number. FieldErrors where it cannot be."""
    numbered = question if question.id else replace(question, id=_next_name(session))
    _need_right(numbered)
    _need_room(session)
    row = _new(numbered, actor, source)
    session.add(row)
    try:
        session.flush()
    except IntegrityError:
        session.rollback()
        raise FieldErrors(errors=[FieldError("name", "golden_name")]) from None
    return _done(session, row, "added", actor)


def edit(session: Session, row: GoldenRow, question: GoldenQuestion, *, seen: int, actor: str) -> GoldenRow:
    """Changes a golden question that the editor saw in version ``seen``; GoldenChanged where it moved on."""
    same_name = replace(question, id=row.name)
    _need_right(same_name)
    if row.version != seen:
        raise GoldenChanged
    row.take(same_name)
    return _done(session, row, "changed", actor)


def set_enabled(session: Session, row: GoldenRow, *, enabled: bool, actor: str) -> GoldenRow:
    """Retires a golden question, or has it asked again; nothing is done where it is so already."""
    if row.enabled == enabled:
        return row
    row.enabled = enabled
    return _done(session, row, "restored" if enabled else "retired", actor)


def keep_from_work(session: Session, question: GoldenQuestion, *, actor: str) -> GoldenRow:
    """Keeps the question by which an item of the work list is closed; the caller commits.

    Closing the item once more replaces it. FieldErrors where it cannot be kept.
    """
    row = session.scalar(select(GoldenRow).where(GoldenRow.name == question.id))
    if row is not None and row.source != Source.WORK_LIST.value:  # a file has a question of this name
        question, row = replace(question, id=_next_name(session)), None
    _need_right(question)
    if row is None:
        _need_room(session)
        row = _new(question, actor, Source.WORK_LIST)
        session.add(row)
        return _recorded(session, row, "added", actor)
    row.take(question)
    row.enabled = True
    return _recorded(session, row, "changed", actor)


def bring_in(session: Session, lines: Iterable[str], *, actor: str, source: Source) -> Brought:
    """Takes over the questions of a file, all of them or none; a known name is replaced, and asked again.

    GoldenFileError names the line that cannot be kept.
    """
    read = _readable(lines)
    held = {row.name: row for row in session.scalars(select(GoldenRow))}
    if len({*held, *(question.id for question in read)}) > policy().golden_most:
        raise GoldenFileError(f"核验问题最多保留 {policy().golden_most} 个。")
    added, changed = [], []
    for question in read:
        row = held.get(question.id)
        if row is None:
            session.add(_new(question, actor, source))
            added.append(question.id)
        elif row.value != question or not row.enabled:
            row.take(question)
            row.enabled, row.changed_by, row.changed_at = True, actor, now()
            changed.append(question.id)
    brought = Brought(tuple(added), tuple(changed), len(read) - len(added) - len(changed))
    if added or changed:
        _keep(session)
        detail = {"added": added, "changed": changed, "same": brought.same, "source": source.value}
        journal.append(session, actor, "golden.imported", "golden", detail)
        session.commit()
    return brought


def given_out(session: Session) -> str:
    """The golden questions that are asked, as a file of lines: the same questions, the same bytes."""
    return "".join(f"{line_of(question)}\n" for question in enabled_questions(session))


def _readable(lines: Iterable[str]) -> list[GoldenQuestion]:
    found: dict[str, GoldenQuestion] = {}
    for number, question in read_lines(lines):
        if errors := wrong_with(question):
            error = errors[0]
            told = error.text(Language.CHINESE)
            raise GoldenFileError(f"问题文件第 {number} 行的 {error.field}：{told}")
        if question.id in found:
            raise GoldenFileError(f"问题文件第 {number} 行的 id“{question.id}”前面已经有了。")
        found[question.id] = question
    if not found:
        raise GoldenFileError("问题文件里没有问题。")
    return list(found.values())


def _keep(session: Session) -> None:
    try:
        session.flush()
    except (IntegrityError, StaleDataError):
        session.rollback()
        raise GoldenFileError("另一个人刚改过这些核验问题，没有导入，请再试一次。") from None


def _new(question: GoldenQuestion, actor: str, source: Source) -> GoldenRow:
    row = GoldenRow(name=question.id, source=source.value, added_by=actor, changed_by=actor)
    row.take(question)
    return row


def _need_right(question: GoldenQuestion) -> None:
    if errors := wrong_with(question):
        raise FieldErrors(errors=errors)


def _next_name(session: Session) -> str:
    names = session.scalars(select(GoldenRow.name).where(GoldenRow.name.startswith("g")))
    numbers = (int(found[1]) for name in names if (found := _NUMBERED.fullmatch(name)))
    return f"g{max(numbers, default=0) + 1:04}"


def _need_room(session: Session) -> None:
    held = session.scalar(select(func.count()).select_from(GoldenRow)) or 0
    if held >= policy().golden_most:
        raise FieldErrors(errors=[FieldError("name", "golden_many", {"limit": policy().golden_most})])


def _done(session: Session, row: GoldenRow, act: str, actor: str) -> GoldenRow:
    _recorded(session, row, act, actor)
    session.commit()
    return row


def _recorded(session: Session, row: GoldenRow, act: str, actor: str) -> GoldenRow:
    if act != "added":
        row.changed_by, row.changed_at = actor, now()
    detail = {"digest": digest_of([row.value]), "region": row.region, "expect": row.expect}
    journal.append(session, actor, f"golden.{act}", f"golden:{row.name}", detail)
    return row
