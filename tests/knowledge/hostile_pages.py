"""Pages made to harm whoever draws them: huge boxes, huge pictures, forms drawing each other without end."""

from __future__ import annotations

import zlib
from collections.abc import Callable

HELLO = b"BT /F 24 Tf 100 700 Td (hello) Tj ET"
_RESOURCES = (
    b"<< /Font << /F << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> /XObject << /X 5 0 R >> >>"
)


def page(box: str = "0 0 595 842", drawn: bytes = HELLO, further: bytes = b"") -> bytes:
    """A PDF of one page, with its box, what is drawn on it, and objects from number 5 on."""
    described = b"<< /Type /Page /Parent 2 0 R /MediaBox [%s] /Contents 4 0 R /Resources %s >>"
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        described % (box.encode(), _RESOURCES),
        stream(b"", drawn),
    )
    body = b"".join(numbered(n, one) for n, one in enumerate(objects, 1))
    return b"%PDF-1.7\n" + body + further + b"trailer << /Root 1 0 R >>\n%%EOF"


def numbered(number: int, content: bytes) -> bytes:
    return b"%d 0 obj\n%s\nendobj\n" % (number, content)


def stream(described: bytes, content: bytes) -> bytes:
    return b"<< %s /Length %d >>\nstream\n%s\nendstream" % (described, len(content), content)


def huge_picture(side: int = 30_000) -> bytes:
    """A picture that unpacks to gigabytes."""
    pack, packed = zlib.compressobj(9), b""
    for _ in range(side * side * 3 >> 20):
        packed += pack.compress(bytes(1 << 20))
    described = (
        b"/Type /XObject /Subtype /Image /ColorSpace /DeviceRGB /BitsPerComponent 8 /Filter /FlateDecode "
        b"/Width %d /Height %d" % (side, side)
    )
    picture = numbered(5, stream(described, packed + pack.flush()))
    return page(drawn=b"q 500 0 0 500 0 0 cm /X Do Q", further=picture)


def forms_without_end(deep: int = 12, each: int = 10) -> bytes:
    """Forms of which each draws the next ten times: a million million rectangles."""
    further = b""
    for n in range(deep):
        drawn = b"/N Do " * each if n < deep - 1 else b"0 0 10 10 re f"
        inner = b"<< /XObject << /N %d 0 R >> >>" % (6 + n)
        described = b"/Type /XObject /Subtype /Form /BBox [0 0 600 800] /Resources " + inner
        further += numbered(5 + n, stream(described, drawn))
    return page(drawn=b"/X Do", further=further)


HOSTILE: dict[str, Callable[[], bytes]] = {
    "a huge page": lambda: page("0 0 10000000 10000000"),
    "a page like a ribbon": lambda: page("0 0 1 14400"),
    "a page wider than any": lambda: page("0 0 1e9 1"),
    "a page beyond numbers": lambda: page("0 0 1e400 1e400"),
    "a page of no size": lambda: page("0 0 0 0"),
    "a page from nowhere to nowhere": lambda: page("-1e30 -1e30 1e30 1e30"),
    "a page with a huge picture": huge_picture,
    "forms that draw each other without end": forms_without_end,
    "no page at all": lambda: b"%PDF-1.7\nnothing here",
}
