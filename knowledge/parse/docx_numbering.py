"""Automatic numbering in Word documents, rendered as Word shows it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from lxml import etree  # type: ignore[import-untyped]

from .numbering import chinese_numeral

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_DEPTH = 9


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a list: where it starts, how it counts, what it shows, what restarts it."""

    start: int = 1
    form: str = "decimal"
    shown: str = ""
    restart: int | None = None
    legal: bool = False


@dataclass(slots=True)
class Numbering:
    """The lists of a document, and how far each has counted."""

    levels: dict[str, dict[int, Level]] = field(default_factory=dict)
    abstract: dict[str, str] = field(default_factory=dict)
    _counts: dict[str, list[int]] = field(default_factory=dict)

    @classmethod
    def of(cls, part: etree._Element | None) -> Numbering:
        """The lists that a numbering part (``word/numbering.xml``) defines."""
        numbering = cls()
        if part is None:
            return numbering
        drawn = {_id(e, "abstractNumId"): _levels(e) for e in part.findall(f"{W}abstractNum")}
        for instance in part.findall(f"{W}num"):
            number, base = _id(instance, "numId"), _value(instance, "abstractNumId")
            levels = dict(drawn.get(base, {}))
            for override in instance.findall(f"{W}lvlOverride"):
                depth = int(_id(override, "ilvl") or 0)
                levels |= {d: level for d, level in _levels(override).items() if d == depth}
                start = _value(override, "startOverride")
                if start.isdecimal():
                    old = levels.get(depth, Level())
                    levels[depth] = Level(int(start), old.form, old.shown, old.restart, old.legal)
                    base = f"{base}:{number}"  # an overridden start counts on its own
            numbering.levels[number] = levels
            numbering.abstract[number] = base
        return numbering

    def next(self, number: str, depth: int) -> str:
        """The text that Word shows before the next paragraph of a list; empty if it shows none."""
        levels = self.levels.get(number)
        if not levels or depth not in levels:
            return ""
        counts = self._counts.setdefault(self.abstract[number], [0] * _DEPTH)
        level = levels[depth]
        counts[depth] = counts[depth] + 1 if counts[depth] else level.start
        for below in range(depth + 1, _DEPTH):
            restart = levels[below].restart if below in levels else None
            if restart is None or 0 < depth + 1 <= restart:
                counts[below] = 0
        for above in range(depth):
            counts[above] = counts[above] or levels.get(above, Level()).start
        return self._shown(levels, counts, level)

    @staticmethod
    def _shown(levels: dict[int, Level], counts: list[int], level: Level) -> str:
        if level.form == "bullet":
            return ""  # a bullet is decoration, not a number
        text = level.shown
        for depth in range(_DEPTH):
            if f"%{depth + 1}" in text:
                form = "decimal" if level.legal else levels.get(depth, Level()).form
                text = text.replace(f"%{depth + 1}", counted(counts[depth], form))
        return text


def _id(element: etree._Element, name: str) -> str:
    return element.get(f"{W}{name}") or ""


def _value(element: etree._Element, name: str) -> str:
    child = element.find(f"{W}{name}")
    return (child.get(f"{W}val") or "") if child is not None else ""


def _levels(element: etree._Element) -> dict[int, Level]:
    levels = {}
    for level in element.findall(f"{W}lvl"):
        start, restart = _value(level, "start"), _value(level, "lvlRestart")
        levels[int(_id(level, "ilvl") or 0)] = Level(
            start=int(start) if start.isdecimal() else 0 if start == "0" else 1,
            form=_value(level, "numFmt") or "decimal",
            shown=_value(level, "lvlText"),
            restart=int(restart) if restart.isdecimal() else None,
            legal=level.find(f"{W}isLgl") is not None,
        )
    return levels


_CHINESE = {
    "chineseCounting",
    "chineseCountingThousand",
    "chineseLegalSimplified",
    "ideographDigital",
    "japaneseCounting",
    "taiwaneseCounting",
    "taiwaneseCountingThousand",
    "koreanCounting",
}


_ENCLOSED = {
    "decimalEnclosedCircle": (0x245F, 20),
    "decimalEnclosedCircleChinese": (0x245F, 20),
    "decimalEnclosedParen": (0x2473, 20),
    "decimalEnclosedFullstop": (0x2487, 20),
    "ideographEnclosedCircle": (0x327F, 10),
}
_FULL_WIDTH = {ord("0") + digit: ord("０") + digit for digit in range(10)}


def counted(number: int, form: str) -> str:
    """``number`` in one of Word's number formats; in plain digits where the format is unknown."""
    first, most = _ENCLOSED.get(form, (0, 0))
    if 1 <= number <= most:
        return chr(first + number)
    forms: dict[str, Callable[[int], str]] = {
        "none": lambda _: "",
        "upperLetter": _letters,
        "lowerLetter": lambda n: _letters(n).lower(),
        "upperRoman": _roman,
        "lowerRoman": lambda n: _roman(n).lower(),
        "decimalZero": lambda n: f"{n:02d}",
        "decimalFullWidth": lambda n: str(n).translate(_FULL_WIDTH),
    }
    return forms.get(form, chinese_numeral if form in _CHINESE else str)(number)


def _letters(number: int) -> str:
    """A to Z, then AA, BB: Word repeats the letter."""
    return chr(ord("A") + (number - 1) % 26) * ((number - 1) // 26 + 1) if number > 0 else ""


def _roman(number: int) -> str:
    text = ""
    for value, sign in zip(
        (1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1),
        ("M", "CM", "D", "CD", "C", "XC", "L", "XL", "X", "IX", "V", "IV", "I"),
        strict=True,
    ):
        text += sign * (number // value)
        number %= value
    return text
