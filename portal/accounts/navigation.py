"""What the staff area offers, by permission: other parts add their own entries where the app is joined."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Flask, current_app, request, url_for

from portal.permissions import Permission

from .current import known_staff

_KEY = "rouwen.staff_area"


@dataclass(frozen=True, slots=True)
class Entry:
    """One place to go: its wording is ``staff.nav.<name>`` and ``staff.nav_hint.<name>``.

    Shown to who has any of ``permissions``, in ``order``. ``endpoint`` needs no values for its address.
    """

    name: str
    endpoint: str
    permissions: tuple[Permission, ...]
    order: int = 50

    @property
    def address(self) -> str:
        return url_for(self.endpoint)

    @property
    def here(self) -> bool:
        """True on the page itself and on those under it."""
        return request.path == self.address or request.path.startswith(self.address + "/")


def offer(app: Flask, *entries: Entry) -> None:
    """Adds places to the staff area of ``app``."""
    offered: list[Entry] = app.extensions.setdefault(_KEY, [])
    offered.extend(entries)


def entries_for_staff() -> list[Entry]:
    """What the one signed in may go to, in order."""
    staff = known_staff()
    offered: list[Entry] = current_app.extensions.get(_KEY, [])
    if staff is None:
        return []
    return sorted((e for e in offered if staff.may(*e.permissions)), key=lambda entry: entry.order)
