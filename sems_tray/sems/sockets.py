"""Handles on live sockets, so that a hanging call can be ended from another thread.

``requests`` bounds the wait for the next byte, not for the whole reply, and closing a
session does not disturb a blocked read; shutting the socket down does, at once.
"""

from __future__ import annotations

import contextlib
import socket
import threading
from functools import partial
from typing import TYPE_CHECKING, Any

from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection

if TYPE_CHECKING:
    import requests
    from urllib3.connectionpool import HTTPConnectionPool


class SocketWatch:
    """The sockets that are open now; all methods may be called from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._handles: set[socket.socket] = set()
        self._is_shut = False

    def open(self) -> None:
        """Let new sockets live again after ``shut``."""
        with self._lock:
            self._is_shut = False

    def adopt(self, sock: socket.socket) -> socket.socket:
        """Keep a second handle: the first is swallowed when TLS wraps the socket."""
        handle = sock.dup()
        with self._lock:
            self._handles.add(handle)
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
        sock = super()._new_conn()
        self._handle = self._watch.adopt(sock)
        return sock

    def close(self) -> None:
        super().close()
        if self._handle is not None:
            self._watch.drop(self._handle)
            self._handle = None


class _TlsConnection(_PlainConnection, HTTPSConnection):
    """The same for https: HTTPSConnection.connect() calls our ``_new_conn``."""


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
