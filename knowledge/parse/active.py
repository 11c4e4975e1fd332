"""Web pages without what acts in them: scripts, frames and the like never reach the record."""

from __future__ import annotations

import re

from lxml import etree  # type: ignore[import-untyped]
from lxml import html as lxml_html

from .encoding import decode
from .errors import damaged

_ACTING = ("script", "iframe", "frame", "frameset", "object", "embed", "applet", "base")
_SCHEMES = ("javascript:", "vbscript:", "data:text")


def without_scripts(content: bytes) -> tuple[bytes, int]:
    """A web page in UTF-8 with everything that acts taken out, and how much that was; the file as it is
    where nothing in it acts. UnreadableDocument where it is no page."""
    text = re.sub(r"^\s*<\?xml[^>]*\?>", "", decode(content).replace("\x00", ""))
    parser = lxml_html.HTMLParser(no_network=True, remove_comments=True, remove_pis=True, huge_tree=True)
    try:
        root = lxml_html.document_fromstring(text, parser=parser)
    except (etree.LxmlError, ValueError):
        raise damaged("网页内容", "web page") from None
    gone = _take_out(root)
    if not gone:
        return content, 0
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
            if name.lower().startswith("on") or name.lower() == "srcdoc" or _runs(value):
                del element.attrib[name]
                gone += 1
        if element.tag == "meta" and (element.get("http-equiv") or "").lower() == "refresh":
            element.attrib.clear()
            gone += 1
    return gone


def _runs(address: str) -> bool:
    """True for an address that is a program; browsers pass over spaces and signs within its scheme."""
    return re.sub(r"[\x00-\x20]+", "", address).lower().startswith(_SCHEMES)
