"""Hear the signals that a tray icon sends to the panel."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from jeepney import MatchRule, message_bus
from jeepney.io.blocking import open_dbus_connection
from jeepney.low_level import HeaderFields
from jeepney.wrappers import unwrap_msg

if TYPE_CHECKING:
    from .tray import Item

ICON, TOOLTIP = "NewIcon", "NewToolTip"


class Ear:
    """Listens to one icon from the moment it is made; use it as a context manager."""

    def __init__(self, address: str, item: Item) -> None:
        self._bus = open_dbus_connection(bus=address)
        self._heard: list[str] = []
        rule = MatchRule(
            type="signal", sender=item.service, interface="org.kde.StatusNotifierItem"
        )
        unwrap_msg(self._bus.send_and_get_reply(message_bus.AddMatch(rule)))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._bus.close()

    def heard(self) -> list[str]:
        """Return the names of all signals so far, in order."""
        while True:
            try:
                message = self._bus.receive(timeout=0.05)
            except TimeoutError:
                return [*self._heard]
            # What the bus itself says (NameAcquired) is no icon's signal.
            if message.header.fields.get(HeaderFields.path) == "/StatusNotifierItem":
                self._heard.append(message.header.fields[HeaderFields.member])
