"""A small process that submits and withdraws until it is killed, and says each act only once it is done.

``python -m tests.portal.applications.crashing URL KEYS`` writes one line an act on its output:
``begin submit``, ``done RW… CODE``, ``begin withdraw RW…``, ``withdrawn RW…``. It loads no model.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from subprocess import PIPE, Popen

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import journal
from portal.applications.acts import events, submit_new, withdraw
from portal.applications.choice import notice
from portal.applications.models import Application
from portal.applications.numbers import AccessCode, code_matches
from portal.database import Database
from portal.keys import Keyring
from portal.settings import Settings
from portal.wording import Language

from ..small import ZHANHE
from .cases import make_values


def work(settings: Settings) -> None:
    """Submits and withdraws for as long as it lives."""
    database = Database(settings.database_url, Keyring.open(settings).cipher())
    told = notice(ZHANHE, Language.CHINESE)
    with database.session() as session:
        while True:
            code = AccessCode.make()
            print("begin submit", flush=True)
            application = submit_new(session, told, make_values(), code=code)
            print("done", application.number, code.text, flush=True)
            print("begin withdraw", application.number, flush=True)
            withdraw(session, application.id)
            print("withdrawn", application.number, flush=True)


@dataclass
class Told:
    """What the process said it had done before it was killed."""

    submitted: dict[str, str] = field(default_factory=dict)
    withdrawn: set[str] = field(default_factory=set)

    def read(self, line: str) -> None:
        match line.split():
            case ["done", number, code]:
                self.submitted[number] = code
            case ["withdrawn", number]:
                self.withdrawn.add(number)


def kill_at(settings: Settings, url: str, acts: int, told: Told) -> None:
    """Starts the process, lets it say ``acts`` lines, and kills it without a warning."""
    root = Path(__file__).resolve().parents[3]
    command = [sys.executable, "-m", __name__, str(settings.data), url]
    with Popen(command, stdout=PIPE, text=True, cwd=root) as process:
        assert process.stdout is not None
        for said, line in enumerate(process.stdout, start=1):
            told.read(line)
            if said >= acts:
                break
        process.kill()
        for line in process.stdout:
            told.read(line)


def crash_many_times(settings: Settings, times: int, seed: int = 1) -> Told:
    """Kills the process ``times`` times, in the middle of whatever it does."""
    told, random = Told(), Random(seed)
    for _ in range(times):
        kill_at(settings, settings.database_url, random.randint(1, 24), told)
    return told


def check_whole(session: Session, told: Told) -> int:
    """Everything acknowledged is there, nothing is half there; how many applications there are."""
    held = {a.number: a for a in session.scalars(select(Application))}
    for number, code in told.submitted.items():
        assert number in held, f"{number} was acknowledged and is lost"
        assert code_matches(code, held[number].code_hash)
    for number in told.withdrawn:
        assert held[number].state == "withdrawn", f"the withdrawal of {number} is lost"
    for number, application in held.items():
        done = [e.act for e in events(session, application)]
        wanted = ["application.submit", *["application.withdraw"] * (application.state == "withdrawn")]
        assert done == wanted, f"{number} is half done: {done}"
        assert application.current.statement["party_name"]
        assert application.choice is not None
    numbers = sorted(int(number[-6:]) for number in held)
    assert numbers == list(range(1, len(held) + 1)), "a number was left out"
    journal.verify(session)
    return len(held)


if __name__ == "__main__":
    work(Settings(data=Path(sys.argv[1]), database_url=sys.argv[2]))
