"""The pages of a PDF that waits with its editor, drawn one by one when they are asked for; none is kept."""

from __future__ import annotations

from flask import Blueprint
from werkzeug.wrappers import Response

from knowledge.parse import UnreadableDocument
from knowledge.parse.pdf_page import Bounds, draw_page
from portal.errors import NotFound, Problem
from portal.permissions import Permission, requires

from .drafted import file_text
from .limits import Limits, limits
from .views import pending_import

pages = Blueprint("desk_import_pages", __name__, url_prefix="/staff/knowledge/import")


class PageUndrawn(Problem):
    """A page that cannot be drawn within the limits; its text is there all the same."""

    slug = "page_undrawn"


@pages.get("/<int:number>/pages/<int:page>.png")
@requires(Permission.KNOWLEDGE_EDIT)
def picture(number: int, page: int) -> Response:
    """A page (from 1) of one's own pending PDF; NotFound for any other."""
    pending = pending_import(number)
    drawn = min(len(file_text(pending).pages), limits().pages)
    if not 1 <= page <= drawn:
        raise NotFound
    try:
        content = draw_page(pending.content, page, bounds(limits()))
    except UnreadableDocument:
        raise PageUndrawn from None
    return Response(content, mimetype="image/png")


def bounds(held: Limits) -> Bounds:
    return Bounds(held.page_width, held.page_pixels, held.page_seconds, held.page_mib)
