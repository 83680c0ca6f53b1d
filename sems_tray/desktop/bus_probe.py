"""Questions to the session bus for the diagnosis; they start nobody, unlock nothing.

They wait for the answers, so they are no code for the GUI thread, which uses
``session_bus``.  Nothing here needs Qt, which a broken installation may lack.
"""

from __future__ import annotations

# jeepney brings no types:
# mypy: allow-untyped-calls
import os
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jeepney.io.blocking import DBusConnection
    from jeepney.low_level import Message
    from jeepney.wrappers import DBusAddress


_WITHIN_S = 2.0
_WATCHER = "org.kde.StatusNotifierWatcher"
_DAEMON = "org.freedesktop.Notifications"
_SECRETS = "org.freedesktop.secrets"
_SECRET = "org.freedesktop.Secret"  # noqa: S105 (interfaces)


class NoAnswerError(Exception):
    """There is no bus, or what was asked is refused. Says why."""


def session_bus_address() -> str:
    """Return the D-Bus address that libdbus would use; "" where there is no bus."""
    given = os.environ.get("DBUS_SESSION_BUS_ADDRESS", "")
    if given:
        return given
    usual = Path(os.environ.get("XDG_RUNTIME_DIR", "")) / "bus"
    return f"unix:path={usual}" if usual.is_absolute() and usual.exists() else ""


def tray_host() -> str:
    """Say who would show a tray icon. Raises NoAnswerError."""
    with _session_bus() as bus:
        watcher = _running(bus, _WATCHER, "/StatusNotifierWatcher", _WATCHER)
        if watcher is None:
            return "no StatusNotifier watcher on the bus"
        if _property(bus, watcher, "IsStatusNotifierHostRegistered"):
            return "a StatusNotifier host is on the bus"
        return "a StatusNotifier watcher without a host"


def notification_daemon() -> str:
    """Say who shows bubbles: name, version and maker; only of one that runs.

    Raises NoAnswerError.
    """
    from jeepney.wrappers import new_method_call

    with _session_bus() as bus:
        daemon = _running(bus, _DAEMON, "/org/freedesktop/Notifications", _DAEMON)
        if daemon is None:
            return "no daemon runs (the first bubble may start one)"
        match _call(bus, new_method_call(daemon, "GetServerInformation")):
            case (str(name), str(maker), str(version), *_):
                return f"{name} {version} ({maker})"
            case _:
                raise NoAnswerError("the daemon's answer is not understood")


def secret_service() -> str:
    """Say whether the default collection of secrets is locked; leave it so.

    Raises NoAnswerError.
    """
    from jeepney.wrappers import DBusAddress, new_method_call

    path, interface = "/org/freedesktop/secrets", f"{_SECRET}.Service"
    with _session_bus() as bus:
        service = _running(bus, _SECRETS, path, interface)
        if service is None:
            return "no Secret Service runs"
        asked = new_method_call(service, "ReadAlias", "s", ("default",))
        match _call(bus, asked):
            case (str(path),) if path != "/":
                interface = f"{_SECRET}.Collection"
                collection = DBusAddress(path, service.bus_name, interface)
                locked = _property(bus, collection, "Locked")
                return "locked" if locked else "unlocked"
            case _:
                return "there is no default collection yet"


@contextmanager
def _session_bus() -> Iterator[DBusConnection]:
    """Give a connection to the bus; raises NoAnswerError."""
    from jeepney.io.blocking import open_dbus_connection

    address = session_bus_address()
    if not address:
        raise NoAnswerError("there is no session bus")
    try:
        bus = open_dbus_connection(address, auth_timeout=_WITHIN_S)
    except (OSError, RuntimeError, ValueError) as exc:
        raise NoAnswerError("the session bus does not answer") from exc
    with bus:
        yield bus


def _running(
    bus: DBusConnection, name: str, path: str, interface: str
) -> DBusAddress | None:
    """Return the address of who has a name, None if nobody has.

    It is that of a process: a call to the name would make the bus start a program.
    """
    from jeepney.bus_messages import message_bus
    from jeepney.wrappers import DBusAddress

    match _call(bus, message_bus.NameHasOwner(name)):
        case (True,):
            (owner,) = _call(bus, message_bus.GetNameOwner(name))
            return DBusAddress(path, str(owner), interface)
        case _:
            return None


def _property(bus: DBusConnection, of: DBusAddress, name: str) -> object:
    from jeepney.wrappers import Properties

    match _call(bus, Properties(of).get(name)):
        case ((_, value),):
            return value
        case _:
            raise NoAnswerError("the answer is not understood")


def _call(bus: DBusConnection, message: Message) -> tuple[object, ...]:
    """Return what a call gives; raises NoAnswerError."""
    from jeepney.wrappers import DBusErrorResponse, unwrap_msg

    try:
        reply = bus.send_and_get_reply(message, timeout=_WITHIN_S)
        return tuple(unwrap_msg(reply))
    except OSError as exc:  # TimeoutError is one
        raise NoAnswerError("no answer on the session bus") from exc
    except DBusErrorResponse as exc:
        raise NoAnswerError(f"the session bus says {exc.name}") from exc
