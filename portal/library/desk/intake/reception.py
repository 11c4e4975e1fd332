"""Forms that bring in files or long texts: how much they may hold, and their token once that is known."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import wraps
from pathlib import PurePosixPath
from typing import TypeVar, cast

from flask import current_app, request
from flask_wtf import CSRFProtect  # type: ignore[import-untyped]
from werkzeug.exceptions import RequestEntityTooLarge

from portal.errors import Problem
from portal.uploads.reception import checks_own_token

from .acts import Sent
from .fields import FIELDS
from .limits import MIB, limits

View = TypeVar("View", bound=Callable[..., object])
LONGEST_TYPED = 2000
_LONGEST_NAME = 200
_PARTS = 12_000  # a checkbox for every clause of the longest statute


class ImportTooLarge(Problem):
    """More at once than one form may bring in."""

    slug = "import_too_large"


def takes_imports(view: View) -> View:
    """Marks a view whose form may hold the files of an import, or one field for every clause of it."""

    @wraps(view)
    def receiving(*args: object, **kwargs: object) -> object:
        request.max_content_length = limits().request_mib * MIB
        request.max_form_memory_size = limits().pasted * 4 + MIB
        request.max_form_parts = _PARTS
        try:
            if current_app.config["WTF_CSRF_ENABLED"]:
                csrf: CSRFProtect = current_app.extensions["csrf"]
                csrf.protect()
            return view(*args, **kwargs)
        except RequestEntityTooLarge:
            raise ImportTooLarge(mib=limits().request_mib, files=limits().files) from None

    return checks_own_token(cast(View, receiving))


def sent_files() -> Iterator[Sent]:
    """The files of this form, read one at a time."""
    for sent in request.files.getlist("files"):
        if sent.filename:
            yield Sent(clean_name(sent.filename), sent.stream.read())


def clean_name(name: str) -> str:
    """The last step of a file's name, without characters that cannot be seen."""
    last = PurePosixPath(name.replace("\\", "/")).name
    shown = "".join(c for c in last if c.isprintable()).strip()
    return shown[-_LONGEST_NAME:] or "file"


def typed_fields() -> dict[str, str]:
    """The details that this form holds, as typed."""
    return {name: typed_text(name) for name in FIELDS if name in request.form}


def typed_text(name: str) -> str:
    """A field without the space around it and without characters that cannot be seen."""
    text = request.form.get(name, "")
    return "".join(c for c in text if c.isprintable()).strip()[:LONGEST_TYPED]
