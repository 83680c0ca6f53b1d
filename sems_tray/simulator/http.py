"""Requests and replies as the dialects see them."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeAlias, TypeVar
from urllib.parse import parse_qs

Json: TypeAlias = dict[str, object]
Row = TypeVar("Row")


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One request; header names in lower case."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes
    now: datetime

    def fields(self) -> Json:
        """Return the body's fields, sent as JSON or as a form; else nothing."""
        try:
            read: object = json.loads(self.body)
        except ValueError:
            try:
                form = parse_qs(self.body.decode(), keep_blank_values=True)
            except UnicodeDecodeError:
                return {}
            return {name: values[-1] for name, values in form.items()}
        return read if isinstance(read, dict) else {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """One reply; a ``body`` of bytes goes out as it is, all else as JSON."""

    body: object
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    content_type: str = "application/json;charset=UTF-8"

    def encoded(self) -> bytes:
        """Return the body's bytes."""
        if isinstance(self.body, bytes):
            return self.body
        return _ENCODER.encode(self.body).encode()


_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))

Handler: TypeAlias = Callable[[Request], Reply]

# What the gateway says about a path it does not know: no code at all (facts, 4).
NOT_FOUND = Reply(body={"error_msg": "404 Route Not Found"}, status=404)


def text_of(fields: Mapping[str, object], *names: str) -> str:
    """Return the first field that holds something, as text."""
    for name in names:
        value = fields.get(name)
        if value not in (None, ""):
            return str(value)
    return ""


def whole_of(fields: Mapping[str, object], name: str, default: int) -> int:
    """Return a field as a whole number, or the default."""
    try:
        return int(str(fields.get(name, default)))
    except ValueError:
        return default


def page_of(
    rows: Sequence[Row],
    fields: Mapping[str, object],
    number: str,
    size: str,
    usual: int,
) -> tuple[int, int, Sequence[Row]]:
    """Return the number and the size of the page that two fields ask for, and its rows.

    ``usual`` is the size where none is asked for.
    """
    page = max(1, whole_of(fields, number, 1))
    length = max(1, whole_of(fields, size, usual))
    return page, length, rows[(page - 1) * length : page * length]
