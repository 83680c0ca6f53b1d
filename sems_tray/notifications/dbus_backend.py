"""Bubbles by the desktop's notification daemon: replaced, closed, with buttons.

Requests are carried out one after the other, so that a bubble's number is known before
it is replaced or closed.  Nothing blocks: while a daemon hangs, the bubbles wait, and
those that are no longer true are withdrawn.
https://specifications.freedesktop.org/notification-spec/latest/
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from functools import cache, partial
from typing import TYPE_CHECKING, TypeAlias

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from sems_tray.alerts.model import Level
from sems_tray.desktop.session_bus import (
    BUS,
    Refused,
    Returned,
    Service,
    SessionBus,
    owner_rule,
)
from sems_tray.resources import resource

if TYPE_CHECKING:
    from sems_tray.desktop.session_bus import BusSignal, Reply

    from .notification import Notification


_NAME = "org.freedesktop.Notifications"
_DAEMON = Service(name=_NAME, path="/org/freedesktop/Notifications")
_SIGNALS_RULE = f"type='signal',sender='{_NAME}',interface='{_NAME}'"
_STALLED_AFTER_MS = 3_000
_NO_BUS = "no session bus"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Close:
    key: str


_Request: TypeAlias = "Notification | _Close"


class DBusBackend(QObject):
    """Shows bubbles, closes them, and reports the owner's clicks."""

    pressed = Signal(str, str)  # key, button ("" for the bubble itself)
    closed = Signal(str)  # key; not for those pressed, or closed from here
    shown = Signal(str)  # the daemon's name and version
    stalled = Signal()  # it does not answer; the bubbles wait
    failed = Signal(object, str)  # Notification, why

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bus = SessionBus(self)
        self._bus.signal_received.connect(self._on_signal)
        self._bus.lost.connect(self._on_daemon_gone)
        self._owner = ""  # the daemon's unique name
        self._server: Server | None = None
        self._keys: dict[int, str] = {}  # of the bubbles that are shown, by number
        self._requests: deque[_Request] = deque()
        self._sending: Notification | None = None  # its call is under way
        self._is_asking = False  # who the daemon is
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.setInterval(_STALLED_AFTER_MS)
        self._patience.timeout.connect(self.stalled)

    def show(self, bubble: Notification) -> None:
        """Show a bubble; of those that wait, the newest of a key is enough."""
        self._withdraw(bubble.key)
        self._requests.append(bubble)
        self._start_next()

    def close(self, key: str) -> None:
        """Close a bubble, also one that is still on its way."""
        self._withdraw(key)
        if self._sending is not None and self._sending.key == key:
            self._requests.append(_Close(key=key))
        else:
            self._close_shown(key)

    def close_all(self) -> None:
        """Close what is shown, and what is on its way if the program still runs."""
        self._requests.clear()
        if self._sending is not None:
            self._requests.append(_Close(key=self._sending.key))
        for key in [*self._keys.values()]:
            self._close_shown(key)
        self._bus.flush()

    def _withdraw(self, key: str) -> None:
        self._requests = deque(it for it in self._requests if it.key != key)

    def _close_shown(self, key: str) -> None:
        for number in [n for n, of in self._keys.items() if of == key]:
            self._close_number(number)

    def _close_number(self, number: int) -> None:
        self._keys.pop(number, None)
        self._bus.call(_DAEMON, "CloseNotification", "u", (number,))

    # One thing after the other: ask who the daemon is, then request after request.

    def _start_next(self) -> None:
        """Start the next request, unless something is under way."""
        if self._sending is not None or self._is_asking or not self._requests:
            return
        if not self._bus.open(owner_rule(_NAME), _SIGNALS_RULE):
            self._fail_all(_NO_BUS)
        elif self._server is None:
            self._ask_server()
        else:
            self._start(self._requests.popleft(), self._server)

    def _start(self, request: _Request, daemon: Server) -> None:
        if isinstance(request, _Close):
            self._close_shown(request.key)
            self._start_next()
            return
        self._sending = request
        self._patience.start()
        replaced = next((n for n, key in self._keys.items() if key == request.key), 0)
        self._bus.call(
            _DAEMON,
            "Notify",
            "susssasa{sv}i",
            arguments(request, daemon, replaces=replaced),
            on_reply=partial(self._on_notified, request, replaced),
        )

    def _ask_server(self) -> None:
        """Ask who the daemon is and what it can; the bus may have to start it."""
        self._is_asking = True
        self._patience.start()
        self._bus.call(_DAEMON, "GetServerInformation", on_reply=self._on_information)

    def _on_information(self, reply: Reply) -> None:
        match reply:
            case Refused(why=why):
                self._stop_asking()
                self._fail_all(why)
            case Returned():
                on_reply = partial(self._on_capabilities, reply)
                self._bus.call(_DAEMON, "GetCapabilities", on_reply=on_reply)

    def _on_capabilities(self, information: Returned, reply: Reply) -> None:
        self._stop_asking()
        match reply:
            case Refused(why=why):
                self._fail_all(why)
                return
            case Returned(sender=sender, values=values):
                owner, self._owner = self._owner or sender, ""
                # If another daemon has come meanwhile, that one is asked.
                if information.sender == sender == owner:
                    self._owner = owner
                    self._server = parse_server(information.values, values)
        self._start_next()

    def _stop_asking(self) -> None:
        self._patience.stop()
        self._is_asking = False

    def _on_notified(self, bubble: Notification, replaced: int, reply: Reply) -> None:
        self._sending = None
        self._patience.stop()
        match reply:
            case Refused(why=why):
                # Whatever is known of a daemon that behaves so is asked again.
                self._server = None
                self._close_shown(bubble.key)
                self._requests.appendleft(bubble)
                self._fail_all(why)
            case Returned(values=values, sender=sender):
                if sender == self._owner:
                    self._record_number(bubble.key, values, replaced)
                self.shown.emit(self._server.name if self._server else "")
        self._start_next()

    def _record_number(
        self, key: str, values: tuple[object, ...], replaced: int
    ) -> None:
        """Save the number that the daemon gave; one that cannot be is left out."""
        match values:
            case (int(number), *_) if number:
                if replaced != number and replaced in self._keys:
                    self._close_number(replaced)
                self._keys[number] = key

    def _fail_all(self, why: str) -> None:
        """Give back what waits; another backend may show it."""
        newest = {request.key: request for request in self._requests}
        self._requests.clear()
        for request in newest.values():
            if isinstance(request, _Close):
                self._close_shown(request.key)
            else:
                self.failed.emit(request, why)

    @Slot(object)
    def _on_signal(self, signal: BusSignal) -> None:
        if signal.member == "NameOwnerChanged" and signal.sender == BUS.name:
            self._on_owner_changed(signal.values)
            return
        if signal.interface != _NAME or signal.sender != self._owner:
            return
        match signal.member, signal.values:
            case "ActionInvoked", (int(number), str(action)):
                key = self._keys.get(number)
                if key is not None:
                    # Most daemons close it by themselves; dunst leaves it.
                    self._close_number(number)
                    self.pressed.emit(key, "" if action == "default" else action)
            case "NotificationClosed", (int(number), *_):
                key = self._keys.pop(number, None)
                if key is not None:
                    self.closed.emit(key)

    def _on_owner_changed(self, values: tuple[object, ...]) -> None:
        """Start anew with another daemon, or none: it knows none of our bubbles."""
        match values:
            case (str(name), str(), str(new)) if name == _NAME and new != self._owner:
                self._on_daemon_gone()
                self._owner = new

    @Slot()
    def _on_daemon_gone(self) -> None:
        self._owner = ""
        self._server = None
        keys, self._keys = self._keys, {}
        for key in dict.fromkeys(keys.values()):
            self.closed.emit(key)


# The arguments of Notify.


_APP = "SEMS Tray"
_ID = "sems-tray"  # of the icon and of the desktop file
_URGENCY = {Level.INFO: 0, Level.WARNING: 1, Level.URGENT: 2}
_AS_USUAL, _NEVER = -1, 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """A daemon: its name and version, and its capabilities."""

    name: str = ""
    capabilities: frozenset[str] = frozenset()


def parse_server(
    information: tuple[object, ...], capabilities: tuple[object, ...]
) -> Server:
    """Return the daemon of two replies: name, vendor, version …; a list of words."""
    words = [str(it) for it in (*information[:1], *information[2:3])]
    name = _plain(" ".join(word for word in words if word))[:60]
    listed = capabilities[0] if capabilities else None
    known = map(str, listed) if isinstance(listed, list) else ()
    return Server(name=name, capabilities=frozenset(known))


def arguments(
    bubble: Notification, daemon: Server, *, replaces: int
) -> tuple[object, ...]:
    """Return what Notify takes, of the types ``susssasa{sv}i``."""
    title, text = _plain(bubble.title), _plain(bubble.text, lines=True)
    if "body" not in daemon.capabilities:
        title, text = ": ".join(filter(None, (title, text.replace("\n", " ")))), ""
    elif "body-markup" in daemon.capabilities:
        text = _escaped(text)
    return (
        _APP,
        replaces,
        app_icon(),
        title,
        text,
        _actions(bubble) if "actions" in daemon.capabilities else [],
        _hints(bubble, daemon),
        _NEVER if bubble.level is Level.URGENT else _AS_USUAL,
    )


@cache
def app_icon() -> str:
    """Return the address of our own picture, else the name that a theme may know.

    Whether a theme does is not asked first: Qt would load all its lists for it.
    """
    path = resource(f"{_ID}.png")
    return path.as_uri() if path is not None else _ID


def _actions(bubble: Notification) -> list[str]:
    """Return ids and labels in turn; a click on the bubble itself is "default"."""
    actions = ["default", ""]
    for button in bubble.buttons:
        actions += [button.id, _plain(button.label)]
    return actions


def _hints(bubble: Notification, daemon: Server) -> dict[str, tuple[str, object]]:
    hints: dict[str, tuple[str, object]] = {
        "urgency": ("y", _URGENCY[bubble.level]),
        "desktop-entry": ("s", _ID),
    }
    if "persistence" in daemon.capabilities and bubble.level is Level.INFO:
        # Good news need not lie in the desktop's list until somebody deletes them.
        hints["transient"] = ("b", True)
    return hints


def _plain(text: str, *, lines: bool = False) -> str:
    """Return what may be sent: a NUL would end the line to the bus."""
    text = text.encode("utf-8", "replace").decode("utf-8").replace("\0", "")
    return text if lines else " ".join(text.split())


def _escaped(text: str) -> str:
    for sign, name in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;")):
        text = text.replace(sign, name)
    return text
