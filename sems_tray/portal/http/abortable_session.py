"""A ``requests`` session whose hanging call can be ended from another thread.

``requests`` bounds the wait for the next byte, not for the whole reply, and closing a
session does not disturb a blocked read; shutting the socket down does, at once.  A
socket that is still connecting cannot be reached: the addresses of a host are tried one
after the other, each within the connect time-out, and the first to answer is shut then.
"""

from __future__ import annotations

import contextlib
import socket
import threading
from functools import partial
from http.client import HTTPException, HTTPResponse
from typing import TYPE_CHECKING, Any, cast

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection

if TYPE_CHECKING:
    from urllib3.connectionpool import HTTPConnectionPool


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
        self._is_aborted = False
        self.is_shut = False
        self.connections_made = 0

    def open(self) -> None:
        """Let new sockets live again after ``shut``; not after ``abort``."""
        with self._lock:
            self.is_shut = self._is_aborted

    def add(self, sock: socket.socket) -> socket.socket:
        """Return a second handle: the first is swallowed when TLS wraps the socket."""
        handle = sock.dup()
        with self._lock:
            self._handles.add(handle)
            self.connections_made += 1
            if self.is_shut:  # it was still connecting then
                _shut_down(handle)
        return handle

    def remove(self, handle: socket.socket) -> None:
        """Close the handle of a connection that is closed."""
        with self._lock:
            self._handles.discard(handle)
            handle.close()

    def shut(self) -> None:
        """Shut all sockets down; whoever reads from one gets an error.

        Sockets that are connected later are shut at once, until ``open``.
        """
        with self._lock:
            self.is_shut = True
            for handle in self._handles:
                _shut_down(handle)

    def abort(self) -> None:
        """Shut all sockets down, for good."""
        self._is_aborted = True
        self.shut()


def _shut_down(handle: socket.socket) -> None:
    with contextlib.suppress(OSError):
        handle.shutdown(socket.SHUT_RDWR)


class _PlainConnection(HTTPConnection):
    def __init__(self, watch: SocketWatch, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 (urllib3's own)
        super().__init__(*args, **kwargs)
        self._watch = watch
        self._handle: socket.socket | None = None

    def _new_conn(self) -> socket.socket:
        sock = super()._new_conn()
        self._handle = self._watch.add(sock)
        return sock

    def close(self) -> None:
        super().close()
        if self._handle is not None:
            self._watch.remove(self._handle)
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


class _AbortableAdapter(HTTPAdapter):
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


class AbortableSession(requests.Session):
    """A session over watched sockets that leaves redirects and passwords to us."""

    def __init__(self, watch: SocketWatch) -> None:
        super().__init__()
        self.auth = _as_it_is
        for scheme in ("http://", "https://"):
            self.mount(scheme, _AbortableAdapter(watch))

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
