"""The pulse of a job: from a thread beside the work it says that someone is at it, and how far."""

from __future__ import annotations

from threading import Event, Thread
from types import TracebackType

from sqlalchemy import update
from sqlalchemy.exc import SQLAlchemyError

from portal.database import Database, now
from portal.jobs import job_rules
from portal.library.progress import Stage
from portal.logs import log_failure

from .models import ReleaseJob


class Beat:
    """While the block lasts, the row of a job tells what ``progress`` was told last.

    It writes through sessions of its own, so that neither the work waits for it nor a transaction of the work
    is touched; what cannot be written now is written with the next beat.
    """

    def __init__(self, database: Database, number: int) -> None:
        self._database = database
        self._number = number
        self._at: tuple[str, int, int] = ("", 0, 0)
        self._news, self._over = Event(), Event()
        self._thread = Thread(target=self._tell, name=f"beat of job {number}", daemon=True)

    def progress(self, stage: Stage, part: int, parts: int) -> None:
        """Which part of a stage begins; a new stage is told at once."""
        entered = stage.value != self._at[0]
        self._at = (stage.value, part, parts)
        if entered:
            self._news.set()

    def __enter__(self) -> Beat:
        self._thread.start()
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._news.set()
        self._thread.join()

    def _tell(self) -> None:
        while True:
            self._news.wait(job_rules().beat_seconds)
            self._news.clear()
            if self._over.is_set():
                return
            stage, part, parts = self._at
            values = {"beat_at": now(), "stage": stage, "part": part, "parts": parts}
            try:
                with self._database.session() as session:
                    session.execute(update(ReleaseJob).where(ReleaseJob.id == self._number).values(values))
                    session.commit()
            except SQLAlchemyError as error:
                log_failure(error)
