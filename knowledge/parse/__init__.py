"""Files into clauses: pure functions that take bytes and return frozen values."""

from .document import LeftOut, Line, ParsedDocument, Reason, Source
from .errors import UnreadableDocument
from .parser import parse_document, parse_source

__all__ = [
    "LeftOut",
    "Line",
    "ParsedDocument",
    "Reason",
    "Source",
    "UnreadableDocument",
    "parse_document",
    "parse_source",
]
