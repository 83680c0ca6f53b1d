"""What a notification daemon is told: the arguments of Notify."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from sems_tray.core.alerts import Level

from .resource import resource

if TYPE_CHECKING:
    from .notifier import Bubble

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


def arguments(bubble: Bubble, daemon: Server, *, replaces: int) -> tuple[object, ...]:
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


def _actions(bubble: Bubble) -> list[str]:
    """Return ids and labels in turn; a click on the bubble itself is "default"."""
    found = ["default", ""]
    for button in bubble.buttons:
        found += [button.id, _plain(button.label)]
    return found


def _hints(bubble: Bubble, daemon: Server) -> dict[str, tuple[str, object]]:
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
