"""What each role may do: data (``roles.json``), read once."""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from portal.permissions import Permission

from .models import Role

EVERYONE = frozenset({Permission.STAFF_ACCOUNT})


def permissions_of(roles: Iterable[Role]) -> frozenset[Permission]:
    """All that someone with these roles may do; whoever is signed in may see to the own account."""
    return EVERYONE.union(*(_granted()[role] for role in roles))


@cache
def _granted() -> dict[Role, frozenset[Permission]]:
    data = json.loads(Path(__file__).with_name("roles.json").read_text(encoding="utf-8"))
    return {role: frozenset(map(Permission, data[role])) for role in Role}
