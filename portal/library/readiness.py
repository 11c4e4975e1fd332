"""Making sure that a release is in force and can be opened; quick where it is so already."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy.orm import Session

from . import publication, seeding
from .publication import Outcome
from .record import current_release, shelves_of_release
from .shelving import Shelving


def prepare(session: Session, shelving: Shelving) -> Iterator[Outcome]:
    """Seeds the starter knowledge and builds what is missing; yields what had to be done."""
    seeded = seeding.seed(session, shelving)
    if seeded is not None:
        yield seeded
    if not is_servable(session, shelving):
        rebuilt = publication.rebuild(session, shelving, actor=seeding.ACTOR)
        if rebuilt is not None:
            yield rebuilt


def is_servable(session: Session, shelving: Shelving) -> bool:
    """True where the release in force has all its shelves, in the form that this version reads."""
    release = current_release(session)
    if release is None:
        return False
    digests = shelves_of_release(session, release.number).values()
    return release.form == shelving.form and all(map(shelving.stands, digests))
