"""Connect to whichever address of a host answers first (RFC 8305, in short).

Tried one after the other, a family of addresses that leads nowhere (IPv6 behind many a
VPN and hotel) would use up the time-out of every single connection.
"""

from __future__ import annotations

import contextlib
import os
import selectors
import socket
import time
from itertools import zip_longest
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    Address = tuple[str, int] | tuple[str, int, int, int]

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
