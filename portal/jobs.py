"""Work that a request would wait too long for: a queue, and a consumer of it in every process that serves.

The queue only carries numbers of jobs, each of which has a row in the record that says what is to be done and
what became of it (docs/adr/0015). A number that is lost or handed over twice therefore does no harm.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from threading import Event, Lock
from typing import TYPE_CHECKING, Any

from flask import Flask, current_app

from .logs import log_failure
from .settings import Settings

if TYPE_CHECKING:
    from huey import Huey
    from huey.consumer import Consumer

_KEY = "rouwen.jobs"
_FILE = "jobs.db"


@dataclass(frozen=True, slots=True)
class JobRules:
    """How jobs are done: data (``jobs.json``).

    An idle consumer looks every ``look_seconds`` for what other processes handed over, after
    ``retry_seconds`` where the queue did not answer; a process that ends gives its job ``leave_seconds``.
    Who presses the button waits up to ``wait_seconds`` for the end of the job, looking every
    ``poll_seconds``; its page looks every ``refresh_seconds``, and without scripts is loaded anew every
    ``reload_seconds``. A job that is being done says so every ``beat_seconds``, and is lost once it was
    silent for ``lost_seconds``. One that waits is said to be unheard after ``unheard_seconds``, and is no
    longer begun after ``start_within_minutes``. For ``told_hours`` the page of releases tells whoever asked
    that a job came to nothing; the last ``kept`` jobs stay on record.
    """

    look_seconds: float
    retry_seconds: float
    leave_seconds: float
    wait_seconds: float
    poll_seconds: float
    beat_seconds: float
    lost_seconds: float
    unheard_seconds: float
    start_within_minutes: int
    told_hours: int
    refresh_seconds: int
    reload_seconds: int
    kept: int


@cache
def job_rules() -> JobRules:
    return JobRules(**json.loads(Path(__file__).with_name("jobs.json").read_text(encoding="utf-8")))


class JobQueue:
    """The queue of one portal: in Redis where the settings name one, else in a file of the data folder.

    Nothing is opened before the first job or consumer, so that no connection survives a fork. ``run`` is what
    a consumer does with the number of a job; it raises nothing. ``secret`` sets portals that share a Redis
    apart. With ``at_once`` whoever hands a job over does it on the spot, for tests.
    """

    def __init__(self, settings: Settings, secret: str, run: Callable[[int], None]) -> None:
        self._settings = settings
        self._name = f"rouwen{hashlib.sha256(secret.encode()).hexdigest()[:12]}"
        self._run = run
        self._bell = Event()
        self._opening = Lock()
        self.at_once = False

    def hand_over(self, number: int) -> None:
        """Puts a job in line; the consumer of this process looks at once, the others soon.

        A queue that does not answer is logged: the job stays on record and waits to be handed over again.
        """
        if self.at_once:
            self._run(number)
            return
        try:
            with self._opening:
                task = self._task
            task(number)
        except Exception as error:
            log_failure(error)
        self._bell.set()

    def start(self) -> Consuming:
        """Lets this process do what is in line, one job after the other, in a thread of its own."""
        with self._opening:
            self._task  # noqa: B018  the queue must know it before anything is taken from it
            consumer = _consumer(self._huey, self._bell)
        consumer.start()
        return Consuming(consumer, self._bell)

    @cached_property
    def _huey(self) -> Huey:
        from huey import RedisHuey, SqliteHuey

        kept: dict[str, Any] = {"results": False, "serializer": _serializer()}
        if self._settings.redis_url:
            return RedisHuey(self._name, url=self._settings.redis_url, **kept)
        self._settings.data.mkdir(parents=True, exist_ok=True)
        return SqliteHuey(self._name, filename=str(self._settings.data / _FILE), **kept)

    @cached_property
    def _task(self) -> Callable[[int], object]:
        def job(number: int) -> None:
            self._run(number)

        task: Callable[[int], object] = self._huey.task()(job)
        return task


class Consuming:
    """A consumer at work in this process. Its thread ends with the process, whatever it is doing."""

    def __init__(self, consumer: Consumer, bell: Event) -> None:
        self._consumer = consumer
        self._bell = bell

    def stop(self) -> bool:
        """Takes no further job and waits a while for the end of this one; True where it came to an end."""
        self._consumer.stop_flag.set()
        self._bell.set()
        threads = [thread for _, thread in self._consumer.worker_threads]
        for thread in threads:
            thread.join(job_rules().leave_seconds)
        return not any(thread.is_alive() for thread in threads)


def join_jobs(app: Flask, settings: Settings, secret: str, run: Callable[[int], None]) -> None:
    """Gives ``app`` its queue. Nothing is done before a consumer is started."""
    app.extensions[_KEY] = JobQueue(settings, secret, run)


def job_queue(app: Flask | None = None) -> JobQueue:
    """The queue of ``app``, or of the app of this request."""
    queue: JobQueue = (app or current_app).extensions[_KEY]
    return queue


def _serializer() -> Any:  # noqa: ANN401  of a class of the library, which is loaded where it is used
    """Plain JSON where the library would pickle: nothing that stands in a queue is ever run as code."""
    from huey.registry import Message
    from huey.serializer import Serializer

    class PlainSerializer(Serializer):  # type: ignore[misc]
        def _serialize(self, data: Any) -> bytes:  # noqa: ANN401  as the library has it
            return json.dumps(data).encode()

        def _deserialize(self, data: Any) -> Any:  # noqa: ANN401
            return Message(*json.loads(bytes(data)))

    return PlainSerializer()


def _consumer(huey: Huey, bell: Event) -> Consumer:
    """One thread that does the jobs: it leaves the signals to the server it lives in, plans nothing ahead,
    and looks as soon as the bell rings."""
    from huey import consumer as parts

    rules = job_rules()

    class Worker(parts.Worker):  # type: ignore[misc]
        def sleep(self) -> None:
            # A queue that blocks until there is something lets its consumer sleep after an error alone.
            bell.wait(rules.retry_seconds if self.huey.storage.blocking else rules.look_seconds)
            bell.clear()

    class Consumer(parts.Consumer):  # type: ignore[misc]
        worker_class = Worker

        def start(self) -> None:
            for _, thread in self.worker_threads:
                thread.start()

    return Consumer(huey, workers=1, periodic=False)
