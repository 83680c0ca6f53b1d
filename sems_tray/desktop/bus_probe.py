"""Questions to the session bus that start nobody and unlock nothing."""

from __future__ import annotations

import os

# jeepney brings no types:
# mypy: allow-untyped-calls
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jeepney.io.blocking import DBusConnection


_WITHIN_S = 2.0
_BUS = "org.freedesktop.DBus"
_WATCHER = "org.kde.StatusNotifierWatcher"
_DAEMON = "org.freedesktop.Notifications"
_SECRETS = "org.freedesktop.secrets"


class NoAnswerError(Exception):
    """There is no bus, or what was asked is refused. Says why."""


def tray_host() -> str:
    """Say who would show a tray icon."""
    with _session() as bus:
        owner = _owner(bus, _WATCHER)
        if owner is None:
            return "no StatusNotifier watcher on the bus"
        asked = (_WATCHER, "IsStatusNotifierHostRegistered")
        if _property(bus, owner, "/StatusNotifierWatcher", *asked):
            return "a StatusNotifier host is on the bus"
        return "a StatusNotifier watcher without a host"


def notification_daemon() -> str:
    """Say who shows bubbles: name, version and maker; only of one that runs."""
    with _session() as bus:
        owner = _owner(bus, _DAEMON)
        if owner is None:
            return "no daemon runs (the first bubble may start one)"
        path = "/org/freedesktop/Notifications"
        told = _call(bus, owner, path, _DAEMON, "GetServerInformation")
        texts = [it for it in told if isinstance(it, str)]
        if len(texts) < 3:
            raise NoAnswerError("the daemon's answer is not understood")
        return f"{texts[0]} {texts[2]} ({texts[1]})"


def secret_service() -> str:
    """Say whether the default collection of secrets is locked; leave it so."""
    path, service = "/org/freedesktop/secrets", "org.freedesktop.Secret.Service"
    with _session() as bus:
        owner = _owner(bus, _SECRETS)
        if owner is None:
            return "no Secret Service runs"
        told = _call(bus, owner, path, service, "ReadAlias", "s", "default")
        collection = told[0] if told else "/"
        if not isinstance(collection, str) or collection == "/":
            return "there is no default collection yet"
        interface = "org.freedesktop.Secret.Collection"
        locked = _property(bus, owner, collection, interface, "Locked")
        return "locked" if locked else "unlocked"


@contextmanager
def _session() -> Iterator[DBusConnection]:
    """Give a line to the bus; raises NoAnswerError."""
    from jeepney.io.blocking import open_dbus_connection

    try:
        bus = open_dbus_connection(_address(), auth_timeout=_WITHIN_S)
    except (OSError, RuntimeError, ValueError) as exc:
        raise NoAnswerError("the session bus does not answer") from exc
    with bus:
        yield bus


def _address() -> str:
    """Return where the bus is, as libdbus finds it."""
    given = os.environ.get("DBUS_SESSION_BUS_ADDRESS", "")
    if given:
        return given
    usual = Path(os.environ.get("XDG_RUNTIME_DIR", "")) / "bus"
    if usual.is_absolute() and usual.exists():
        return f"unix:path={usual}"
    raise NoAnswerError("there is no session bus")


def _owner(bus: DBusConnection, name: str) -> str | None:
    """Return the unique name of who has a name; asking that one starts nobody."""
    if _call(bus, _BUS, "/org/freedesktop/DBus", _BUS, "NameHasOwner", "s", name) != (
        True,
    ):
        return None
    told = _call(bus, _BUS, "/org/freedesktop/DBus", _BUS, "GetNameOwner", "s", name)
    return str(told[0]) if told else None


def _property(
    bus: DBusConnection, owner: str, path: str, interface: str, name: str
) -> object:
    asked = ("org.freedesktop.DBus.Properties", "Get", "ss", interface, name)
    match _call(bus, owner, path, *asked):
        case ((_, value),):
            return value
        case _:
            raise NoAnswerError("the answer is not understood")


def _call(
    bus: DBusConnection,
    to: str,
    path: str,
    interface: str,
    method: str,
    signature: str | None = None,
    *values: object,
) -> tuple[object, ...]:
    from jeepney.low_level import MessageFlag, MessageType
    from jeepney.wrappers import DBusAddress, new_method_call

    address = DBusAddress(path, to, interface)
    asked = new_method_call(address, method, signature, values)
    asked.header.flags |= MessageFlag.no_auto_start
    try:
        reply = bus.send_and_get_reply(asked, timeout=_WITHIN_S)
    except OSError as exc:  # TimeoutError is one
        raise NoAnswerError("no answer on the session bus") from exc
    if reply.header.message_type is MessageType.error:
        raise NoAnswerError(f"{method} is refused")
    return tuple(reply.body)
