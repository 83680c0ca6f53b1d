"""Handles on live sockets, so that a hanging call can be ended from another thread.

``requests`` bounds the wait for the next byte, not for the whole reply, and closing a
session does not disturb a blocked read; shutting the socket down does, at once.
"""

from __future__ import annotations

import contextlib
import os
import selectors
import socket
import threading
import time
from functools import partial
from http.client import HTTPException, HTTPResponse
from ipaddress import ip_address
from itertools import zip_longest
from typing import TYPE_CHECKING, Any, cast

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import (
    ConnectTimeoutError,
    NameResolutionError,
    NewConnectionError,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from urllib3.connectionpool import HTTPConnectionPool

    Address = tuple[str, int] | tuple[str, int, int, int]


_CONNECT_S = 5.0


class SocksError(ValueError):
    """The proxy is a SOCKS one: not supported, whatever else is installed."""


class TunnelError(OSError):
    """A proxy did not open the tunnel, and did not say why."""


class WebPageError(OSError):
    """A proxy answered with a web page in place of a tunnel."""


class SocketWatch:
    """The sockets that are open now; all methods may be called from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._handles: set[socket.socket] = set()
        self._is_shut = False
        self.adopted = 0

    @property
    def is_shut(self) -> bool:
        """Whether new sockets are shut at once."""
        return self._is_shut

    def open(self) -> None:
        """Let new sockets live again after ``shut``."""
        with self._lock:
            self._is_shut = False

    def adopt(self, sock: socket.socket) -> socket.socket:
        """Keep a second handle: the first is swallowed when TLS wraps the socket."""
        handle = sock.dup()
        with self._lock:
            self._handles.add(handle)
            self.adopted += 1
            if self._is_shut:  # it was still connecting then
                _shut(handle)
        return handle

    def drop(self, handle: socket.socket) -> None:
        """Forget a handle whose connection is closed."""
        with self._lock:
            self._handles.discard(handle)
            handle.close()

    def shut(self) -> None:
        """Shut all sockets down; whoever reads from one gets an error.

        Sockets that are connected later are shut at once, until ``open``.
        """
        with self._lock:
            self._is_shut = True
            for handle in self._handles:
                _shut(handle)


def _shut(handle: socket.socket) -> None:
    with contextlib.suppress(OSError):
        handle.shutdown(socket.SHUT_RDWR)


class _PlainConnection(HTTPConnection):
    def __init__(self, watch: SocketWatch, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 (urllib3's own)
        super().__init__(*args, **kwargs)
        self._watch = watch
        self._handle: socket.socket | None = None

    def _new_conn(self) -> socket.socket:
        sock = super()._new_conn() if _is_address(self._dns_host) else self._dial()
        self._handle = self._watch.adopt(sock)
        return sock

    def _dial(self) -> socket.socket:
        """Do what urllib3 does, but let the addresses of a name race."""
        given = self.timeout
        timeout_s = float(given) if isinstance(given, int | float) else _CONNECT_S
        try:
            return dial(
                addresses(self._dns_host, self.port),
                timeout_s=timeout_s,
                options=self.socket_options or (),
                stopped=lambda: self._watch.is_shut,
            )
        except socket.gaierror as exc:
            raise NameResolutionError(self.host, self, exc) from exc
        except TimeoutError as exc:
            raise ConnectTimeoutError(self, "timed out") from exc
        except OSError as exc:
            raise NewConnectionError(self, str(exc)) from exc

    def close(self) -> None:
        super().close()
        if self._handle is not None:
            self._watch.drop(self._handle)
            self._handle = None


class _TlsConnection(_PlainConnection, HTTPSConnection):
    """The same for https: HTTPSConnection.connect() calls our ``_new_conn``."""

    def _tunnel(self) -> None:
        """Ask the proxy for the way; urllib3 blames its silence on the far host."""
        replies: list[_TunnelReply] = []

        def answered(sock: socket.socket, **more: Any) -> _TunnelReply:  # noqa: ANN401
            replies.append(_TunnelReply(sock, **more))
            return replies[-1]

        usual: Any = self.response_class
        self.response_class = cast("Any", answered)
        try:
            super()._tunnel()
        except (HTTPException, OSError) as exc:
            if str(exc).startswith("Tunnel connection failed"):
                raise  # with its status
            raise TunnelError from exc
        finally:
            self.response_class = usual
        if any(reply.goes_on for reply in replies):
            raise WebPageError


class _TunnelReply(HTTPResponse):
    """A proxy's reply; ``goes_on`` says that more than its head has come.

    In a tunnel it is the caller who speaks first.  ``http.client`` throws away what
    has come with the head, and the handshake would wait for an answer for ever.
    """

    goes_on = False

    def __init__(self, sock: socket.socket, **more: Any) -> None:  # noqa: ANN401 (http.client's own)
        super().__init__(sock, **more)
        self._sock = sock

    def close(self) -> None:
        """See what has come already, without waiting for more."""
        timeout_s = self._sock.gettimeout()
        with contextlib.suppress(OSError, ValueError):
            self._sock.setblocking(False)
            head: Any = self.fp  # None after what was no HTTP at all
            self.goes_on = bool(head and head.peek(1))
        with contextlib.suppress(OSError):
            self._sock.settimeout(timeout_s)
        super().close()


def _is_address(host: str) -> bool:
    try:
        ip_address(host.strip("[]"))
    except ValueError:
        return False
    return True


class WatchedAdapter(HTTPAdapter):
    """An adapter whose connections all report their sockets to one watch."""

    def __init__(self, watch: SocketWatch) -> None:
        self._watch = watch
        super().__init__(max_retries=0)

    def get_connection_with_tls_context(
        self,
        request: requests.PreparedRequest,
        *args: Any,  # noqa: ANN401 (handed on)
        **kwargs: Any,  # noqa: ANN401
    ) -> HTTPConnectionPool:
        """Return the usual pool, told to make watched connections."""
        pool: Any = super().get_connection_with_tls_context(request, *args, **kwargs)
        kind = _TlsConnection if pool.scheme == "https" else _PlainConnection
        pool.ConnectionCls = partial(kind, self._watch)
        return pool  # type: ignore[no-any-return]

    def proxy_manager_for(self, proxy: str, **proxy_kwargs: Any) -> Any:  # noqa: ANN401 (requests' own)
        """Return the usual manager of a proxy's pools; there is none for SOCKS.

        Watched connections would go past such a proxy.
        """
        if proxy.lower().startswith("socks"):
            raise SocksError
        return super().proxy_manager_for(proxy, **proxy_kwargs)


class WatchedSession(requests.Session):
    """A session over watched sockets that leaves redirects and passwords to us."""

    def __init__(self, watch: SocketWatch) -> None:
        super().__init__()
        self.auth = _as_it_is
        for scheme in ("http://", "https://"):
            self.mount(scheme, WatchedAdapter(watch))

    def get_redirect_target(self, resp: requests.Response) -> str | None:
        """Say that there is none.

        ``requests`` reads the whole body of one to prepare for the next request,
        however large it is.
        """
        del resp
        return None


def _as_it_is(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """Keep ``requests`` from adding a password of ~/.netrc, which is not for GoodWe."""
    return request


# Connect to whichever address of a host answers first (RFC 8305, in short).
#
# Tried one after the other, a family of addresses that leads nowhere (IPv6 behind
# many a VPN and hotel) would use up the time-out of every single connection.


# RFC 8305, section 8: the recommended pause before the next address is tried as well.
STAGGER_S = 0.25


def addresses(host: str, port: int) -> list[tuple[int, Address]]:
    """Look a name up: (family, address), in the order in which to try them.

    The resolver's favourite comes first; then the families take turns, so that the
    second attempt is of the other one.
    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    both: dict[int, list[tuple[int, Address]]] = {}
    for family, _, _, _, address in found:
        both.setdefault(family, []).append((family, address))  # type: ignore[arg-type] # mypy: also Bluetooth's
    turns = zip_longest(*both.values())
    return [it for turn in turns for it in turn if it is not None]


def dial(
    targets: Sequence[tuple[int, Address]],
    *,
    timeout_s: float,
    options: Iterable[tuple[int, int, int | bytes]] = (),
    stopped: Callable[[], bool] = lambda: False,
) -> socket.socket:
    """Return a socket connected to the first target that answers.

    Raises ``OSError``, the last target's own, or ``TimeoutError``: the time is for all
    of them together.  ``stopped`` is asked several times a second.
    """
    waiting = list(targets)
    ends_at = time.monotonic() + timeout_s
    failure = OSError("no address to connect to")
    with selectors.DefaultSelector() as trying:
        try:
            while waiting or trying.get_map():
                left_s = ends_at - time.monotonic()
                if left_s <= 0:
                    raise TimeoutError
                if stopped():
                    raise ConnectionAbortedError
                if waiting:
                    try:
                        sock = _begin(*waiting.pop(0), options)
                    except OSError as exc:  # no route for this family: known at once
                        failure = exc
                        continue
                    trying.register(sock, selectors.EVENT_WRITE)
                for key, _ in trying.select(min(left_s, STAGGER_S)):
                    done = _socket(key)
                    number = done.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
                    trying.unregister(done)
                    if not number:
                        done.settimeout(timeout_s)
                        return done
                    done.close()
                    failure = OSError(number, os.strerror(number))
            raise failure
        finally:
            for key in list(trying.get_map().values()):
                _socket(key).close()


def _begin(
    family: int, address: Address, options: Iterable[tuple[int, int, int | bytes]]
) -> socket.socket:
    """Start connecting and return at once."""
    sock = socket.socket(family, socket.SOCK_STREAM)
    try:
        for option in options:
            sock.setsockopt(*option)
        sock.setblocking(False)
        with contextlib.suppress(BlockingIOError):  # it is under way
            sock.connect(address)
    except BaseException:
        sock.close()
        raise
    return sock


def _socket(key: selectors.SelectorKey) -> socket.socket:
    assert isinstance(key.fileobj, socket.socket)  # noqa: S101 (only these are registered)
    return key.fileobj
