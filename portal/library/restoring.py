"""Restoring: an export becomes the release that the public sees, whole or not at all."""

from __future__ import annotations

import json
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, cast

from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from knowledge import record
from knowledge.edition import Edition
from knowledge.topic import Topic

from .desk.models import TopicAct, TopicChange
from .details import ImportRefusedError, read_details
from .export import EDITIONS, FORM, MANIFEST, SOURCES, TOPICS, file_name
from .importing import read_file
from .lock import publication_lock
from .models import EditionRow, EditionState, InstrumentRow, Origin, Release, ReleaseAct
from .publication import Outcome, make_release
from .record import keep_edition
from .shelving import Shelving


@dataclass(frozen=True, slots=True)
class Exported:
    """One edition of an export with the file it was read from."""

    edition: Edition
    digest: str
    origin: Origin
    file: tuple[str, bytes] | None


@dataclass(frozen=True, slots=True)
class Export:
    """``own`` are the topics that editors took in hand: id, act and content of the last change."""

    editions: tuple[Exported, ...]
    topics: dict[str, Topic]
    own: tuple[tuple[str, TopicAct, dict[str, object]], ...]


def read_export(folder: Path) -> Export:
    """The knowledge that an export holds; ImportRefusedError, in one sentence, for one that is not whole."""
    manifest = _json(MANIFEST, _file(folder, MANIFEST))
    try:
        if manifest["form"] != FORM:
            raise ImportRefusedError(f"{MANIFEST} 的格式是 {manifest['form']}，这一版只认 {FORM}。")
        files = {str(name): _checked(folder, str(name), str(d)) for name, d in manifest["files"].items()}
        topics, own = _topics(files[TOPICS])
        names = sorted(name for name in files if name.startswith(f"{EDITIONS}/"))
        return Export(tuple(_edition(name, files) for name in names), topics, own)
    except (KeyError, TypeError, ValueError, AttributeError):
        raise ImportRefusedError(f"{folder} 不是完整的导出，没有改动任何内容。") from None


def restore(session: Session, shelving: Shelving, export: Export, *, actor: str) -> Outcome:
    """One release with exactly what an export holds, past the review steps as every act of the operator.

    What was published before stays in the record and can be rolled back to.
    """
    with publication_lock(session) as lock:
        _check_kinds(session, export)
        known = _published(session)
        rows = [known.get(_key(one)) or _kept(session, one, actor) for one in export.editions]
        release = make_release(session, shelving, rows, export.topics, act=ReleaseAct.RESTORE, actor=actor)
        _keep_own_topics(session, export, release, actor)
        lock.release_with_commit()
        return Outcome(release.number, tuple(row.instrument_id for row in rows))


def _file(folder: Path, name: str) -> bytes:
    path = folder / name
    if not path.resolve().is_relative_to(folder.resolve()):
        raise ImportRefusedError(f"{MANIFEST} 里的“{name}”不在这个文件夹里。")
    return read_file(path)


def _checked(folder: Path, name: str, digest: str) -> bytes:
    content = _file(folder, name)
    if sha256(content).hexdigest() != digest:
        raise ImportRefusedError(f"{name} 与 {MANIFEST} 记的校验值不符，可能被改动过。")
    return content


def _json(name: str, content: bytes) -> dict[str, Any]:
    try:
        value = json.loads(content)
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict):
        raise ImportRefusedError(f"{name} 不是有效的 JSON。")
    return value


def _edition(name: str, files: dict[str, bytes]) -> Exported:
    told = _json(name, files[name])
    edition = record.edition_from_json(told["edition"])
    named = name == f"{EDITIONS}/{file_name(edition)}" and read_details({"instrument": edition.instrument})
    if not named or record.digest(edition) != told["digest"]:
        raise ImportRefusedError(f"{name} 的内容与它的校验值或文件名不符。")
    source = told["source"]
    file = (str(source["name"]), files[f"{SOURCES}/{source['sha256']}"]) if source else None
    return Exported(edition, str(told["digest"]), Origin(told["origin"]), file)


def _topics(
    content: bytes,
) -> tuple[dict[str, Topic], tuple[tuple[str, TopicAct, dict[str, object]], ...]]:
    told = _json(TOPICS, content)
    topics = [cast(Topic, record.from_json(Topic, topic)) for topic in told["topics"]]
    own = tuple((str(c["id"]), TopicAct(c["act"]), dict(c["content"])) for c in told["own"])
    return {topic.id: topic for topic in topics}, own


def _check_kinds(session: Session, export: Export) -> None:
    for one in export.editions:
        known = session.get(InstrumentRow, one.edition.instrument)
        is_list = one.edition.kind.value == "list"
        if known is not None and (known.kind == "list") != is_list:
            raise ImportRefusedError(f"编号“{one.edition.instrument}”在这里已用于另一类文件。")


def _key(one: Exported) -> tuple[str, str, str]:
    return one.digest, one.origin.value, sha256(one.file[1]).hexdigest() if one.file else ""


def _published(session: Session) -> dict[tuple[str, str, str], EditionRow]:
    """Editions that were published here before, by what tells one from another."""
    rows = session.scalars(
        select(EditionRow)
        .where(EditionRow.published_at.is_not(None))
        .options(undefer(EditionRow.content))
        .order_by(EditionRow.id)
    )
    return {(row.digest, row.origin, row.source.sha256 if row.source else ""): row for row in rows}


def _kept(session: Session, one: Exported, actor: str) -> EditionRow:
    """Not as a draft: of a restoring that breaks off nothing shall wait to be published."""
    return keep_edition(
        session,
        one.edition,
        origin=one.origin,
        author=actor,
        file=one.file,
        state=EditionState.SUPERSEDED,
    )


def _keep_own_topics(session: Session, export: Export, release: Release, actor: str) -> None:
    """Tells the set-up that these topics are the editors', so that those that ship leave them alone."""
    for topic, act, content in export.own:
        session.add(
            TopicChange(
                topic_id=topic,
                act=act.value,
                state=EditionState.PUBLISHED.value,
                content=content,
                authors=[actor],
                release=release.number,
            )
        )
