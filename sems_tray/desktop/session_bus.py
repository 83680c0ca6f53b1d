"""A connection to the session bus for the GUI thread: nothing here waits for it.

jeepney, which the keyring brings along, logs in, packs and unpacks.  Its own
connections wait for each answer, or need a thread that reads and a second one that
asks; a Qt socket carries the bytes with neither.  QtDBus cannot be used: PySide6 sends
every Python integer as ``i``, ``x`` or ``q`` and has no way to say ``u`` or ``y`` (seen
with 6.11.3), and notification daemons refuse a Notify with the wrong types.
"""

from __future__ import annotations

import socket
import struct
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from jeepney.auth import BEGIN, AuthenticationError, Authenticator
from jeepney.bus import get_connectable_addresses
from jeepney.low_level import HeaderFields, MessageFlag, MessageType, Parser
from jeepney.wrappers import DBusAddress, new_error, new_method_call

# jeepney brings no types:
# mypy: allow-untyped-calls
from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtNetwork import QLocalSocket

from .bus_probe import session_bus_address

if TYPE_CHECKING:
    from collections.abc import Callable

    from jeepney.low_level import Message


CONNECTION_CLOSED = "connection closed"
# A call whose reply matters to nobody is no reason to start a program either.
_NO_REPLY = MessageFlag.no_reply_expected | MessageFlag.no_auto_start
_UNKNOWN_METHOD = "org.freedesktop.DBus.Error.UnknownMethod"


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """A name on the bus, with one object and one interface of the same name."""

    name: str
    path: str


BUS = Service(name="org.freedesktop.DBus", path="/org/freedesktop/DBus")


@dataclass(frozen=True, slots=True, kw_only=True)
class Returned:
    """What a call returned, and the unique name of who replied."""

    sender: str
    values: tuple[object, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """Why a call returned nothing: a D-Bus error name, or ``CONNECTION_CLOSED``."""

    why: str


Reply: TypeAlias = Returned | Refused


@dataclass(frozen=True, slots=True, kw_only=True)
class BusSignal:
    """A signal of another program, or of the bus."""

    sender: str
    interface: str
    member: str
    values: tuple[object, ...]


def owner_rule(name: str) -> str:
    """Return the match rule of ``NameOwnerChanged`` for one name on the bus."""
    return f"type='signal',sender='{BUS.name}',member='NameOwnerChanged',arg0='{name}'"


class SessionBus(QObject):
    """One connection, made by ``open``; one that is lost can be opened again."""

    signal_received = Signal(object)  # BusSignal
    lost = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._socket: QLocalSocket | None = None
        self._login: Authenticator | None = None
        self._parser = Parser()
        self._serial = 0
        self._unsent: list[bytes] = []  # until the login is over
        self._calls: dict[int, Callable[[Reply], None]] = {}  # by serial number

    @property
    def is_open(self) -> bool:
        """Whether there is a connection, or one is being made."""
        return self._socket is not None

    def open(self, *match_rules: str) -> bool:
        """Connect, and ask for the signals that match; False where there is no bus.

        Does nothing if it is open.
        """
        if self._socket is not None:
            return True
        connected = _connect()
        if connected is None:
            return False
        self._socket = QLocalSocket(self)
        self._socket.setSocketDescriptor(connected.detach())
        self._socket.readyRead.connect(self._on_ready_read)
        self._socket.disconnected.connect(self._on_lost)
        self._parser = Parser()
        self._login = Authenticator()
        self._socket.write(self._login.data_to_send() or b"")
        self.call(BUS, "Hello")
        for rule in match_rules:
            self.call(BUS, "AddMatch", "s", (rule,))
        return True

    def call(
        self,
        to: Service,
        method: str,
        signature: str = "",
        values: tuple[object, ...] = (),
        *,
        on_reply: Callable[[Reply], None] | None = None,
    ) -> None:
        """Call a method on an open connection.

        ``on_reply`` gets the reply, however late; the bus itself says when the other
        side has gone.
        """
        self._serial += 1
        address = DBusAddress(to.path, bus_name=to.name, interface=to.name)
        message = new_method_call(address, method, signature or None, values)
        if on_reply is not None:
            self._calls[self._serial] = on_reply
        elif to != BUS:
            message.header.flags = _NO_REPLY
        self._send(message.serialise(serial=self._serial))

    def flush(self) -> None:
        """Hand over what is written, before the program ends."""
        if self._socket is not None:
            self._socket.flush()

    def _send(self, packed: bytes) -> None:
        if self._login is not None:
            self._unsent.append(packed)
        elif self._socket is not None:
            self._socket.write(packed)

    @Slot()
    def _on_ready_read(self) -> None:
        if self._socket is None:
            return
        data = bytes(self._socket.readAll().data())
        try:
            if self._login is not None:
                self._continue_login(self._login, data)
                return
            self._parser.add_data(data)
            messages = [*iter(self._parser.get_next_message, None)]
        except (AuthenticationError, ValueError, LookupError, struct.error):
            self._on_lost()  # no bus speaks so
            return
        for message in messages:
            self._dispatch(message)

    def _continue_login(self, login: Authenticator, data: bytes) -> None:
        login.feed(data)
        if not login.authenticated:
            return
        self._login = None
        for packed in (BEGIN, *self._unsent):
            self._send(packed)
        self._unsent.clear()

    def _dispatch(self, message: Message) -> None:
        fields, values = message.header.fields, tuple(message.body)
        sender = str(fields.get(HeaderFields.sender, ""))
        match message.header.message_type:
            case MessageType.signal:
                interface = str(fields.get(HeaderFields.interface, ""))
                member = str(fields.get(HeaderFields.member, ""))
                self.signal_received.emit(
                    BusSignal(
                        sender=sender, interface=interface, member=member, values=values
                    )
                )
            case MessageType.method_call:
                # Tools that look at every program on the bus would wait for long.
                if not message.header.flags & MessageFlag.no_reply_expected:
                    self._serial += 1
                    refusal = new_error(message, _UNKNOWN_METHOD)
                    self._send(refusal.serialise(self._serial))
            case MessageType.error:
                name = str(fields.get(HeaderFields.error_name, "error"))
                self._reply(message, Refused(why=name))
            case _:
                self._reply(message, Returned(sender=sender, values=values))

    def _reply(self, message: Message, reply: Reply) -> None:
        serial = message.header.fields.get(HeaderFields.reply_serial, 0)
        on_reply = self._calls.pop(serial, None)
        if on_reply is not None:
            on_reply(reply)

    @Slot()
    def _on_lost(self) -> None:
        """Refuse every call that waits; ``open`` makes a new connection."""
        if self._socket is None:
            return
        gone, self._socket, self._login = self._socket, None, None
        # Closed when deleted: this may be a slot of its own signals.
        gone.readyRead.disconnect(self._on_ready_read)
        gone.disconnected.disconnect(self._on_lost)
        gone.deleteLater()
        self._unsent.clear()
        calls, self._calls = self._calls, {}
        self.lost.emit()
        for on_reply in calls.values():
            on_reply(Refused(why=CONNECTION_CLOSED))


def _connect() -> socket.socket | None:
    """Return a socket to the bus; a local one connects at once or not at all."""
    # What is no address raises, maybe after some that are.
    with suppress(RuntimeError, ValueError, OSError):
        for name in get_connectable_addresses(session_bus_address()):
            made = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            made.setblocking(False)
            if made.connect_ex(name) == 0:
                return made
            made.close()
    return None
