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

    CASES_HANDLE = "cases:handle"
    CASES_READ = "cases:read"
    KNOWLEDGE_EDIT = "knowledge:edit"
    KNOWLEDGE_PUBLISH = "knowledge:publish"
    KNOWLEDGE_REVIEW = "knowledge:review"
    METRICS_READ = "metrics:read"
    SERVICE_SWITCH = "service:switch"
    STAFF_ACCOUNT = "staff:account"
    STAFF_MANAGE = "staff:manage"


class UndeclaredRouteError(Exception):
    """A route neither says that it is public nor names a permission."""


def public(view: View) -> View:
    """Marks a view that anyone may call."""
    setattr(view, _MARK, PUBLIC)
    return view


def requires(*permissions: Permission) -> Callable[[View], View]:
    """Marks a view for callers with any of ``permissions``.

    The others are held off: who has not signed in is sent to do so and then back, anyone else is refused.
    """

    def declare(view: View) -> View:
        @wraps(view)
        def guarded(*args: object, **kwargs: object) -> object:
            held_off = _hold_off(permissions)
            return view(*args, **kwargs) if held_off is None else held_off

        setattr(guarded, _MARK, "|".join(permissions))
        return cast(View, guarded)

    return declare


def _hold_off(permissions: tuple[Permission, ...]) -> object | None:
    """None for who may pass, or the response that sends someone to sign in; Forbidden for the others."""
    from .accounts.current import hold_off  # the accounts are told their permissions from here

    checks = [_CHECKS[permission] for permission in permissions if permission in _CHECKS]
    if not checks:
        return hold_off(permissions)
    if not any(check() for check in checks):
        raise Forbidden
    return None


def declared(app: Flask, endpoint: str) -> str | None:
    """What the view of an endpoint declares: ``public``, its permissions joined by ``|``, or None."""
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
