"""What kind of line a line is: prose, heading, date, signature; and how broken lines join again."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from .document import Line
from .numbering import opens
from .words import words

TERMINAL = "。；：！？…”’」』;:!?."
_QUOTED = re.compile(r"《[^》]{0,200}》|“[^”]{0,200}”|（[^）]{0,200}）|\([^)]{0,200}\)")
_FIGURE = "0-9０-９一二三四五六七八九十"
_DATE = rf"[{_FIGURE}〇零○Ｏ]{{2,4}}\s*年\s*[{_FIGURE}]{{1,3}}\s*月\s*[{_FIGURE}]{{1,3}}\s*日"
DATE = re.compile(_DATE)
_DATE_LINE = re.compile(
    rf"[（(]?\s*(?P<org>[^\d。；：，]{{0,60}}?)\s*{_DATE}\s*(?:印发?|发布|公布)?\s*[)）]?$"
)
NUMBER = re.compile(
    r"[一-鿿A-Za-z（）()、 ]{0,30}[〔\[［【(（]\s*(?:19|20)\d{2}\s*[〕\]］】)）]\s*第?\s*\d{1,5}\s*号"
)
_CJK_GAP = re.compile(r"(?<=[一-鿿《》〔〕（）“”、，。])[ \t\u3000\u00a0]+(?=[一-鿿《》〔〕（）“”、，。])")


def tight(text: str) -> str:
    """``text`` without the spaces that only spread Chinese characters apart."""
    return _CJK_GAP.sub("", text.strip())


def bare(text: str) -> str:
    """``text`` without any white space, for comparing."""
    return re.sub(r"\s+", "", text)


def terminated(text: str) -> bool:
    """True when a sentence ends where this line ends."""
    text = text.rstrip().rstrip("）)")
    return not text or text[-1] in TERMINAL


def is_prose(text: str) -> bool:
    """True when a line holds running text, not a title, a name or a date."""
    outside = _QUOTED.sub("", text)
    return bool(re.search(r"[。；，;,]", outside))


def is_date(text: str) -> bool:
    found = _DATE_LINE.match(text.strip())
    return bool(found and not found["org"])


def is_document_number(text: str) -> bool:
    return bool(NUMBER.fullmatch(tight(text)))


def is_issuer(text: str) -> bool:
    """True when a line is the name of one or more authorities and nothing else."""
    names = [name for name in re.split(r"[\s\u3000、]{1,}", tight(text)) if name]
    return bool(names) and len(text) <= 80 and all(_is_name(name) for name in names)


def _is_name(name: str) -> bool:
    return (
        3 <= len(name) <= 40
        and not re.search(r"[，。；：《》“”\d]", name)
        and name.endswith(words("issuer_endings"))
    )


def signature(text: str) -> tuple[str, str] | None:
    """``(name, date)`` when a line signs a document: a name, a date, or both (with 印发)."""
    text = tight(text)
    found = _DATE_LINE.match(text)
    if found:
        name = tight(found["org"])
        if not name or is_issuer(name):
            return name, DATE.search(text)[0]  # type: ignore[index]
        return None
    return (text, "") if is_issuer(text) else None


def is_addressee(text: str) -> bool:
    """True for a line that names who a document is sent to."""
    text = tight(text)
    if (
        not text.endswith(("：", ":"))
        or len(text) > 160
        or re.search(r"如下|以下|[。；]|为[了深贯全进]|根据", text)
    ):
        return False
    return text.startswith(words("addressees")) or bool(
        re.search(r"(人民政府|委员会|局|办|单位|机构|部门|中心)[：:]$", text)
    )


def is_tail(text: str) -> bool:
    """True for a line that can only stand after the last clause."""
    text = tight(text)
    if opens(text):
        return False
    if signature(text) or text.startswith(words("tail_openers")):
        return True
    return bool(re.fullmatch(r"[（(](此件|本件|联系人|信息公开)[^）)]*[)）]", text))


_FOLDED = re.compile(
    r"(?<=[\s。；：])(?=[一二三四五六七八九十]{1,3}、|（[一二三四五六七八九十]{1,3}）|第[一二三四五六七八九十百零]{1,7}[章条][\s\u3000])"
)


def unfold(lines: Sequence[Line]) -> list[Line]:
    """Lines cut before each number, for a text that came without line breaks."""
    return [
        replace(line, text=piece)
        for line in lines
        for piece in ([line.text] if line.apart else _FOLDED.split(line.text))
    ]


class Layout:
    """How the lines of one document were broken, and hence which of them belong together."""

    def __init__(self, lines: Sequence[Line]) -> None:
        lengths = sorted(len(line.text.strip()) for line in lines if line.text.strip())
        broken = [len(line.text.strip()) for line in lines if line.text.strip() and not terminated(line.text)]
        widest = lengths[int(len(lengths) * 0.9)] if lengths else 0
        full = [length for length in broken if length >= widest - 3]
        self.wrapped = 12 <= widest <= 60 and len(full) * 3 >= len(lengths)
        self.width = widest - 3 if self.wrapped else 20

    def joined(self, before: Line, after: Line, *, opened: bool = False) -> bool:
        """True when ``after`` continues the sentence of ``before``; ``opened``: before has a number."""
        if before.apart or after.apart or after.joins is False:
            return False
        if after.joins:
            return True
        text = before.text.strip()
        if terminated(text):
            return False
        if text[-1] in "，、,":
            return True
        if opened and not is_prose(text) and len(text) < (self.width if self.wrapped else 32):
            return False
        return len(text) >= self.width

    def paragraphs(self, lines: Sequence[Line]) -> list[Line]:
        """Lines with broken paragraphs made whole where that is certain; a line with a number stays apart."""
        whole: list[Line] = []
        last: Line | None = None  # the line above as it was printed
        for line in lines:
            before = whole[-1] if whole else None
            if before is not None and last is not None and self._goes_on(before, last, line):
                text, piece = before.text.rstrip(), line.text.strip()
                whole[-1] = Line(before.number, text + self.glue(text, piece) + piece, joins=before.joins)
            else:
                whole.append(line)
            last = line
        return whole

    def _goes_on(self, before: Line, last: Line, line: Line) -> bool:
        if opens(line.text) or not (line.joins or is_prose(before.text)):
            return False
        return self.joined(last, line, opened=last is before and opens(before.text) is not None)

    @staticmethod
    def glue(before: str, after: str) -> str:
        """What stands between two joined lines: nothing, or a space between Latin words."""
        latin = (
            before[-1:].isascii() and after[:1].isascii() and before[-1:].isalnum() and after[:1].isalnum()
        )
        return " " if latin else ""
