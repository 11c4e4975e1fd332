"""The shelves of a release: those that stand already are shared, those that are new are built and probed.

Which shelf a region needs follows from the digests of its editions, so only the editions on a new shelf
are read.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from sqlalchemy.orm import Session

from knowledge import record
from knowledge.topic import Topic

from .held import Placed, by_region, contents
from .models import EditionRow
from .progress import Progress, Stage, untold
from .record import edition_of
from .shelving import Shelving


class StockError(Exception):
    """The record contradicts itself, so nothing can be built on it; the message is one sentence."""


def stock(
    session: Session,
    shelving: Shelving,
    rows: Collection[Placed],
    topics: Mapping[str, Topic] | None = None,
    *,
    progress: Progress = untold,
) -> dict[str, str]:
    """Puts every shelf of these editions in place; its digest by region.

    One region is held in memory at a time, and no transaction stays open while its shelf is built. ``topics``
    are probed as well, where they are new. Raises StockError where an edition is not what its columns say,
    and so would stand on a shelf of another name.
    """
    check(row for row in rows if isinstance(row, EditionRow))
    regions = by_region(rows)
    wanted = {
        region: shelving.digest(region, [row.digest for row in held]) for region, held in regions.items()
    }
    new = [region for region, digest in wanted.items() if not shelving.stands(digest)]
    for part, region in enumerate(new, start=1):
        progress(Stage.SHELVES, part, len(new))
        editions = contents(session, regions[region])
        session.commit()
        if sorted(map(record.digest, editions)) != sorted(row.digest for row in regions[region]):
            raise StockError(f"“{region}”的版本在准备期间有变动，请再试一次。")
        shelving.build(region, editions, wanted[region])
        shelving.probe(shelving.open(0, [wanted[region]], {}))
    if topics:
        shelving.probe(shelving.open(0, (), topics))
    return wanted


def check(rows: Iterable[EditionRow]) -> None:
    """Raises StockError where an edition is not what its columns say, by which its shelf is chosen."""
    for row in rows:
        edition = edition_of(row)
        if (record.digest(edition), edition.region) != (row.digest, row.region):
            raise StockError(f"“{row.instrument_id}”的内容与登记的校验值不符，不能发布。")
