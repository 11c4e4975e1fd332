"""Regions: the gazetteer of the nation's provinces, prefectures and counties, and how people name them."""

from .gazetteer import NATION, Region, ancestors, display, known, region
from .hearing import pinyin
from .mention import mentioned, unclear
from .resolve import AmbiguousRegion, UnknownRegion, resolve

__all__ = [
    "NATION",
    "AmbiguousRegion",
    "Region",
    "UnknownRegion",
    "ancestors",
    "display",
    "known",
    "mentioned",
    "pinyin",
    "region",
    "resolve",
    "unclear",
]
