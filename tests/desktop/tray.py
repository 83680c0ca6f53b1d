"""See and use tray icons as a panel does: StatusNotifierItem and DBusMenu.

What PySide6 6.11.3 really sends (seen on the bus, with xfce4-panel 4.18 as host):

- A QSystemTrayIcon chooses when it is first shown: StatusNotifierItem if a watcher is
  on the bus, else the old XEmbed icon, and it keeps to that. One shown before the
  panel is up never becomes an item here (xfce4-panel shows the old kind too, others
  do not); a *new* QSystemTrayIcon made after the watcher came does.
- When the watcher comes back after a panel restart, Qt registers an item again by
  itself.
- ``setToolTip`` becomes the *title* of the ToolTip property; its text is empty.
- IconPixmap holds the QIcon's sizes; bytes are ARGB, big-endian.
- xfce4-panel shows the tooltip as plain text: ``&`` and ``<b>`` appear as they are.
- In the menu, ``&`` marks a key as in any Qt menu and is sent as ``_``; Qt does not
  escape an underscore, so hosts swallow one: write ``&&`` and ``__`` for the signs
  themselves (a station may be named so).
- ``aboutToShow`` is emitted by AboutToShow(0), before the layout is asked for.
- A plain left click is ``Activate`` (QSystemTrayIcon.Trigger), the middle button is
  ``SecondaryActivate`` (MiddleClick), the right one opens the menu over DBusMenu.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from jeepney import DBusAddress, Properties, new_method_call
from jeepney.io.blocking import open_dbus_connection
from jeepney.wrappers import unwrap_msg

if TYPE_CHECKING:
    from jeepney.io.blocking import DBusConnection

WATCHER = DBusAddress(
    "/StatusNotifierWatcher",
    bus_name="org.kde.StatusNotifierWatcher",
    interface="org.kde.StatusNotifierWatcher",
)
BUS = DBusAddress(
    "/org/freedesktop/DBus",
    bus_name="org.freedesktop.DBus",
    interface="org.freedesktop.DBus",
)
REPLY_WITHIN_S = 3.0


class Bus:
    """A connection to the session bus that asks and gets answers."""

    def __init__(self, address: str) -> None:
        self._connection: DBusConnection = open_dbus_connection(bus=address)

    def call(
        self, to: DBusAddress, method: str, signature: str = "", *body: Any
    ) -> tuple[Any, ...]:
        """Call a method; an error reply is raised as DBusErrorResponse."""
        message = new_method_call(to, method, signature or None, body)
        return self._ask(message)

    def get(self, of: DBusAddress, name: str) -> Any:
        """Return one property."""
        ((_type, value),) = self._ask(Properties(of).get(name))
        return value

    def owner_pid(self, name: str) -> int | None:
        """Return the process behind a name on the bus, None if nobody is."""
        if not self.call(BUS, "NameHasOwner", "s", name)[0]:
            return None
        (pid,) = self.call(BUS, "GetConnectionUnixProcessID", "s", name)
        return int(pid)

    def close(self) -> None:
        self._connection.close()

    def _ask(self, message: Any) -> tuple[Any, ...]:
        reply = self._connection.send_and_get_reply(message, timeout=REPLY_WITHIN_S)
        body: tuple[Any, ...] = unwrap_msg(reply)
        return body


@dataclass(frozen=True, kw_only=True)
class MenuEntry:
    """One line of a tray menu."""

    id: int
    label: str = ""
    kind: str = "standard"  # or "separator"
    enabled: bool = True
    visible: bool = True
    children: tuple[MenuEntry, ...] = field(default=())

    def __str__(self) -> str:
        return "---" if self.kind == "separator" else self.label


class Item:
    """One icon in the tray."""

    def __init__(self, bus: Bus, service: str, path: str) -> None:
        self._bus = bus
        self.service, self.path = service, path
        self._address = DBusAddress(path, service, "org.kde.StatusNotifierItem")

    def __repr__(self) -> str:
        return f"Item({self.service}{self.path})"

    @property
    def pid(self) -> int | None:
        """The process that shows this icon."""
        return self._bus.owner_pid(self.service)

    @property
    def id(self) -> str:
        """The application's name."""
        return str(self._bus.get(self._address, "Id"))

    @property
    def status(self) -> str:
        """Passive, Active or NeedsAttention."""
        return str(self._bus.get(self._address, "Status"))

    @property
    def tooltip(self) -> str:
        """Title and text of the tooltip, a line break between them."""
        _icon, _pixmaps, title, text = self._bus.get(self._address, "ToolTip")
        return "\n".join(part for part in (title, text) if part)

    @property
    def icon_pixmaps(self) -> dict[int, bytes]:
        """Each size of the icon: ARGB, four bytes a pixel."""
        found = self._bus.get(self._address, "IconPixmap")
        return {width: bytes(data) for width, _height, data in found}

    def activate(self, x: int = 0, y: int = 0) -> None:
        """Do what a panel does on a left click."""
        self._bus.call(self._address, "Activate", "ii", x, y)

    def secondary_activate(self, x: int = 0, y: int = 0) -> None:
        """Do what a panel does on a middle click."""
        self._bus.call(self._address, "SecondaryActivate", "ii", x, y)

    def menu(self) -> list[MenuEntry]:
        """Return the menu as a panel that is about to show it sees it."""
        menu = self._menu_address()
        self._bus.call(menu, "AboutToShow", "i", 0)
        # Qt rebuilds the menu on aboutToShow and then answers with the new layout.
        _revision, root = self._bus.call(menu, "GetLayout", "iias", 0, -1, [])[:2]
        return list(_entry(root).children)

    def click_menu(self, *labels: str) -> None:
        """Choose an entry by its label, or by the labels on the way to it."""
        entries: list[MenuEntry] | tuple[MenuEntry, ...] = self.menu()
        for depth, label in enumerate(labels):
            matches = [e for e in entries if e.label == label and e.visible]
            if not matches:
                shown = ", ".join(str(e) for e in entries)
                raise LookupError(f"no {label!r} in the menu: {shown}")
            chosen, entries = matches[0], matches[0].children
            if depth < len(labels) - 1:
                continue
            if not chosen.enabled:
                raise LookupError(f"{label!r} is disabled")
            self._bus.call(
                self._menu_address(),
                "Event",
                "isvu",
                chosen.id,
                "clicked",
                ("s", ""),
                0,
            )

    def _menu_address(self) -> DBusAddress:
        path = self._bus.get(self._address, "Menu")
        return DBusAddress(path, self.service, "com.canonical.dbusmenu")


def _entry(layout: tuple[int, dict[str, tuple[str, Any]], list[Any]]) -> MenuEntry:
    number, raw, children = layout
    properties = {name: value for name, (_type, value) in raw.items()}
    return MenuEntry(
        id=number,
        # A single underscore marks the key to press; a double one is a real one.
        label=_without_mnemonic(properties.get("label", "")),
        kind=properties.get("type", "standard"),
        enabled=properties.get("enabled", True),
        visible=properties.get("visible", True),
        children=tuple(_entry(child) for _type, child in children),
    )


def _without_mnemonic(label: str) -> str:
    return "_".join(part.replace("_", "") for part in label.split("__"))


def registered(bus: Bus) -> list[Item]:
    """Return the icons that a host would show now.

    xfce4-panel keeps one for ever whose program died while it was registering.
    """
    items = []
    for entry in bus.get(WATCHER, "RegisteredStatusNotifierItems"):
        service, slash, rest = entry.partition("/")
        if bus.call(BUS, "NameHasOwner", "s", service)[0]:
            items.append(Item(bus, service, slash + rest or "/StatusNotifierItem"))
    return items
