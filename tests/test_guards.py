"""The guards of conftest.py bite."""

import logging
import socket

import pytest


def test_a_stray_warning_is_noticed(no_stray_logs):
    logging.getLogger("somewhere").info("all is well")
    assert not no_stray_logs
    logging.getLogger("somewhere").warning("look out")
    assert "look out" in no_stray_logs.pop()


def test_a_warning_is_fine_where_caplog_is_asked_for(caplog, no_stray_logs):
    logging.getLogger("somewhere").warning("look out")
    assert not no_stray_logs


@pytest.mark.parametrize("host", ["192.0.2.1", "2001:db8::1", "example.com"])
def test_nobody_leaves_this_machine(only_loopback, host):
    with pytest.raises(RuntimeError, match="may not leave"):
        socket.create_connection((host, 80), timeout=1)
    assert host in only_loopback.pop()


def test_a_datagram_does_not_leave_either(only_loopback):
    with (
        socket.socket(type=socket.SOCK_DGRAM) as sender,
        pytest.raises(RuntimeError, match="may not leave"),
    ):
        sender.sendto(b"hello", ("192.0.2.1", 9))
    only_loopback.clear()


def test_loopback_works_and_an_invalid_name_is_unknown():
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        socket.create_connection(server.getsockname()),
    ):
        pass
    with pytest.raises(socket.gaierror):
        socket.create_connection(("portal.invalid", 443))
