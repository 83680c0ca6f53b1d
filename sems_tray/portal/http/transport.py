"""HTTP by ``requests``: time-outs, a deadline, a size cap, TLS, no foreign hosts."""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import urljoin

import requests

from sems_tray import __version__
from sems_tray.domain.poll_result import Trouble
from sems_tray.domain.time_zones import POSSIBLE_YEARS
from sems_tray.i18n.language import mark
from sems_tray.portal.errors import PortalError, unreadable

from .abortable_session import AbortableSession, SocketWatch
from .failures import elsewhere, explain, is_hang_up, too_late
from .trusted_hosts import is_loopback, origin, own_certificates

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime


log = logging.getLogger(__name__)

CONNECT_S = 5.0
READ_S = 15.0
DEADLINE_S = 30.0
MOST_BYTES = 4 * 1024 * 1024
_CHUNK = 64 * 1024
_MOST_REDIRECTS = 3
# A connection that lay idle for longer may lead through a network that is gone: after
# sleep, another Wi-Fi or a VPN it would hang until the time-out.
_IDLE_S = 5.0
_REDIRECTS = frozenset({301, 302, 303, 307, 308})


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One call. What may hold a secret has no ``repr``."""

    method: str
    url: str = field(repr=False)
    params: Mapping[str, str] = field(default_factory=dict, repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: bytes | None = field(default=None, repr=False)

    @property
    def holds_password(self) -> bool:
        """Whether this is a sign-in, in either dialect: it is not sent again."""
        return b'"pwd"' in (self.body or b"")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What came back. ``date`` is the server's own clock, where it sent it."""

    status: int
    body: bytes = field(repr=False)
    retry_after: str = ""
    date: datetime | None = None


class HttpTransport:
    """The real network. Used by one thread at a time; ``abort`` by any.

    Beside each call, the thread of a timer waits for its deadline: ``requests`` has no
    limit for a whole reply, and a thread that is blocked in a read sees no clock.
    """

    def __init__(
        self,
        *,
        timeouts_s: tuple[float, float] = (CONNECT_S, READ_S),
        deadline_s: float = DEADLINE_S,
    ) -> None:
        self._timeouts_s = timeouts_s
        self._deadline_s = deadline_s
        self._watch = SocketWatch()
        self._sessions: dict[bool, requests.Session] = {}
        self._spoke_at = 0.0

    def send(self, request: Request) -> Reply:
        """Send one request; raise PortalError for anything but a complete reply."""
        url = request.url
        ends_at = time.monotonic() + self._deadline_s
        seen: set[str] = set()
        # What goes round once may carry a password: it is not sent there twice.
        while url not in seen and len(seen) <= _MOST_REDIRECTS:
            seen.add(url)
            reply, location = self._send_once(request, url, ends_at)
            if location is None:
                return reply
            target = _target(url, location)
            if origin(target) is None or origin(target) != origin(request.url):
                raise elsewhere(url, target)
            url = target
        raise PortalError(Trouble.PORTAL_CHANGED, mark("redirected in a circle"))

    def rest(self) -> None:
        """Close idle connections: polls are minutes apart."""
        for session in self._sessions.values():
            session.close()

    def abort(self) -> None:
        """End the call under way, from any thread, and refuse all later ones."""
        self._watch.abort()

    def _session(self, url: str) -> requests.Session:
        # A proxy of the environment must not hear what is meant for this computer.
        local = is_loopback(url)
        if local not in self._sessions:
            session = AbortableSession(self._watch)
            session.trust_env = not local
            session.headers["User-Agent"] = f"sems-tray/{__version__}"
            self._sessions[local] = session
        return self._sessions[local]

    def _send_once(
        self, request: Request, url: str, ends_at: float
    ) -> tuple[Reply, str | None]:
        self._watch.open()
        if self._watch.is_shut:
            raise PortalError(Trouble.UNREACHABLE, mark("stopped"))
        late = threading.Event()

        def cut() -> None:
            late.set()
            self._watch.shut()

        watchdog = threading.Timer(max(ends_at - time.monotonic(), 0.0), cut)
        watchdog.daemon = True
        watchdog.start()
        try:
            got, body = self._exchange(request, url)
        except PortalError:
            raise
        except Exception as exc:
            log.debug("request failed: %s", type(exc).__name__)
            found = explain(exc, url, late=late.is_set())
            if found is None:
                raise
            raise found from exc
        finally:
            watchdog.cancel()
            watchdog.join()  # one that is just firing must not cut the next call
        if late.is_set():
            raise too_late()
        moved = got.status_code in _REDIRECTS
        return _reply(got, body), got.headers.get("Location", "") if moved else None

    def _exchange(self, request: Request, url: str) -> tuple[requests.Response, bytes]:
        """Send and read; once more if a kept connection turns out to be closed."""
        # The wall clock, because the other one stands still while the computer sleeps.
        if abs(time.time() - self._spoke_at) > _IDLE_S:
            self.rest()
        made = self._watch.connections_made
        try:
            return self._ask(request, url)
        except requests.ConnectionError as exc:
            kept = self._watch.connections_made == made and not self._watch.is_shut
            if not kept or request.holds_password or not is_hang_up(exc):
                raise
        self.rest()
        return self._ask(request, url)

    def _ask(self, request: Request, url: str) -> tuple[requests.Response, bytes]:
        own = own_certificates()
        with self._session(url).request(
            request.method,
            url,
            params=request.params if url == request.url else None,
            headers=request.headers,
            data=request.body,
            timeout=self._timeouts_s,
            allow_redirects=False,
            stream=True,
            verify=True if own is None else own.path,  # never "nobody asked"
        ) as got:
            body = _read(got)
        self._spoke_at = time.time()
        return got, body


def _target(url: str, location: str) -> str:
    try:
        return urljoin(url, location)
    except ValueError:  # "http://[half an address"
        return ""


def _read(got: requests.Response) -> bytes:
    """Read the body, decompressed, up to the cap."""
    chunks: list[bytes] = []
    size = 0
    for chunk in got.iter_content(_CHUNK):
        size += len(chunk)
        if size > MOST_BYTES:
            raise unreadable(mark("the reply is larger than 4 MB"))
        chunks.append(chunk)
    return b"".join(chunks)


def _reply(got: requests.Response, body: bytes) -> Reply:
    return Reply(
        status=got.status_code,
        body=body,
        retry_after=got.headers.get("Retry-After", ""),
        date=http_date(got.headers.get("Date", "")),
    )


def http_date(text: str) -> datetime | None:
    """Read an HTTP date; anything else, or another age's, is unknown."""
    try:
        found = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return found if found.tzinfo and found.year in POSSIBLE_YEARS else None


def fetch_feed(address: str, transport: HttpTransport) -> bytes | None:
    """Return the feed's bytes; None if it cannot be had now.

    The transport is one of its own: nothing that the portal gave goes there.
    """
    accept = {"Accept": "application/atom+xml, application/xml;q=0.9"}
    try:
        reply = transport.send(Request(method="GET", url=address, headers=accept))
    except PortalError:
        return None
    finally:
        transport.rest()
    return reply.body if reply.status == HTTPStatus.OK else None
