"""A call can be ended from another thread, and TLS is verified."""

import ssl
import threading
import time
from subprocess import run

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


def test_abort_ends_a_call_that_is_still_connecting(monkeypatch):
    patient = HttpTransport()
    connect = connection.create_connection

    def slowly(*args, **kwargs):
        time.sleep(0.3)
        return connect(*args, **kwargs)

    with Server(hang()) as server:
        monkeypatch.setattr(connection, "create_connection", slowly)
        threading.Timer(0.1, patient.abort).start()
        fails(patient, post(server.url), within_s=0.9)
        patient.rest()


def test_the_deadline_holds_for_a_connection_that_came_too_late(monkeypatch):
    brief = HttpTransport(deadline_s=0.2)
    connect = connection.create_connection

    def slowly(*args, **kwargs):
        time.sleep(0.4)
        return connect(*args, **kwargs)

    with Server(hang()) as server:
        monkeypatch.setattr(connection, "create_connection", slowly)
        error = fails(brief, post(server.url), within_s=1)
        assert error.slow
        monkeypatch.undo()
        server.behave = answer(OK)
        assert brief.send(post(server.url)).body == OK
        brief.rest()


@pytest.fixture(scope="session")
def certificate(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tls")
    key, pem = folder / "key.pem", folder / "cert.pem"
    words = "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=127.0.0.1"
    names = ["-addext", "subjectAltName=IP:127.0.0.1"]
    try:
        run(
            ["openssl", *words.split(), *names, "-keyout", key, "-out", pem],
            check=True,
            capture_output=True,
        )
    except FileNotFoundError:
        pytest.skip("openssl is missing")
    return key, pem


def test_a_certificate_that_nobody_vouches_for_is_refused(quick, certificate):
    key, pem = certificate
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem, key)

    def wrap(connection):
        return context.wrap_socket(connection, server_side=True)

    with Server(answer(OK), wrap) as server:
        error = fails(quick, post(f"https://127.0.0.1:{server.port}"))
    assert error.trouble is Trouble.UNREACHABLE
    assert error.detail == "the secure connection could not be verified"
    assert server.requests == []


def test_a_vouched_certificate_is_taken_and_abort_works_under_tls(
    certificate, monkeypatch
):
    key, pem = certificate
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(pem))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem, key)
    patient = HttpTransport()

    def wrap(connection):
        return context.wrap_socket(connection, server_side=True)

    with Server(answer(OK), wrap) as server:
        assert patient.send(post(f"https://127.0.0.1:{server.port}")).body == OK
        server.behave = hang()
        threading.Timer(0.2, patient.abort).start()
        fails(patient, post(f"https://127.0.0.1:{server.port}"), within_s=0.7)
        patient.rest()
