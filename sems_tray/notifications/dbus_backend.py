"""Bubbles by the desktop's notification daemon: replaced, closed, with buttons.

What is wished for is done one thing after the other, so that a bubble is known by its
number before it is replaced or closed.  Nothing blocks: while a daemon hangs, the
bubbles wait, and those that are true no more are taken back.
https://specifications.freedesktop.org/notification-spec/latest/
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from functools import cache, partial
from typing import TYPE_CHECKING, TypeAlias

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from sems_tray.alerts.model import Level
from sems_tray.desktop.session_bus import BUS, Refused, Returned, Service, SessionBus
from sems_tray.resources import resource

if TYPE_CHECKING:
    from sems_tray.desktop.session_bus import Heard, Reply

    from .notification import Notification


_NAME = "org.freedesktop.Notifications"
_DAEMON = Service(name=_NAME, path="/org/freedesktop/Notifications")
_RULES = (
    f"type='signal',sender='{BUS.name}',member='NameOwnerChanged',arg0='{_NAME}'",
    f"type='signal',sender='{_NAME}',interface='{_NAME}'",
)
_PATIENCE_MS = 3_000
_NO_BUS = "no session bus"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Close:
    key: str


@dataclass(slots=True)
class _Question:
    """What the daemon has told of itself, by method."""

    told: dict[str, Returned] = field(default_factory=dict)


_Wish: TypeAlias = "Notification | _Close"


class DBusBackend(QObject):
    """Shows bubbles, closes them, and hears of the owner's clicks."""

    pressed = Signal(str, str)  # key, button ("" for the bubble itself)
    closed = Signal(str)  # key; not for those pressed, or closed from here
    shown = Signal(str)  # the daemon's name and version
    stalled = Signal()  # it does not answer; the bubbles wait
    failed = Signal(object, str)  # Bubble, why

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bus = SessionBus(self)
        self._bus.heard.connect(self._on_heard)
        self._bus.lost.connect(self._on_gone)
        self._owner = ""  # the daemon's unique name
        self._server: Server | None = None
        self._keys: dict[int, str] = {}
        self._wishes: deque[_Wish] = deque()
        self._now: Notification | None = None  # its call is under way
        self._question: _Question | None = None
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.setInterval(_PATIENCE_MS)
        self._patience.timeout.connect(self.stalled)

    def show(self, bubble: Notification) -> None:
        """Show a bubble; of those that wait, the newest of a key is enough."""
        self._drop(bubble.key)
        self._wishes.append(bubble)
        self._go_on()

    def close(self, key: str) -> None:
        """Close a bubble, also one that is still on its way."""
        self._drop(key)
        if self._now is not None and self._now.key == key:
            self._wishes.append(_Close(key=key))
        else:
            self._close_shown(key)

    def close_all(self) -> None:
        """Close what is shown, and what is on its way if the program still runs."""
        self._wishes.clear()
        if self._now is not None:
            self._wishes.append(_Close(key=self._now.key))
        for key in [*self._keys.values()]:
            self._close_shown(key)
        self._bus.flush()

    def _drop(self, key: str) -> None:
        self._wishes = deque(wish for wish in self._wishes if wish.key != key)

    def _close_shown(self, key: str) -> None:
        for number in [n for n, of in self._keys.items() if of == key]:
            self._close_number(number)

    def _close_number(self, number: int) -> None:
        self._keys.pop(number, None)
        self._bus.call(_DAEMON, "CloseNotification", "u", (number,))

    # What is done one after the other: ask who is there, then wish after wish.

    def _go_on(self) -> None:
        """Do the next thing, unless one is under way."""
        if self._now is not None or self._question is not None or not self._wishes:
            return
        if not self._open():
            self._fail(_NO_BUS)
        elif self._server is None:
            self._ask()
        else:
            self._do(self._wishes.popleft(), self._server)

    def _do(self, wish: _Wish, daemon: Server) -> None:
        if isinstance(wish, _Close):
            self._close_shown(wish.key)
            self._go_on()
            return
        self._now = wish
        self._patience.start()
        old = next((n for n, key in self._keys.items() if key == wish.key), 0)
        answer = partial(self._on_notified, wish, old)
        values = arguments(wish, daemon, replaces=old)
        self._bus.call(_DAEMON, "Notify", "susssasa{sv}i", values, answer=answer)

    def _open(self) -> bool:
        """Open the line, and say what is to be heard on it."""
        if self._bus.is_open:
            return True
        if not self._bus.open():
            return False
        for rule in _RULES:
            self._bus.call(BUS, "AddMatch", "s", (rule,))
        return True

    def _ask(self) -> None:
        """Ask who the daemon is and what it can; the bus may have to start it."""
        asked = self._question = _Question()
        self._patience.start()
        for method in ("GetServerInformation", "GetCapabilities"):
            answer = partial(self._on_told, asked, method)
            self._bus.call(_DAEMON, method, answer=answer)

    def _on_told(self, asked: _Question, method: str, reply: Reply) -> None:
        if asked is not self._question:
            return  # the other half was refused
        if isinstance(reply, Refused):
            self._patience.stop()
            self._question = None
            self._fail(reply.why)
            return
        self._owner = self._owner or reply.sender
        asked.told[method] = reply
        if len(asked.told) < 2:
            return
        self._patience.stop()
        self._question = None
        if {it.sender for it in asked.told.values()} == {self._owner}:
            self._server = server(
                asked.told["GetServerInformation"].values,
                asked.told["GetCapabilities"].values,
            )
        else:  # another daemon has come meanwhile: ask that one
            self._owner = ""
        self._go_on()

    def _on_notified(self, bubble: Notification, old: int, reply: Reply) -> None:
        self._now = None
        self._patience.stop()
        match reply:
            case Refused(why=why):
                # Whatever is known of a daemon that behaves so is asked again.
                self._server = None
                self._close_shown(bubble.key)
                self._wishes.appendleft(bubble)
                self._fail(why)
            case Returned(values=values, sender=sender):
                number = next((v for v in values if isinstance(v, int)), 0)
                self._note(bubble, old, number if sender == self._owner else 0)
                self.shown.emit(self._server.name if self._server else "")
        self._go_on()

    def _note(self, bubble: Notification, old: int, number: int) -> None:
        """Keep the number that the daemon gave; a wrong one is only not kept."""
        if old and number and number != old and old in self._keys:
            self._close_number(old)
        if number:
            self._keys[number] = bubble.key

    def _fail(self, why: str) -> None:
        """Give back what waits; somebody else may show it."""
        newest = {wish.key: wish for wish in self._wishes}
        self._wishes.clear()
        for wish in newest.values():
            if isinstance(wish, _Close):
                self._close_shown(wish.key)
            else:
                self.failed.emit(wish, why)

    @Slot(object)
    def _on_heard(self, heard: Heard) -> None:
        if heard.member == "NameOwnerChanged" and heard.sender == BUS.name:
            self._on_owner(heard.values)
            return
        if heard.interface != _NAME or heard.sender != self._owner:
            return
        match heard.member, heard.values:
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

    def _on_owner(self, values: tuple[object, ...]) -> None:
        """Another daemon, or none: it knows nothing of our bubbles."""
        match values:
            case (str(name), str(), str(new)) if name == _NAME and new != self._owner:
                self._on_gone()
                self._owner = new

    @Slot()
    def _on_gone(self) -> None:
        self._owner = ""
        self._server = None
        keys, self._keys = self._keys, {}
        for key in dict.fromkeys(keys.values()):
            self.closed.emit(key)


# What a notification daemon is told: the arguments of Notify.


_APP = "SEMS Tray"
_ID = "sems-tray"  # of the icon and of the desktop file
_URGENCY = {Level.INFO: 0, Level.WARNING: 1, Level.URGENT: 2}
_AS_USUAL, _NEVER = -1, 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """A daemon: its name and version, and what it can."""

    name: str = ""
    can: frozenset[str] = frozenset()


def server(information: tuple[object, ...], can: tuple[object, ...]) -> Server:
    """Return what a daemon tells of itself: name, vendor, version; then abilities."""
    words = [str(it) for it in (*information[:1], *information[2:3])]
    name = _plain(" ".join(word for word in words if word))[:60]
    listed = can[0] if can else None
    known = map(str, listed) if isinstance(listed, list) else ()
    return Server(name=name, can=frozenset(known))


def arguments(
    bubble: Notification, daemon: Server, *, replaces: int
) -> tuple[object, ...]:
    """Return what Notify takes, of the types ``susssasa{sv}i``."""
    title, text = _plain(bubble.title), _plain(bubble.text, lines=True)
    if "body" not in daemon.can:
        title, text = ": ".join(filter(None, (title, text.replace("\n", " ")))), ""
    elif "body-markup" in daemon.can:
        text = _escaped(text)
    return (
        _APP,
        replaces,
        app_icon(),
        title,
        text,
        _actions(bubble) if "actions" in daemon.can else [],
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
    found = ["default", ""]
    for button in bubble.buttons:
        found += [button.id, _plain(button.label)]
    return found


def _hints(bubble: Notification, daemon: Server) -> dict[str, tuple[str, object]]:
    found: dict[str, tuple[str, object]] = {
        "urgency": ("y", _URGENCY[bubble.level]),
        "desktop-entry": ("s", _ID),
    }
    if bubble.category:
        found["category"] = ("s", bubble.category)
    if "persistence" in daemon.can and bubble.level is Level.INFO:
        # Good news need not lie in the desktop's list until somebody deletes them.
        found["transient"] = ("b", True)
    return found


def _plain(text: str, *, lines: bool = False) -> str:
    """Return what may be sent: a NUL would end the line to the bus."""
    text = text.encode("utf-8", "replace").decode("utf-8").replace("\0", "")
    return text if lines else " ".join(text.split())


def _escaped(text: str) -> str:
    for sign, name in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;")):
        text = text.replace(sign, name)
    return text
