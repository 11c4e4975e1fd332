"""Workers that ask and read without pause, each a whole portal in a process of its own, while releases come
and go.

``python -m tests.portal.firing DATA`` writes one line of JSON for each thing it was told, until its standard
input ends. The vector store is asked as well, which so few clauses would not need.
"""

from __future__ import annotations

import itertools
import json
import logging
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from subprocess import PIPE, Popen
from typing import Any

import structlog
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

import knowledge.shelf
from knowledge.clause import Clause
from knowledge.edition import Edition
from portal import create_app
from portal.library.held import contents, held_by_release
from portal.library.holder import knowledge_holder
from portal.library.models import Origin
from portal.library.publication import publish, roll_back
from portal.library.record import current_release, keep_edition
from portal.library.shelving import Shelving

from .small import ZHANHE, ZHOUSHAN, TinyEmbedder, make_notice, small_settings

WORKERS = 4
NOTICES = {"zhanhe": ZHANHE, "zhoushan": ZHOUSHAN}
QUESTIONS = (
    "湛河区申请以后还能撤回吗？",
    "湛河和舟山撤回申请有什么不同？",
    "舟山的约谈要做记录吗？",
    "轻微违法要罚吗？",
)
PAGES = ("/api/v1/library/documents/zhanhe", "/api/v1/library/documents/zhoushan")


def work(data: Path) -> None:
    """Asks and reads until the standard input ends."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    knowledge.shelf.SCANNED_BELOW = 0
    errors = Errors()
    logging.getLogger().addHandler(errors)
    app = create_app(small_settings(data, ROUWEN_RATE="1000000 per minute"))
    knowledge_holder(app).shelving.embedder = TinyEmbedder()
    over = threading.Event()
    threading.Thread(target=lambda: (sys.stdin.read(), over.set()), daemon=True).start()
    client = app.test_client()
    for n in itertools.count():
        print(json.dumps(_one(client, n), ensure_ascii=False), flush=True)
        if over.is_set() or errors.seen:
            sys.exit(errors.seen or None)


class Errors(logging.Handler):
    """Whatever was logged as an error; a worker that got over one does not count as sound."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.seen = ""

    def emit(self, record: logging.LogRecord) -> None:
        self.seen = self.seen or self.format(record)


def _one(client: FlaskClient, n: int) -> dict[str, Any]:
    """What one request was told, as the texts of clauses under the release that they are said to be of."""
    turn = n % (len(QUESTIONS) + len(PAGES))
    if turn < len(QUESTIONS):
        response = client.post("/api/v1/questions", json={"question": QUESTIONS[turn]})
        body = response.get_json()
        cited = [(c["release"], c["document"], c["section"], c["text"]) for c in body.get("citations", ())]
        return {"status": response.status_code, "release": body.get("release"), "cited": cited, "asked": turn}
    response = client.get(PAGES[turn - len(QUESTIONS)])
    body = response.get_json()
    read = [(body["release"], body["id"], c["section"], c["text"]) for c in body.get("clauses", ())]
    return {"status": response.status_code, "release": body.get("release"), "cited": read, "asked": None}


@dataclass
class Told:
    """Everything that the workers were told."""

    answers: list[Mapping[str, Any]] = field(default_factory=list)

    def releases(self) -> set[int]:
        return {told["release"] for told in self.answers}


@contextmanager
def under_fire(data: Path) -> Iterator[Told]:
    """Four workers that have each been told something already, and go on until the block ends."""
    told = Told()
    root = Path(__file__).resolve().parents[2]
    command = [sys.executable, "-m", __name__, str(data)]
    workers = [Popen(command, stdin=PIPE, stdout=PIPE, text=True, cwd=root) for _ in range(WORKERS)]
    begun = [threading.Event() for _ in workers]

    def listen(worker: Popen[str], first: threading.Event) -> None:
        assert worker.stdout is not None
        for line in worker.stdout:
            told.answers.append(json.loads(line))
            first.set()
        first.set()

    listeners = [threading.Thread(target=listen, args=pair) for pair in zip(workers, begun, strict=True)]
    try:
        for listener in listeners:
            listener.start()
        for first in begun:
            assert first.wait(120), "a worker never answered"
        yield told
    finally:
        for worker in workers:
            assert worker.stdin is not None
            worker.stdin.close()
        ended = [worker.wait(60) for worker in workers]
        for listener in listeners:
            listener.join()
    assert ended == [0] * WORKERS, f"a worker ended with {ended}"


def publish_and_roll_back(session: Session, shelving: Shelving, times: int) -> None:
    """Publishes both notices reworded, so that they always belong together; every fifth time, rolls back."""
    for n in range(1, times + 1):
        if n % 5 == 0:
            release = current_release(session)
            assert release is not None
            roll_back(session, shelving, release.number - 2, actor="operator")
            continue
        for instrument, region in NOTICES.items():
            edition = reworded(instrument, region, n)
            keep_edition(session, edition, origin=Origin.COMMAND_LINE, author="operator")
        session.commit()
        publish(session, shelving, actor="operator")


def reworded(instrument: str, region: str, n: int) -> Edition:
    """A notice whose clauses all say which wording they are of."""
    edition = make_notice(instrument, region)
    clauses = (Clause(c.section, f"{c.text}（第{n}稿）", c.heading, topics=c.topics) for c in edition.clauses)
    return make_notice(instrument, region, digest=False, clauses=tuple(clauses))


def check_every_answer(session: Session, answers: Sequence[Mapping[str, Any]]) -> None:
    """Each was given, and all that it says stands so in the release that it names."""
    shown: dict[int, Mapping[str, Edition]] = {}
    for told in answers:
        assert told["status"] == 200, told
        release = told["release"]
        if release not in shown:
            shown[release] = {e.instrument: e for e in contents(session, held_by_release(session, release))}
        assert told["cited"], f"nothing was cited: {told}"
        for named, document, section, text in told["cited"]:
            assert named == release, told
            edition = shown[release][document]
            own = edition.clause(section)
            assert own is not None, told
            assert text in (own.text, edition.full_text(section)), told


if __name__ == "__main__":
    work(Path(sys.argv[1]))
