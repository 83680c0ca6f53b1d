"""A session bus that is none; the real one is used in tests/desktop."""

from __future__ import annotations

import socket
import sys
import threading
from contextlib import suppress

import pytest

pytest.importorskip("jeepney")
import shiboken6

from sems_tray.desktop.session_bus import BUS, Refused, SessionBus

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="D-Bus is for Linux")


class Impostor:
    """Listens where a bus should, and says what the test wants it to."""

    def __init__(self, path: str) -> None:
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.bind(path)
        self._socket.listen()
        self.address = f"unix:path={path}"
        self.heard = b""
        self._answers: list[bytes | None] = []
        self._lines: list[socket.socket] = []
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def says(self, *answers: bytes | None) -> None:
        """Answer each thing heard in turn; None hangs up."""
        self._answers = [*answers]

    def close(self) -> None:
        # Wakes the thread, which a mere close would leave in its accept.
        self._socket.shutdown(socket.SHUT_RDWR)
        self._thread.join(5)
        self._socket.close()
        for line in self._lines:
            line.close()

    def _serve(self) -> None:
        with suppress(OSError):
            line, _ = self._socket.accept()
            self._lines.append(line)
            while heard := line.recv(4096):
                self.heard += heard
                answer = self._answers.pop(0) if self._answers else b""
                if answer is None:
                    line.close()
                    return
                line.sendall(answer)


@pytest.fixture
def impostor(qapp, tmp_path, monkeypatch):
    found = Impostor(str(tmp_path / "bus"))
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", found.address)
    yield found
    found.close()


@pytest.fixture
def bus(impostor):
    """Return a line that ends here: left to Python, it may end in its own slot."""
    line = SessionBus()
    yield line
    shiboken6.delete(line)


OK = b"OK 1234\r\n"
SPEECHES = {
    "hangs up at once": (None,),
    "hangs up after the login": (OK, None),
    "rejects": (b"REJECTED EXTERNAL\r\n",),
    "talks without an end": (b"x" * 9000,),
    "says too much": (OK + b"more",),
    "speaks no D-Bus after the login": (OK, b"HTTP/1.1 400 Bad Request\r\n\r\n"),
    "sends a message of no known type": (OK, b"l\x09\0\1" + bytes(12)),
}


@pytest.mark.parametrize("speech", SPEECHES)
def test_who_speaks_no_dbus_is_left_and_everybody_is_told(qtbot, bus, impostor, speech):
    impostor.says(*SPEECHES[speech])
    replies: list[object] = []
    assert bus.open()
    bus.call(BUS, "GetId", on_reply=replies.append)
    qtbot.waitUntil(lambda: replies != [], timeout=3000)
    assert replies == [Refused(why="connection closed")]
    assert not bus.is_open
    # The next one makes a line of its own.
    assert bus.open()


def test_a_bus_that_says_nothing_holds_nobody_up(qtbot, bus, impostor):
    replies: list[object] = []
    assert bus.open()
    bus.call(BUS, "GetId", on_reply=replies.append)
    qtbot.waitUntil(lambda: impostor.heard.startswith(b"\0AUTH EXTERNAL "))
    assert replies == []
    bus.flush()


def test_a_list_of_addresses_is_tried_in_turn(bus, impostor, monkeypatch):
    addresses = f"unix:path=/nowhere;{impostor.address}"
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", addresses)
    assert bus.open()
