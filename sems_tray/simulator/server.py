"""The HTTP side: sockets, keep-alive, the record of requests, misbehaviour."""

import contextlib
import socket
import threading
from collections.abc import Callable
from datetime import datetime
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

from . import injection
from .http import Reply
from .injection import Injection, wrong_reply
from .portal import Portal, dialect_of

MAX_BODY_BYTES = 1_000_000
DRIP_S = 0.25
DRIPPED = 4096
_CHUNK = b" " * 65536


class Server(ThreadingHTTPServer):
    """Listens on one port and ends every connection when it is told to stop."""

    daemon_threads = True
    block_on_close = False
    allow_reuse_address = True
    request_queue_size = 32

    def __init__(
        self,
        address: tuple[str, int],
        *,
        now: Callable[[], datetime],
        portal: Portal,
    ) -> None:
        self.now = now
        self.portal = portal
        self.stopping = threading.Event()
        self.lock = threading.Lock()
        self._open: dict[socket.socket, threading.Thread] = {}
        if ":" in address[0]:
            self.address_family = socket.AF_INET6
        super().__init__(address, _Connection)

    def server_bind(self) -> None:
        """Bind without asking a name server who we are, which can take seconds."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind(self.server_address)
        self.server_address = self.socket.getsockname()
        port: int = self.server_address[1]
        self.server_name, self.server_port = str(self.server_address[0]), port

    def process_request_thread(self, request: object, client_address: object) -> None:
        """Serve one connection, remembering it while it is open."""
        assert isinstance(request, socket.socket)  # noqa: S101  the base's promise
        with self.lock:
            self._open[request] = threading.current_thread()
        if self.stopping.is_set():  # accepted while the others were hung up on
            self.shutdown_request(request)
        try:
            super().process_request_thread(request, client_address)
        finally:
            with self.lock:
                self._open.pop(request, None)

    def handle_error(self, request: object, client_address: object) -> None:
        """Pass over clients that left in the middle; show our own mistakes."""
        import sys

        error = sys.exc_info()[1]
        if isinstance(error, OSError) or self.stopping.is_set():
            return
        super().handle_error(request, client_address)  # type: ignore[arg-type]

    def hang_up(self) -> None:
        """End every connection and wait for its thread."""
        self.stopping.set()
        with self.lock:
            still = list(self._open.items())
        for connection, _ in still:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        for _, thread in still:
            thread.join(0.4)


class _Connection(BaseHTTPRequestHandler):
    """One connection, kept alive."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    timeout = 120
    server: Server

    def do_GET(self) -> None:
        self._serve()

    def do_POST(self) -> None:
        self._serve()

    def date_time_string(self, timestamp: float | None = None) -> str:  # noqa: ARG002
        """Return the simulated time: the Date header is a clock to clients."""
        return format_datetime(self.server.now(), usegmt=True)

    def version_string(self) -> str:
        return "nginx"

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Say nothing: requests are recorded instead."""

    def _serve(self) -> None:
        parts = urlsplit(self.path)
        length = self.headers.get("Content-Length", "0")
        if not length.isdigit() or int(length) > MAX_BODY_BYTES:
            self.close_connection = True
            self._send(Reply(body=b"", status=400))
            return
        body = self.rfile.read(int(length))
        found = self.server.portal.answer(
            self.command,
            parts.path,
            parts.query,
            {k.lower(): v for k, v in self.headers.items()},
            body,
            self.server.now(),
        )
        if isinstance(found, Injection):
            classic = dialect_of(parts.path) == "classic"
            self._misbehave(found, classic=classic)
        else:
            self._send(found)

    def _send(self, reply: Reply) -> None:
        body = reply.encoded()
        self._head(reply, len(body))
        self.wfile.write(body)

    def _head(self, reply: Reply, length: int) -> None:
        self.send_response(reply.status)
        self.send_header("Content-Type", reply.content_type)
        self.send_header("Content-Length", str(length))
        for name, value in reply.headers.items():
            self.send_header(name, value)
        self.end_headers()

    def _misbehave(self, order: injection.Injection, *, classic: bool) -> None:
        if order.how == injection.HANG:
            self.close_connection = True
            self.server.stopping.wait()
        elif order.how == injection.DRIP:
            self._head(Reply(body=b""), DRIPPED)
            for _ in range(DRIPPED):
                self.wfile.write(b" ")
                if self.server.stopping.wait(DRIP_S):
                    break
            self.close_connection = True
        elif order.how == injection.BIG:
            self._head(Reply(body=b""), injection.HUGE_BYTES)
            for _ in range(injection.HUGE_BYTES // len(_CHUNK)):
                self.wfile.write(_CHUNK)
        else:
            self._send(wrong_reply(order, classic=classic))
