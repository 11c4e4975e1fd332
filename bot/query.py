"""The words of a question that are worth searching for: the place is known already and is left out."""

from __future__ import annotations

import re

from .phrases import table

_SUFFIX = re.compile(r"(省|市|区|县|自治州|自治县|自治区|盟|旗)$")
_OFFICE = r"(省|市|区|县)?"


def without_places(text: str, regions: tuple[str, ...]) -> str:
    """``text`` without its regions and words for office and document; whole where nothing is left."""
    stripped = text
    for region in regions:
        for name in sorted(region.split("/"), key=len, reverse=True):
            short = _SUFFIX.sub("", name) if len(name) > 2 else name
            stripped = re.sub(re.escape(short) + _OFFICE, "", stripped)
    for noise in table("query_noise")["words"]:
        stripped = stripped.replace(noise, "")
    return stripped.strip(" ，,的") or text
