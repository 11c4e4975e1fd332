"""Web pages without what acts in them: scripts, frames and the like never reach the record."""

from __future__ import annotations

import re

from lxml import etree  # type: ignore[import-untyped]
from lxml import html as lxml_html

from .encoding import decode
from .errors import damaged

_ACTING = ("script", "iframe", "frame", "frameset", "object", "embed", "applet", "base")
_SCHEMES = re.compile(r"[\s\x00-\x20]*(?:javascript|vbscript|data:\s*text)[\s\x00-\x20]*[:/]", re.IGNORECASE)
_SIGNS = re.compile(
    rb"<\s*(?:" + "|".join(_ACTING).encode() + rb")\b|\son\w+\s*=|(?:javascript|vbscript)\s*:", re.I
)


def without_scripts(content: bytes) -> tuple[bytes, int]:
    """A web page in UTF-8 with everything that acts taken out, and how much that was; the file as it is
    where nothing in it acts. UnreadableDocument where it is no page."""
    if not _SIGNS.search(content) and b"\x00" not in content:
        return content, 0
    text = re.sub(r"^\s*<\?xml[^>]*\?>", "", decode(content).replace("\x00", ""))
    parser = lxml_html.HTMLParser(no_network=True, remove_comments=True, remove_pis=True, huge_tree=True)
    try:
        root = lxml_html.document_fromstring(text, parser=parser)
    except (etree.LxmlError, ValueError):
        raise damaged("网页内容", "web page") from None
    gone = _take_out(root)
    page = etree.tostring(root, method="html", encoding="utf-8", doctype="<!DOCTYPE html>")
    return bytes(page), gone


def _take_out(root: etree._Element) -> int:
    gone = 0
    for element in list(root.iter(*_ACTING)):
        if element.getparent() is not None:
            element.drop_tree()
            gone += 1
    for element in root.iter(etree.Element):
        for name, value in list(element.attrib.items()):
            if name.lower().startswith("on") or name.lower() == "srcdoc" or _SCHEMES.match(value):
                del element.attrib[name]
                gone += 1
        if element.tag == "meta" and (element.get("http-equiv") or "").lower() == "refresh":
            element.attrib.clear()
            gone += 1
    return gone
