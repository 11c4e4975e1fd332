"""Who may do what. Every route says that it is public or names its permission; the start fails otherwise."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from enum import StrEnum
from functools import wraps
from ipaddress import ip_address
from typing import Any, TypeVar, cast

from flask import Flask, current_app, request

from .errors import Forbidden
from .settings import Settings

View = TypeVar("View", bound=Callable[..., Any])
_MARK = "rouwen_permission"
PUBLIC = "public"


class Permission(StrEnum):
    """``resource:act``, in alphabetical order."""

    METRICS_READ = "metrics:read"


class UndeclaredRouteError(Exception):
    """A route neither says that it is public nor names a permission."""


def public(view: View) -> View:
    """Marks a view that anyone may call."""
    setattr(view, _MARK, PUBLIC)
    return view


def requires(permission: Permission) -> Callable[[View], View]:
    """Marks a view that only callers with ``permission`` may call, and holds the others off."""

    def declare(view: View) -> View:
        @wraps(view)
        def guarded(*args: object, **kwargs: object) -> object:
            if not _CHECKS[permission]():
                raise Forbidden
            return view(*args, **kwargs)

        setattr(guarded, _MARK, permission)
        return cast(View, guarded)

    return declare


def declared(app: Flask, endpoint: str) -> str | None:
    """What the view of an endpoint declares: ``public``, a permission, or None."""
    mark: str | None = getattr(app.view_functions[endpoint], _MARK, None)
    return mark


def check_routes(app: Flask) -> None:
    """Raises UndeclaredRouteError for the first route that declares nothing."""
    public(app.view_functions["static"])
    for rule in app.url_map.iter_rules():
        if declared(app, rule.endpoint) is None:
            raise UndeclaredRouteError(f"{rule.rule} ({rule.endpoint}) needs @public or @requires(…)")


def _reads_metrics() -> bool:
    settings: Settings = current_app.extensions["rouwen.settings"]
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer" and settings.metrics_token:
        return hmac.compare_digest(token.strip().encode(), settings.metrics_token.encode())
    return _from_loopback()


def _from_loopback() -> bool:
    """True for a caller on this machine itself; a request that a proxy passed on came from elsewhere."""
    if "X-Forwarded-For" in request.headers or "Forwarded" in request.headers:
        return False
    try:
        return ip_address(request.remote_addr or "").is_loopback
    except ValueError:
        return request.remote_addr in (None, "")


_CHECKS: dict[Permission, Callable[[], bool]] = {Permission.METRICS_READ: _reads_metrics}
