"""Exports: the published knowledge as files that can be kept, compared, and published again elsewhere.

``knowledge.json`` names every other file by its digest; ``editions/`` holds one file an edition, ``sources/``
the files they were read from, under their digests, ``topics.json`` the topics and which of them editors
changed. The same knowledge always makes the same bytes, whatever database it stands in.
"""

from __future__ import annotations

import json
import shutil
from hashlib import sha256
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from knowledge import record
from knowledge.edition import Edition

from .desk.models import TopicChange
from .details import ImportRefusedError
from .models import EditionRow
from .record import current_release, edition_of, editions_now, topics_now

FORM = 1
MANIFEST = "knowledge.json"
TOPICS = "topics.json"
EDITIONS = "editions"
SOURCES = "sources"


def export(session: Session, folder: Path) -> int:
    """Writes what the public sees into a new folder, whole or not at all; how many editions that were.

    ImportRefusedError where the folder holds something already or cannot be written.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise ImportRefusedError(f"{folder} 不是空文件夹，请换一个。")
    if current_release(session) is None:
        raise ImportRefusedError("还没有发布过知识，没有可导出的内容。")
    files = exported_files(session)
    partial = folder.with_name(folder.name + ".partial")
    try:
        shutil.rmtree(partial, ignore_errors=True)
        for name, content in files.items():
            path = partial / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        if folder.exists():
            folder.rmdir()
        partial.rename(folder)
    except OSError:
        shutil.rmtree(partial, ignore_errors=True)
        raise ImportRefusedError(f"文件夹 {folder} 无法写入。") from None
    return sum(name.startswith(f"{EDITIONS}/") for name in files)


def exported_files(session: Session) -> dict[str, bytes]:
    """Every file of an export by its name."""
    files: dict[str, bytes] = {TOPICS: as_bytes(_topics(session))}
    for row in editions_now(session):
        edition = edition_of(row)
        files[f"{EDITIONS}/{file_name(edition)}"] = as_bytes(_edition(row, edition))
        if row.source is not None:
            files[f"{SOURCES}/{row.source.sha256}"] = row.source.content
    digests = {name: sha256(content).hexdigest() for name, content in sorted(files.items())}
    return {MANIFEST: as_bytes({"form": FORM, "files": digests}), **files}


def file_name(edition: Edition) -> str:
    """Instrument, first day and kind of text: what no two editions of one release share."""
    begins = edition.in_force_from or edition.issued_on
    return f"{edition.instrument}@{begins or 'undated'}{'~summary' if edition.digest else ''}.json"


def as_bytes(value: object) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode()


def _edition(row: EditionRow, edition: Edition) -> dict[str, Any]:
    source = {"name": row.source.name, "sha256": row.source.sha256} if row.source else None
    return {
        "digest": record.digest(edition),
        "origin": row.origin,
        "source": source,
        "edition": record.edition_to_json(edition),
    }


def _topics(session: Session) -> dict[str, Any]:
    """The topics in their order, and the last published change of each that editors took in hand."""
    changes = session.scalars(
        select(TopicChange).where(TopicChange.release.is_not(None)).order_by(TopicChange.id)
    )
    own = {c.topic_id: {"id": c.topic_id, "act": c.act, "content": c.content} for c in changes}
    topics = [record.to_json(topic) for topic in topics_now(session).values()]
    return {"topics": topics, "own": [own[topic] for topic in sorted(own)]}
