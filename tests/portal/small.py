"""A small library in a throw-away data folder, quick to build, and an assistant that says what it is told."""

from __future__ import annotations

import os
import uuid
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from pathlib import Path

import numpy as np
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.orm import Session

from bot.question import Question
from bot.reply import Action, ActionKind, CitedClause, QuestionBack, Reply, ReplyStatus
from knowledge.clause import Clause, ClauseRef
from knowledge.edition import Edition, InstrumentKind
from knowledge.embed import Vectors, unit_length
from knowledge.exemption import Condition, ListItem, ListOutcome
from knowledge.topic import Topic
from portal import schema
from portal.database import Database
from portal.keys import Keyring
from portal.library.models import Origin, ReleaseAct
from portal.library.publication import make_release
from portal.library.record import keep_edition
from portal.library.shelving import Shelving
from portal.settings import Settings
from portal.watchers import join_watchers

DATABASE_NAME = "database_url"
ZHANHE = "河南省/平顶山市/湛河区"
ZHOUSHAN = "浙江省/舟山市"
WITHDRAW = "3.当事人可以撤回自己的申请，机关应当准许，并告知撤回的后果。"

TOPICS = {
    "withdrawal": Topic("withdrawal", "撤回", "申请以后不想办了，可以收回。", asked_as=("申请能撤吗",)),
}


class TinyEmbedder:
    """Character pairs thrown into a few buckets: deterministic, instant, and near where words are shared."""

    digest = "tiny-embedder"

    def encode(self, texts: Sequence[str]) -> Vectors:
        vectors = np.zeros((len(texts), 64), np.float32)
        for row, words in enumerate(texts):
            for pair in pairwise(words):
                vectors[row, zlib.crc32("".join(pair).encode()) % 64] += 1
        return unit_length(vectors)


def make_notice(instrument: str = "zhanhe", region: str = ZHANHE, **changes: object) -> Edition:
    details: dict[str, object] = {
        "instrument": instrument,
        "kind": InstrumentKind.NOTICE,
        "title": f"{region.rpartition('/')[2]}柔性执法办法",
        "region": region,
        "document_number": "试政发〔2021〕1号",
        "issuer": "试验机关",
        "issued_on": date(2021, 11, 16),
        "in_force_from": date(2021, 11, 16),
        "digest": True,
        "source": "试验用文本",
        "clauses": (
            Clause("前言", "为了推行柔性执法，制定本办法。"),
            Clause("二", "二、程序", heading="程序"),
            Clause(
                "二/3",
                WITHDRAW,
                heading="撤回",
                topics=("withdrawal",),
                asked_as=("申请以后还能撤回吗",),
                plain="申请以后可以撤回。",
            ),
            Clause("二/4", "4.约谈应当有记录，由两名执法人员进行。", heading="约谈"),
        ),
    }
    return Edition(**{**details, **changes})  # type: ignore[arg-type]


def make_list(instrument: str = "list-one", region: str = "全国", **changes: object) -> Edition:
    details: dict[str, object] = {
        "instrument": instrument,
        "kind": InstrumentKind.LIST,
        "title": "试验免罚清单",
        "region": region,
        "department": "税务局",
        "in_force_from": date(2021, 4, 1),
        "source": "试验用清单",
        "items": (
            ListItem(
                instrument,
                "1",
                "未按期申报纳税",
                ListOutcome.FIRST_OFFENCE_EXEMPT,
                (Condition("初次违法"), Condition("及时改正")),
                department="税务局",
                field="税务",
                source="试验用清单",
                region=region,
            ),
        ),
    }
    return Edition(**{**details, **changes})  # type: ignore[arg-type]


def small_editions() -> tuple[Edition, ...]:
    statute = make_notice(
        "apl2021",
        "全国",
        kind=InstrumentKind.STATUTE,
        title="行政处罚法",
        document_number="",
        clauses=(
            Clause(
                "第三十三条", "第三十三条　轻微违法、及时改正、没有危害的，不予处罚。", heading="不予处罚"
            ),
        ),
    )
    return make_notice(), make_notice("zhoushan", ZHOUSHAN), statute, make_list()


def small_settings(data: Path, **more: str) -> Settings:
    """Settings for a data folder: SQLite and an embedded store, or the servers that the tests were given."""
    servers = {
        name: os.environ[test_name]
        for name, test_name in (
            ("ROUWEN_REDIS_URL", "TEST_REDIS_URL"),
            ("ROUWEN_CHROMA_URL", "TEST_CHROMA_URL"),
        )
        if os.environ.get(test_name)
    }
    named = data / DATABASE_NAME
    if named.exists():
        servers["ROUWEN_DATABASE_URL"] = named.read_text("utf-8")
    return Settings.from_env({"ROUWEN_DATA": str(data), **servers, **more})


@contextmanager
def server_database(data: Path, template: str = "") -> Iterator[str]:
    """A database of its own for a data folder, where the tests were given a PostgreSQL server."""
    server = os.environ.get("TEST_DATABASE_URL")
    if not server:
        yield ""
        return
    name = f"rouwen_{uuid.uuid4().hex[:12]}"
    admin = create_engine(make_url(server), isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}" + (f" TEMPLATE {template}" if template else "")))
    url = make_url(server).set(database=name).render_as_string(hide_password=False)
    (data / DATABASE_NAME).write_text(url, encoding="utf-8")
    try:
        yield name
    finally:
        with admin.connect() as connection:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
        admin.dispose()


def everything_stored(session: Session) -> str:
    """Every value of every table as the database holds it, not as the portal reads it."""
    rows = (
        row for table in schema.metadata().tables for row in session.execute(text(f"SELECT * FROM {table}"))
    )
    return "\n".join(repr(tuple(row)) for row in rows)


def small_shelving(settings: Settings) -> Shelving:
    shelving = Shelving(settings)
    shelving.embedder = TinyEmbedder()
    return shelving


def open_database(settings: Settings) -> Database:
    return join_watchers(Database(settings.database_url, Keyring.open(settings).cipher()))


def build_library(settings: Settings, editions: Sequence[Edition] | None = None) -> None:
    """Tables, topics and release 1 with a few editions."""
    database = open_database(settings)
    schema.upgrade(database)
    with database.session() as session:
        rows = [
            keep_edition(session, edition, origin=Origin.STARTER, author="setup")
            for edition in (small_editions() if editions is None else editions)
        ]
        make_release(session, small_shelving(settings), rows, TOPICS, act=ReleaseAct.SEED, actor="setup")
        session.commit()
    database.engine.dispose()


def make_reply(status: ReplyStatus = ReplyStatus.ANSWERED, **changes: object) -> Reply:
    details: dict[str, object] = {
        "status": status,
        "answer": "可以撤回[1]。机关应当准许。",
        "region": ZHANHE,
        "citations": (
            CitedClause(
                1,
                ClauseRef("zhanhe", "二/3"),
                "湛河区柔性执法办法",
                "试政发〔2021〕1号",
                WITHDRAW,
                True,
                True,
            ),
        ),
        "actions": (Action(ActionKind.READ, "看条款", "zhanhe#二/3"), Action(ActionKind.CONTACT, "找人")),
        "suggestions": ("撤回以后怎么办？",),
        "memory": {"turns": 1},
        "timings": {"screen": 0.1},
    }
    if status is ReplyStatus.CLARIFICATION:
        details["questions_back"] = (QuestionBack("corrected", "改正了吗？", ("是", "否", "不清楚")),)
    return Reply(**{**details, **changes})  # type: ignore[arg-type]


@dataclass
class ScriptedAssistant:
    """Stands in for ``bot.answer``: gives the replies it was handed, and remembers what it was asked."""

    replies: list[Reply] = field(default_factory=list)
    asked: list[Question] = field(default_factory=list)
    failure: Exception | None = None

    def answer(self, question: Question, _knowledge: object, _model: object = None) -> Reply:
        self.asked.append(question)
        if self.failure is not None:
            raise self.failure
        return self.replies.pop(0) if self.replies else make_reply()
