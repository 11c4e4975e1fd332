"""Reading what callers send: JSON bodies and query strings, held against the schemas that are published."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Any, NoReturn

from flask import request
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]
from jsonschema.exceptions import ValidationError  # type: ignore[import-untyped]
from werkzeug.exceptions import RequestEntityTooLarge

from .days import written_day
from .errors import FieldError, FieldErrors, Unreadable, UnsupportedMedia

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def read_json(schema: Mapping[str, Any]) -> dict[str, Any]:
    """The JSON object of this request's body, valid by ``schema``.

    Raises UnsupportedMedia for another content type, Unreadable for a body that is no UTF-8 JSON
    object, FieldErrors naming every field that is wrong.
    """
    charset = request.mimetype_params.get("charset", "utf-8").lower()
    if request.mimetype != "application/json" or charset not in ("utf-8", "utf8"):
        raise UnsupportedMedia
    try:
        body = json.loads(_whole_body().decode("utf-8-sig"), parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        raise Unreadable from None
    if not isinstance(body, dict):
        raise Unreadable
    check(schema, body)
    return body


def read_json_or_nothing(schema: Mapping[str, Any]) -> dict[str, Any]:
    """The same for a request that may come without a body: an empty object then."""
    return read_json(schema) if _whole_body() else {}


def check(schema: Mapping[str, Any], values: Mapping[str, Any]) -> None:
    """Raises FieldErrors naming every field of ``values`` that ``schema`` does not allow."""
    found = [_field_error(error) for error in _validator(json.dumps(schema)).iter_errors(values)]
    if found:
        raise FieldErrors(errors=found)


def read_day(text: str | None, field: str = "on") -> date | None:
    """A day written ``2026-11-22``; None where none is given."""
    if text is None:
        return None
    try:
        if not _DAY.fullmatch(text):
            raise ValueError
        return date.fromisoformat(text)
    except ValueError:
        raise FieldErrors(errors=[FieldError(field, "date")]) from None


def typed_day(text: str | None, field: str) -> date | None:
    """A day as people type it in a form (2026-11-22, 2026年11月22日); None where none is given.

    The API takes a day in one writing only (``read_day``): it is published in its description.
    """
    if not text or not text.strip():
        return None
    try:
        return written_day(text)
    except ValueError:
        raise FieldErrors(errors=[FieldError(field, "date")]) from None


def query_text(name: str, limit: int = 200) -> str:
    """A query parameter as text without outer blanks; FieldErrors where it is too long."""
    text = request.args.get(name, "")
    if len(text) > limit:
        raise FieldErrors(errors=[FieldError(name, "too_long", {"limit": limit, "length": len(text)})])
    return text.strip()


def query_number(name: str, default: int, low: int, high: int) -> int:
    """A query parameter as an integer in a range."""
    text = request.args.get(name)
    if text is None:
        return default
    if not re.fullmatch(r"[0-9]{1,6}", text) or not low <= int(text) <= high:
        raise FieldErrors(errors=[FieldError(name, "range", {"low": low, "high": high})])
    return int(text)


def _whole_body() -> bytes:
    """The body of this request. One sent in chunks has no length to refuse it by, and is cut at the limit."""
    data = request.get_data()
    if request.content_length is None and len(data) >= (request.max_content_length or len(data) + 1):
        raise RequestEntityTooLarge
    return data


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")


@cache
def _validator(schema: str) -> Draft202012Validator:
    return Draft202012Validator(json.loads(schema))


def _field_error(error: ValidationError) -> FieldError:  # noqa: PLR0911  a table, one row a keyword
    field = "/".join(str(step) for step in error.absolute_path)
    match error.validator:
        case "required":
            missing = next(n for n in error.validator_value if n not in error.instance)
            return FieldError(missing, "required")
        case "maxLength":
            return FieldError(
                field, "too_long", {"limit": error.validator_value, "length": len(error.instance)}
            )
        case "minLength" | "pattern":
            unfit = error.schema.get("x-error", "required") if error.instance.strip() else "required"
            return FieldError(field, "date" if field == "on" else unfit)
        case "additionalProperties":
            known = error.schema.get("properties", {})
            return FieldError(next(name for name in error.instance if name not in known), "unknown_field")
        case "enum":
            return FieldError(field, "choice", {"choices": [str(v) for v in error.validator_value]})
        case "type":
            expected = error.validator_value
            names = expected if isinstance(expected, list) else [expected]
            return FieldError(field, "type", {"expected": " / ".join(names)})
        case _:
            return FieldError(field, "characters")
