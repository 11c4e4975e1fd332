"""Gives the portal its identity service, where one is set; nothing is asked of it before someone signs in."""

from __future__ import annotations

from flask import Flask

from portal.settings import Settings

from .provider import IdentityService


def join_identity(app: Flask, settings: Settings) -> None:
    """Without one, no page says a word of signing in."""
    if settings.oidc is not None:
        app.extensions["rouwen.identity"] = IdentityService(settings.oidc)
