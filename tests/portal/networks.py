"""What stands between an owner and GoodWe: proxies, certificates, dead addresses."""

import socket
import ssl
import threading
from contextlib import ExitStack, closing, contextmanager, suppress
from subprocess import run

import pytest

from sems_tray.domain.failures import sentence
from sems_tray.domain.poll_result import PollFailed
from tests.portal.hostile import Server

PORTAL = "eu.semsportal.com"
URL = f"https://{PORTAL}"
_PROXIES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")
PROXIES = (*_PROXIES, *(name.upper() for name in _PROXIES))
TRUSTED = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE", "SSL_CERT_DIR")


def bare(monkeypatch):
    """Leave nothing of this machine's own proxies and certificates."""
    for name in (*PROXIES, *TRUSTED):
        monkeypatch.delenv(name, raising=False)


def told(error):
    """Return what the owner reads about an error."""
    return sentence(PollFailed(trouble=error.trouble, detail=error.detail))


def tunnel(to_port):
    """Return a proxy's behaviour: open the tunnel, wherever it should lead."""

    def behave(connection, request):
        assert request.startswith(b"CONNECT "), request
        with closing(socket.create_connection(("127.0.0.1", to_port))) as far:
            connection.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            back = threading.Thread(target=_pump, args=(far, connection))
            back.start()
            _pump(connection, far)
            back.join()

    return behave


def _pump(source, sink):
    with suppress(OSError):
        while data := source.recv(65536):
            sink.sendall(data)
    for end in (source, sink):
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)


def then(*behaviours):
    """Return a behaviour: one after the other, a request each; the last one stays."""
    left = list(behaviours)

    def behave(connection, request):
        return (left.pop(0) if len(left) > 1 else left[0])(connection, request)

    return behave


def hang_up(connection, _):
    """Close without a word."""
    connection.shutdown(socket.SHUT_RDWR)


class Authority:
    """Makes certificates that vouch for themselves."""

    def __init__(self, folder):
        self.folder = folder

    def certificate(self, name, days=2):
        """Return (key, certificate) of a host, made once; "old." is no part of it."""
        key, pem = self.folder / f"{name}.key", self.folder / f"{name}.pem"
        if pem.exists():
            return key, pem
        asked, names = self.folder / f"{name}.csr", self.folder / f"{name}.txt"
        kind = "IP" if name[0].isdigit() else "DNS"
        names.write_text(f"subjectAltName={kind}:{name.removeprefix('old.')}\n")
        ask = f"req -new -newkey rsa:2048 -nodes -subj /CN={name}".split()
        sign = f"x509 -req -days {days}".split()
        try:
            for words in (
                [*ask, "-keyout", key, "-out", asked],
                [*sign, "-in", asked, "-signkey", key, "-extfile", names, "-out", pem],
            ):
                run(["openssl", *words], check=True, capture_output=True)
        except FileNotFoundError:
            pytest.skip("openssl is missing")
        return key, pem

    def expired(self, name):
        """Make a host's certificate that ended yesterday."""
        return self.certificate(name, days=-1)

    def wrap(self, name):
        """Return what makes a server speak TLS as this host."""
        key, pem = self.certificate(name)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(pem, key)

        def wrapped(connection):
            return context.wrap_socket(connection, server_side=True)

        return wrapped


@contextmanager
def portal_behind_proxy(behave, authority, monkeypatch, name=PORTAL):
    """Yield (proxy, portal): the only way to GoodWe is a proxy that is trusted."""
    _, pem = authority.certificate(name)
    with (
        Server(behave, authority.wrap(name)) as portal,
        Server(tunnel(portal.port)) as proxy,
    ):
        monkeypatch.setenv("SSL_CERT_FILE", str(pem))
        monkeypatch.setenv("https_proxy", proxy.url)
        yield proxy, portal


@contextmanager
def black_hole(host="::1"):
    """Yield a port that swallows every attempt to connect: its queue is full."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with ExitStack() as stack:
        hole = stack.enter_context(socket.socket(family))
        hole.bind((host, 0))
        hole.listen(0)
        for _ in range(8):
            caller = stack.enter_context(socket.socket(family))
            caller.setblocking(False)
            caller.connect_ex(hole.getsockname())
        yield hole.getsockname()[1]
