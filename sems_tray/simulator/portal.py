"""The portal behind the socket: what is asked is recorded and handed to a dialect."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import parse_qsl

from .http import NOT_FOUND, Handler, Reply, Request
from .injection import Injection, Injections

SEMSPLUS_PREFIX, CLASSIC_PREFIX = "/web/sems/", "/api/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """One request that was made; ``at`` is the simulated instant."""

    method: str
    path: str
    query: str
    dialect: str
    at: datetime


@dataclass(slots=True, kw_only=True)
class Portal:
    """Answers requests, from whatever thread and by whatever way they come."""

    dialects: Mapping[str, Handler]
    injections: Injections
    recorded: list[Recorded] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def answer(
        self,
        method: str,
        path: str,
        query: str,
        headers: Mapping[str, str],
        body: bytes,
        now: datetime,
    ) -> Reply | Injection:
        """Return the reply, or the order to misbehave; header names in lower case."""
        dialect = dialect_of(path)
        with self._lock:
            self.recorded.append(
                Recorded(method=method, path=path, query=query, dialect=dialect, at=now)
            )
        said = query + body.decode(errors="replace")
        order = self.injections.take(path, said, now)
        if order is not None:
            return order
        handler = self.dialects.get(dialect)
        if handler is None:
            return NOT_FOUND
        return handler(
            Request(
                method=method,
                path=path,
                query=dict(parse_qsl(query, keep_blank_values=True)),
                headers=headers,
                body=body,
                now=now,
            )
        )


def dialect_of(path: str) -> str:
    """Return the name of the dialect that a path belongs to, or "none"."""
    if path.startswith(SEMSPLUS_PREFIX):
        return "semsplus"
    return "classic" if path.startswith(CLASSIC_PREFIX) else "none"
