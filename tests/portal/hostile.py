"""Small servers on loopback that answer with raw bytes, badly."""

import socket
import threading
import time
from contextlib import closing, suppress

import pytest

from sems_tray.portal.errors import PortalError
from sems_tray.portal.http.transport import Request


class Server:
    """Accepts connections and hands each to ``behave(connection, request)``.

    ``requests`` holds what was read of each; a connection that sends nothing counts
    in ``connections`` alone.
    """

    def __init__(self, behave, wrap=None, host="127.0.0.1"):
        self.behave, self.wrap = behave, wrap
        self.requests = []
        self.connections = 0
        self.stopping = threading.Event()
        self._threads = []
        self._open = []
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self._socket = socket.create_server((host, 0), family=family)
        self._host = host
        self.port = self._socket.getsockname()[1]
        self.url = f"http://{f'[{host}]' if ':' in host else host}:{self.port}"
        self._acceptor = threading.Thread(target=self._accept)

    def __enter__(self):
        self._acceptor.start()
        return self

    def __exit__(self, *_):
        self.stopping.set()
        with suppress(OSError):
            socket.create_connection((self._host, self.port), 1).close()
        self._acceptor.join(5)
        for connection in self._open:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(5)
            assert not thread.is_alive()
        self._socket.close()

    def _accept(self):
        while True:
            connection, _ = self._socket.accept()
            if self.stopping.is_set():
                connection.close()
                return
            self.connections += 1
            self._open.append(connection)
            thread = threading.Thread(target=self._serve, args=(connection,))
            self._threads.append(thread)
            thread.start()

    def _serve(self, connection):
        with suppress(OSError), closing(connection):
            if self.wrap is not None:
                connection = self.wrap(connection)
            with closing(connection):
                while request := read_request(connection):
                    self.requests.append(request)
                    if self.behave(connection, request) is not KEEP:
                        return


KEEP = object()
OK = b'{"code": 0}'


def read_request(connection):
    """Return one request's bytes, head and body; empty at the end."""
    got = b""
    while b"\r\n\r\n" not in got:
        more = connection.recv(65536)
        if not more:
            return b""
        got += more
    head, _, body = got.partition(b"\r\n\r\n")
    length = 0
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            length = int(line.partition(b":")[2])
    while len(body) < length:
        body += connection.recv(65536)
    return head + b"\r\n\r\n" + body


def answer(body, status="200 OK", **headers):
    """Return a behaviour: one complete reply."""
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    names.setdefault("Content-Length", len(body))
    lines = [f"HTTP/1.1 {status}", *(f"{name}: {names[name]}" for name in names)]
    raw = "\r\n".join(lines).encode() + b"\r\n\r\n" + body

    def behave(connection, _):
        connection.sendall(raw)
        return KEEP

    return behave


def raw(data):
    """Return a behaviour: these bytes, then the end."""

    def behave(connection, _):
        connection.sendall(data)

    return behave


def drip(head, piece, pause_s=0.05):
    """Return a behaviour: a head, then a piece again and again."""

    def behave(connection, _):
        connection.sendall(head)
        while True:  # until the caller hangs up
            time.sleep(pause_s)
            connection.sendall(piece)

    return behave


def hang(head=b""):
    """Return a behaviour: a beginning, and then nothing until the caller is gone."""

    def behave(connection, _):
        connection.sendall(head)
        connection.recv(1)

    return behave


def post(to, path="/x", **more):
    return Request(method="POST", url=f"{to}{path}", body=b'{"pwd": "secret"}', **more)


def fails(with_, request, within_s=1.5):
    began = time.monotonic()
    with pytest.raises(PortalError) as caught:
        with_.send(request)
    assert time.monotonic() - began < within_s
    assert "secret" not in str(caught.value)
    return caught.value
