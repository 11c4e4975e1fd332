"""The table of sounds: which characters share a syllable once tones and regional mergers are set aside."""

from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path

FIRST, LAST = 0x4E00, 0x9FFF
# speakers of many regions, and so their typing, merge these (平翘舌, 前后鼻音, n/l)
MERGED_INITIALS = (("zh", "z"), ("ch", "c"), ("sh", "s"))
MERGED_FINALS = (("ang", "an"), ("eng", "en"), ("ing", "in"))


def merged(syllable: str) -> str:
    """A toneless syllable without the distinctions that are often not heard."""
    for long, short in MERGED_INITIALS:
        if syllable.startswith(long):
            syllable = short + syllable[len(long) :]
            break
    for long, short in MERGED_FINALS:
        if syllable.endswith(long):
            return syllable[: -len(long)] + short
    return syllable


def write_sounds(file: Path) -> None:
    """Write {syllable: characters}, each character under its commonest reading."""
    from pypinyin import Style, pinyin

    table: dict[str, list[str]] = defaultdict(list)
    for point in range(FIRST, LAST + 1):
        character = chr(point)
        reading = pinyin(character, style=Style.NORMAL, errors="ignore", v_to_u=False)
        if reading and reading[0][0].isalpha():
            table[merged(reading[0][0])].append(character)
    joined = {syllable: "".join(characters) for syllable, characters in sorted(table.items())}
    file.write_text(json.dumps(joined, ensure_ascii=False, indent=0) + "\n", encoding="utf-8")
