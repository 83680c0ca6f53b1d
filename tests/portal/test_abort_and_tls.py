"""A call can be ended from another thread, under TLS too."""

import threading
import time

import pytest
from urllib3.util import connection

from sems_tray.domain.poll_result import Trouble
from sems_tray.portal.http.transport import HttpTransport
from tests.portal.hostile import OK, Server, answer, fails, hang, post


@pytest.mark.parametrize(
    "head", [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{"]
)
def test_abort_ends_a_hanging_call_at_once(head):
    patient = HttpTransport()
    with Server(hang(head)) as server:
        threading.Timer(0.2, patient.abort).start()
        error = fails(patient, post(server.url), within_s=0.7)
        assert error.trouble is Trouble.UNREACHABLE
        fails(patient, post(server.url), within_s=0.1)
        patient.rest()
    assert server.connections == 1


def connect_slowly(monkeypatch, seconds):
    connect = connection.create_connection

    def slowly(*args, **kwargs):
        time.sleep(seconds)
        return connect(*args, **kwargs)

    monkeypatch.setattr(connection, "create_connection", slowly)


def test_abort_ends_a_call_that_is_still_connecting(monkeypatch):
    patient = HttpTransport()
    with Server(hang()) as server:
        connect_slowly(monkeypatch, 0.3)
        threading.Timer(0.1, patient.abort).start()
        fails(patient, post(server.url), within_s=0.9)
        patient.rest()


def test_the_deadline_holds_for_a_connection_that_came_too_late(monkeypatch):
    brief = HttpTransport(deadline_s=0.2)
    with Server(hang()) as server:
        connect_slowly(monkeypatch, 0.4)
        error = fails(brief, post(server.url), within_s=1)
        assert error.slow
        monkeypatch.undo()
        server.behave = answer(OK)
        assert brief.send(post(server.url)).body == OK
        brief.rest()


def test_abort_works_under_tls(authority, monkeypatch):
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(authority.certificate("127.0.0.1")[1]))
    patient = HttpTransport()
    with Server(answer(OK), authority.wrap("127.0.0.1")) as server:
        url = f"https://127.0.0.1:{server.port}"
        assert patient.send(post(url)).body == OK
        server.behave = hang()
        threading.Timer(0.2, patient.abort).start()
        fails(patient, post(url), within_s=0.7)
        patient.rest()
