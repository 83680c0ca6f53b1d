"""Misbehaviour on demand: what a test asks the portal to do wrong."""

import threading
from dataclasses import dataclass, replace
from datetime import datetime

from .classic import envelope as old
from .http import NOT_FOUND, Reply
from .semsplus import envelope as new

HUGE_BYTES = 100 * 1024 * 1024
ELSEWHERE = "https://elsewhere.invalid/"
HANG, DRIP, BIG = "hang", "drip", "big"
_HTML = b"<!DOCTYPE html><html><body><h1>Under maintenance</h1></body></html>"
_HTML_TYPE = "text/html;charset=UTF-8"


@dataclass(frozen=True, slots=True, kw_only=True)
class Injection:
    """One order: paths that end so are answered wrong; ``times`` None is for ever.

    ``about`` is the id of the one station that it is for, in the query or the body.
    It holds from ``since`` up to ``until``, where these are given.
    """

    path_suffix: str
    how: str
    times: int | None
    retry_after_s: int | None
    about: str = ""
    since: datetime | None = None
    until: datetime | None = None

    def holds(self, at: datetime) -> bool:
        """Say whether the order is in force at an instant."""
        return (self.since is None or self.since <= at) and not self.is_over(at)

    def is_over(self, at: datetime) -> bool:
        """Say whether the order will never hold again."""
        return self.until is not None and self.until <= at


class Injections:
    """The orders in force."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._orders: list[Injection] = []

    def add(self, order: Injection) -> None:
        """Add an order; the latest that fits a path wins."""
        with self._lock:
            self._orders.insert(0, order)

    def clear(self) -> None:
        """Behave again."""
        with self._lock:
            self._orders.clear()

    def take(self, path: str, said: str, now: datetime) -> Injection | None:
        """Return the order that applies to a request, and use it up once."""
        with self._lock:
            self._orders = [it for it in self._orders if not it.is_over(now)]
            for index, order in enumerate(self._orders):
                fits = path.endswith(order.path_suffix) and order.about in said
                if not fits or not order.holds(now):
                    continue
                if order.times is not None:
                    left = order.times - 1
                    if left > 0:
                        self._orders[index] = replace(order, times=left)
                    else:
                        del self._orders[index]
                return order
        return None


def wrong_reply(order: Injection, *, classic: bool) -> Reply:
    """Return the reply of an order that is one (hang, drip and big are not)."""
    success = old.success if classic else new.success
    pause = {} if order.retry_after_s is None else {"Retry-After": order.retry_after_s}
    headers = {name: str(value) for name, value in pause.items()}
    fixed = {
        "html": Reply(body=_HTML, content_type=_HTML_TYPE),
        "empty": Reply(body=b""),
        "500": Reply(body=_HTML, status=500, content_type=_HTML_TYPE),
        "503": Reply(body=_HTML, status=503, content_type=_HTML_TYPE, headers=headers),
        "redirect": Reply(body=b"", status=302, headers={"Location": ELSEWHERE}),
        "404": NOT_FOUND,
        "429": Reply(body={"msg": "Too Many Requests"}, status=429, headers=headers),
        "broken-json": Reply(body=b'{"code": "00000", "data": {"pSystem": 1.'),
        "not-an-object": Reply(body=["00000"]),
        "no-code": Reply(body={"description": "success", "data": {}}),
        "empty-data": success({}),
        "null-data": success(None),
        "throttle": new.throttled(),
    }
    if order.how in fixed:
        return fixed[order.how]
    code = order.how
    if code == "expired":
        code = "100002" if classic else "C0602"
    text = f"The request failed ({code})."
    if not classic:
        return new.refused(code, text)
    # The classic portal sends its codes as numbers, most of the time.
    return old.refused(int(code) if code.isdigit() else code, text)
