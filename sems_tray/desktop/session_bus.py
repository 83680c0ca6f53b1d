"""A line to the session bus: calls that never wait, and the signals that come back.

QtDBus cannot be used: PySide6 sends every Python integer as ``i``, ``x`` or ``q`` and
has no way to say ``u`` or ``y`` (seen with 6.11.3), and notification daemons refuse
a Notify with the wrong types.  Here jeepney, which the keyring brings along, packs and
unpacks the messages, and a Qt socket carries them in the GUI thread without waiting.
"""

from __future__ import annotations

import os
import socket
import struct
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from jeepney.auth import BEGIN, AuthenticationError, Authenticator
from jeepney.bus import get_connectable_addresses
from jeepney.low_level import HeaderFields, MessageFlag, MessageType, Parser
from jeepney.wrappers import DBusAddress, new_error, new_method_call

# jeepney brings no types:
# mypy: allow-untyped-calls
from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtNetwork import QLocalSocket

if TYPE_CHECKING:
    from collections.abc import Callable

    from jeepney.low_level import Message


LINE_CLOSED = "line closed"
# A call whose answer matters to nobody is no reason to start a program either.
_UNASKED = MessageFlag.no_reply_expected | MessageFlag.no_auto_start
_UNKNOWN_METHOD = "org.freedesktop.DBus.Error.UnknownMethod"


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """Somebody on the bus who has one interface of the same name."""

    name: str
    path: str


BUS = Service(name="org.freedesktop.DBus", path="/org/freedesktop/DBus")


@dataclass(frozen=True, slots=True, kw_only=True)
class Returned:
    """What a call gave, and the unique name of who answered."""

    sender: str
    values: tuple[object, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """Why a call gave nothing: an error's name, or the word above."""

    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """A signal from the bus."""

    sender: str
    interface: str
    member: str
    values: tuple[object, ...]


Reply: TypeAlias = Returned | Refused


class SessionBus(QObject):
    """Opens with the first call; one that is lost opens again with the next."""

    heard = Signal(object)  # Heard
    lost = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._socket: QLocalSocket | None = None
        self._login: Authenticator | None = None
        self._parser = Parser()
        self._serial = 0
        self._waiting: list[bytes] = []
        self._calls: dict[int, Callable[[Reply], None]] = {}

    @property
    def is_open(self) -> bool:
        """Say whether a line is there or being made."""
        return self._socket is not None

    def open(self) -> bool:
        """Begin to make a line; False where there is no bus."""
        if self._socket is not None:
            return True
        made = _connected()
        if made is None:
            return False
        self._socket = QLocalSocket(self)
        self._socket.setSocketDescriptor(made.detach())
        self._socket.readyRead.connect(self._on_bytes)
        self._socket.disconnected.connect(self._on_lost)
        self._parser = Parser()
        self._login = Authenticator()
        self._talk_login()
        self.call(BUS, "Hello")
        return True

    def call(
        self,
        to: Service,
        method: str,
        signature: str = "",
        values: tuple[object, ...] = (),
        *,
        answer: Callable[[Reply], None] | None = None,
    ) -> None:
        """Call a method on a line that is open.

        ``answer`` gets the reply, however late; the bus itself says when the other
        side has gone.
        """
        self._serial += 1
        address = DBusAddress(to.path, bus_name=to.name, interface=to.name)
        message = new_method_call(address, method, signature or None, values)
        if answer is None:
            message.header.flags = _UNASKED if to != BUS else MessageFlag(0)
        else:
            self._calls[self._serial] = answer
        self._send(message.serialise(serial=self._serial))

    def flush(self) -> None:
        """Hand over what is written, before the program ends."""
        if self._socket is not None:
            self._socket.flush()

    def _send(self, packed: bytes) -> None:
        if self._login is not None:
            self._waiting.append(packed)
        elif self._socket is not None:
            self._socket.write(packed)

    @Slot()
    def _on_bytes(self) -> None:
        if self._socket is None:
            return
        data = bytes(self._socket.readAll().data())
        try:
            if self._login is not None:
                self._login.feed(data)
                self._talk_login()
                return
            self._parser.add_data(data)
            messages = self._messages()
        except (AuthenticationError, ValueError, LookupError, struct.error):
            self._on_lost()  # no bus speaks so
            return
        for message in messages:
            self._take(message)

    def _messages(self) -> list[Message]:
        found = []
        while (message := self._parser.get_next_message()) is not None:
            found.append(message)
        return found

    def _talk_login(self) -> None:
        """Send the next line of the login, and after the last what had to wait."""
        assert self._socket is not None  # noqa: S101 (callers looked)
        assert self._login is not None  # noqa: S101
        words = self._login.data_to_send()
        if words:
            self._socket.write(words)
        if not self._login.authenticated:
            return
        self._login = None
        self._socket.write(BEGIN)
        for packed in self._waiting:
            self._socket.write(packed)
        self._waiting.clear()

    def _take(self, message: Message) -> None:
        fields = message.header.fields
        sender = str(fields.get(HeaderFields.sender, ""))
        kind = message.header.message_type
        if kind is MessageType.signal:
            heard = Heard(
                sender=sender,
                interface=str(fields.get(HeaderFields.interface, "")),
                member=str(fields.get(HeaderFields.member, "")),
                values=tuple(message.body),
            )
            self.heard.emit(heard)
            return
        if kind is MessageType.method_call:
            if message.header.flags & MessageFlag.no_reply_expected:
                return
            # Tools that look at every program on the bus would wait for long.
            self._serial += 1
            self._send(new_error(message, _UNKNOWN_METHOD).serialise(self._serial))
            return
        answer = self._calls.pop(fields.get(HeaderFields.reply_serial, 0), None)
        if answer is None:
            return
        if kind is MessageType.error:
            answer(Refused(why=str(fields.get(HeaderFields.error_name, "error"))))
        else:
            answer(Returned(sender=sender, values=tuple(message.body)))

    @Slot()
    def _on_lost(self) -> None:
        """Tell everybody who waits; the next call makes a new line."""
        if self._socket is None:
            return
        gone, self._socket, self._login = self._socket, None, None
        # Closed when deleted: this may be a slot of its own signals.
        gone.readyRead.disconnect(self._on_bytes)
        gone.disconnected.disconnect(self._on_lost)
        gone.deleteLater()
        self._waiting.clear()
        calls, self._calls = self._calls, {}
        self.lost.emit()
        for answer in calls.values():
            answer(Refused(why=LINE_CLOSED))


def _connected() -> socket.socket | None:
    """Return a socket to the bus; a local one connects at once or not at all."""
    for name in _addresses():
        made = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        made.setblocking(False)
        if made.connect_ex(name) == 0:
            return made
        made.close()
    return None


def _addresses() -> list[str]:
    """Return the places where the bus may be, as libdbus finds them."""
    found: list[str] = []
    given = os.environ.get("DBUS_SESSION_BUS_ADDRESS", "")
    if given:
        # It raises for what it cannot use, and may have found some before.
        with suppress(RuntimeError, ValueError):
            found.extend(get_connectable_addresses(given))
        return found
    runtime = Path(os.environ.get("XDG_RUNTIME_DIR", "")) / "bus"
    return [str(runtime)] if runtime.is_absolute() else []
