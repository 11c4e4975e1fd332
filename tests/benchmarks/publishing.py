"""What publishing one changed notice costs where little stands, and where a hundred times as much does.

Both stocks have shelves of the same size: what changes is the same, only what stands beside it differs. The
texts are made up; the database, the indexes, the vector store and the embedding are those that ship. The two
are measured in turn and the fastest of each is taken, for whatever else the machine does can only add.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import ExitStack
from itertools import chain

from sqlalchemy.orm import Session

from knowledge.edition import Edition
from knowledge.region import NATION
from knowledge.starter import starter_editions, starter_topics
from portal import schema
from portal.calendar import today
from portal.database import Database
from portal.keys import Keyring
from portal.library.held import Held
from portal.library.holder import KnowledgeHolder
from portal.library.models import Origin, ReleaseAct
from portal.library.publication import make_release, publish, roll_back
from portal.library.record import keep_edition
from portal.library.shelving import Shelving
from portal.settings import Settings

from .answering import Row
from .corpus import changed, notices

SMALL, LARGE = (3, 1_000), (300, 100_000)
"""Regions and clauses: in both, a region has some 333 clauses in ten notices."""
TIMES = 9
GOAL = 2.0
"""Times: with the large stock against the small one."""
GOAL_WAIT = 2.0
"""Seconds that a publisher may be kept waiting by the page."""
QUESTION = "约谈要做记录吗"
COSTS = {
    "publish": "publishing one changed notice",
    "switch": "a reader's switch to it and first search",
    "roll back": "rolling back",
}


def rows() -> list[Row]:
    """One row a cost: with 100,000 clauses in 300 regions, and how many times what it is with 1,000 in 3."""
    with ExitStack() as stack:
        stocks = [stack.enter_context(Stock(notices(*size))) for size in (SMALL, LARGE)]
        took: list[dict[str, list[float]]] = [{cost: [] for cost in COSTS} for _ in stocks]
        for n in range(TIMES + 1):
            for stock, times in zip(stocks, took, strict=True):
                for cost, seconds in stock.publish_and_roll_back(n).items():
                    times[cost].append(seconds)
    costs = [_row(cost, *(min(times[cost][1:]) for times in took)) for cost in COSTS]
    return [*costs, _largest()]


def _largest() -> Row:
    """What a change of the largest shelf that ships costs: the nation's."""
    laws = sorted(starter_editions(), key=lambda e: (e.region != NATION, not e.clauses))
    with Stock(laws) as stock:
        times = [stock.publish_and_roll_back(n)["publish"] for n in range(4)]
    took = min(times[1:])
    name = "publishing one changed law of the nation, on the knowledge that ships"
    return (name, f"{took * 1000:.0f} ms", f"{took / GOAL_WAIT:.2f} of the goal")


def _row(cost: str, small: float, large: float) -> Row:
    ratio = f"{large / small:.2f} of that with {SMALL[1]:,}"
    if cost == "publish":
        ratio += f", {large / small / GOAL:.2f} of the goal"
    return (f"{COSTS[cost]}, {LARGE[1]:,} clauses in {LARGE[0]} regions", f"{large * 1000:.0f} ms", ratio)


class Stock:
    """A portal of its own that shows these editions, with an editor who changes the first, and a reader."""

    def __init__(self, editions: Iterable[Edition]) -> None:
        self._stack = ExitStack()
        settings = Settings.from_env(
            {"ROUWEN_DATA": self._stack.enter_context(tempfile.TemporaryDirectory())}
        )
        database = Database(settings.database_url, Keyring.open(settings).cipher())
        self._stack.callback(database.engine.dispose)
        schema.upgrade(database)
        self._shelving = Shelving(settings)
        self._session = self._stack.enter_context(database.session())
        editions = iter(editions)
        self._first = next(editions)
        stand(self._session, self._shelving, chain([self._first], editions))
        self._holder = KnowledgeHolder(self._shelving)

    def __enter__(self) -> Stock:
        self._read()
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def publish_and_roll_back(self, n: int) -> Mapping[str, float]:
        """The seconds of each act."""
        edition = changed(self._first, n)
        keep_edition(self._session, edition, origin=Origin.COMMAND_LINE, author="operator")
        self._session.commit()
        self._session.expunge_all()
        took = {
            "publish": _seconds(lambda: publish(self._session, self._shelving, actor="operator")),
            "switch": _seconds(self._read),
            "roll back": _seconds(lambda: roll_back(self._session, self._shelving, 1, actor="operator")),
        }
        self._read()
        return took

    def _read(self) -> None:
        knowledge = self._holder.current(self._session)
        assert knowledge.search(QUESTION, regions=[self._first.region], on=today())


def stand(session: Session, shelving: Shelving, editions: Iterable[Edition]) -> None:
    """Release 1 of these editions."""
    kept = []
    for edition in editions:
        row = keep_edition(session, edition, origin=Origin.COMMAND_LINE, author="operator")
        kept.append(Held(*(getattr(row, name) for name in Held._fields)))
        session.commit()
        session.expunge_all()
    make_release(session, shelving, kept, starter_topics(), act=ReleaseAct.SEED, actor="setup")
    session.commit()
    session.expunge_all()


def _seconds(act: Callable[[], object]) -> float:
    started = time.perf_counter()
    act()
    return time.perf_counter() - started
