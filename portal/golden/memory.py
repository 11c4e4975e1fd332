"""What releases said to golden questions, remembered in this process so that none is asked the same twice.

A release is named by its content, and so says the same as long as the index, the embedding and the day are
the same: the release in force is not asked again at every check, nor what was checked once it is in force.
"""

from __future__ import annotations

from collections import OrderedDict
from datetime import date
from weakref import WeakKeyDictionary

from portal.library.shelving import Shelving

from .asking import Said

MOST = 4
"""How many contents are remembered: the release in force, the last one checked, and two before."""

Answers = dict[str, Said]

_held: WeakKeyDictionary[Shelving, OrderedDict[tuple[str, str, date], Answers]] = WeakKeyDictionary()


def remembered(shelving: Shelving, content: str, on: date) -> Answers:
    """What this content said that day, by the digest of the question, to be added to while asking.

    Only whoever holds the publication lock asks, so no two threads add at once.
    """
    held = _held.setdefault(shelving, OrderedDict())
    key = (content, shelving.form, on)
    answers = held.setdefault(key, {})
    held.move_to_end(key)
    while len(held) > MOST:
        held.popitem(last=False)
    return answers
