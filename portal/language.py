"""Which language a caller is spoken to in."""

from __future__ import annotations

from flask import request

from .wording import Language

COOKIE = "lang"


def caller_language() -> Language:
    """As the address says, else as chosen before, else as the browser prefers; Chinese by default."""
    for said in (request.args.get("lang", ""), request.cookies.get(COOKIE, "")):
        if said in (Language.CHINESE, Language.ENGLISH):
            return Language(said)
    best = request.accept_languages.best_match(["zh", "en"], default="zh")
    return Language(best)
