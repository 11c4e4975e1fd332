"""Every fixed wording of the assistant, as data: ``wording/<name>.json`` holds one table a language."""

from __future__ import annotations

import json
from functools import cache
from importlib import resources
from typing import Any


@cache
def table(name: str) -> dict[str, Any]:
    """The data of ``bot/wording/<name>.json``."""
    path = resources.files("bot") / "wording" / f"{name}.json"
    data: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return data


def phrase(language: str, key: str, **values: object) -> str:
    """One wording of ``phrases.json`` in a language, its places filled in."""
    text: str = table("phrases")[key][language]
    return text.format(**values) if values else text


def joined(language: str, names: tuple[str, ...]) -> str:
    """Names as a list in a sentence."""
    return (", " if language == "en" else "、").join(names)


def short_name(region: str) -> str:
    """The last part of a region path, as people name the place."""
    return region.rpartition("/")[2]
