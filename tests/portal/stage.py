"""A stage for the pages: the real app, with sample replies and a handful of published editions."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask

from knowledge.clause import Clause
from knowledge.edition import Edition, EditionStatus, InstrumentKind, in_force
from knowledge.exemption import Condition, ListItem, ListOutcome
from portal import create_app
from portal.chat.acts import PastTurn
from portal.chat.pause import Standing
from portal.settings import Settings

REPLIES = Path(__file__).with_name("replies")
ZHANHE = "河南省/平顶山市/湛河区"


def sample_reply(name: str) -> dict[str, Any]:
    reply: dict[str, Any] = json.loads((REPLIES / f"{name}.json").read_text("utf-8"))
    return reply


def make_turn(name: str, question: str = "第一次违法，还会罚吗？") -> PastTurn:
    return PastTurn(question, ZHANHE, datetime(2026, 11, 22, 1, 30, tzinfo=UTC), sample_reply(name))


def make_notice(**changes: Any) -> Edition:
    clauses = (
        Clause("前言", "为了推行柔性执法，制定本意见。"),
        Clause("二", "二、主要任务", heading="主要任务"),
        Clause(
            "二/（三）",
            "程序要简便。",
            heading="规范程序",
            plain="走程序不折腾人。",
            plain_en="Keep it simple.",
        ),
        Clause("二/（三）/1", "当事人可以撤回申请。", note="原文此处多一个字。"),
        Clause("落款", "某办公室\n2021年11月16日"),
    )
    given = {
        "instrument": "zhanhe",
        "kind": InstrumentKind.NOTICE,
        "title": "湛河区全面推行柔性执法工作实施意见",
        "region": ZHANHE,
        "document_number": "平湛法政办〔2021〕13号",
        "issuer": "某办公室",
        "issued_on": date(2021, 11, 16),
        "in_force_from": date(2021, 11, 16),
        "clauses": clauses,
        "digest": True,
        "source": "逐条摘要",
    }
    return Edition(**{**given, **changes})


def make_list(items: int = 2) -> Edition:
    made = tuple(
        ListItem(
            "tax-cn-2021-06",
            str(number),
            f"未按期办理第 {number} 项",
            ListOutcome.FIRST_OFFENCE_EXEMPT,
            (Condition("首次发生"), Condition("危害后果轻微"), Condition("及时改正")),
            department="税务局",
            field="税务",
            penalty_basis="税收征收管理法",
        )
        for number in range(1, items + 1)
    )
    return Edition(
        "tax-cn-2021-06",
        InstrumentKind.LIST,
        "税务“首违不罚”清单",
        "全国",
        department="税务局",
        in_force_from=date(2021, 4, 1),
        items=made,
    )


def make_repealed() -> Edition:
    return make_notice(
        instrument="old", title="已废止的意见", status=EditionStatus.REPEALED, digest=False, region="全国"
    )


@dataclass(frozen=True, eq=False)
class Published:
    """A double of ``knowledge.library.Knowledge``: finds by plain containment, in what it was given."""

    held: tuple[Edition, ...]
    release: int = 3

    @property
    def shelves(self) -> tuple[SimpleNamespace, ...]:
        return (SimpleNamespace(editions=self.held),)

    def editions(self, on: date) -> Mapping[str, Edition]:
        return in_force(self.held, on)

    def edition(self, instrument: str, on: date) -> Edition | None:
        return self.editions(on).get(instrument)

    def any_edition(self, instrument: str) -> Edition | None:
        return next((e for e in reversed(self.held) if e.instrument == instrument), None)

    def regions(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(("全国", *(e.region for e in self.held))))

    def programme(self, region: str, on: date) -> None:
        """None of these editions has rules of its own."""

    def search(self, query: str, *, regions: Sequence[str] | None, on: date, limit: int) -> tuple[Any, ...]:
        current = self.editions(on).values()
        found = [(e, c) for e in current for c in e.clauses if query in c.text]
        return tuple(SimpleNamespace(ref=e.ref(c.section), region=e.region, score=1.0) for e, c in found)[
            :limit
        ]

    def search_items(self, story: str, *, region: str | None, on: date, limit: int) -> tuple[Any, ...]:
        items = [i for e in self.editions(on).values() for i in e.items if story in i.matter]
        return tuple(SimpleNamespace(item=i, score=1.0) for i in items)[:limit]


@dataclass(frozen=True, slots=True)
class Stage:
    app: Flask
    asked: list[dict[str, Any]]
    told: list[dict[str, Any]]


def set_stage(
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    turns: Sequence[PastTurn] = (),
    editions: Sequence[Edition] = (),
    answer: Callable[..., Any] | None = None,
    **settings: Any,
) -> Stage:
    """The app with these turns in every conversation, and these editions published."""
    app = create_app(Settings(data=folder, database_url=f"sqlite:///{folder / 'stage.db'}", **settings))
    knowledge = Published(tuple(editions) or (make_notice(), make_list(), make_repealed()))
    stage = Stage(app, [], [])

    def ask_here(text: str, **given: Any) -> SimpleNamespace:
        stage.asked.append({"text": text, **given})
        return answer(text, **given) if answer else SimpleNamespace(reply=sample_reply("case"))

    def give_feedback(_session: object, answer_id: str, **given: Any) -> None:
        stage.told.append({"answer": answer_id, **given})

    for module in ("portal.chat.views", "portal.library.pages", "portal.applications.apply"):
        monkeypatch.setattr(f"{module}.current_knowledge", lambda: knowledge)
    monkeypatch.setattr("portal.library.pages.replaced_versions", lambda *_, **__: ())  # it has no record
    monkeypatch.setattr("portal.chat.views.current_session", lambda: None)
    monkeypatch.setattr("portal.chat.views.conversation_turns", lambda _s, _c: tuple(turns))
    monkeypatch.setattr("portal.chat.views.ask_here", ask_here)
    monkeypatch.setattr("portal.chat.views.give_feedback", give_feedback)
    monkeypatch.setattr("portal.chat.views.standing", lambda _session, _region: Standing())
    app.config["WTF_CSRF_ENABLED"] = False
    return stage
