"""Golden questions for the tests, and a draft of a small notice that makes one of them fall."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from sqlalchemy.orm import Session

from knowledge import record
from knowledge.clause import Clause
from knowledge.edition import Edition
from portal.golden.keeping import bring_in
from portal.golden.models import Source
from portal.golden.question import GoldenQuestion, line_of
from portal.library.desk.drafts import needed_draft, open_draft
from portal.library.desk.review import approve, submit
from portal.library.models import EditionState
from portal.library.record import edition_of

from .desk import EDITOR, REVIEWER

WITHDRAWAL = {"doc": "zhanhe", "section": "二/3"}


def make_question(name: str = "g1", **changes: Any) -> GoldenQuestion:
    details = {
        "question": "申请以后还能撤回吗",
        "region": "湛河区",
        "kind": "fact",
        "expect": "answer",
        "gold": (("zhanhe", "二/3"),),
        **changes,
    }
    return GoldenQuestion(id=name, **details)


def lines(*questions: GoldenQuestion) -> str:
    return "".join(f"{line_of(question)}\n" for question in questions)


def keep(session: Session, *questions: GoldenQuestion) -> None:
    bring_in(session, lines(*questions).split("\n"), actor="operator", source=Source.COMMAND_LINE)


def raw(**changes: Any) -> str:
    """One line of a file, as someone might write it."""
    base = {"id": "g1", "question": "能撤回吗", "expect": "answer"}
    return json.dumps({**base, **changes}, ensure_ascii=False)


def rewritten(session: Session, clauses: Iterable[Clause], instrument: str = "zhanhe") -> None:
    """A draft of a published notice with other clauses, written, handed in and approved."""
    draft = open_draft(session, instrument, actor=EDITOR)
    edition: Edition = replace(edition_of(draft.edition), clauses=tuple(clauses))
    draft.edition.content, draft.edition.digest = record.edition_to_json(edition), record.digest(edition)
    draft.authors = [EDITOR]
    session.commit()
    submit(session, needed_draft(session, instrument), actor=EDITOR)
    approve(session, needed_draft(session, instrument, EditionState.IN_REVIEW), actor=REVIEWER)
