"""Where a window opens: beside the tray icon, whole on the screen, or where it was."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QSize

if TYPE_CHECKING:
    from PySide6.QtCore import QRect


_MARGIN = 16
_GAP = 4
_TITLE_BAR = 32
_GEOMETRY = re.compile(r"(\d{1,5})x(\d{1,5})(?:([+-]\d{1,6})([+-]\d{1,6}))?")


def room_on(available: QRect, title_bar: int) -> QRect:
    """Return where the inside of a window may be.

    A title bar is about so high before the first time.  Whether a place is the frame's
    or that of what is inside depends on who places it, so there is room for both.
    """
    frame = max(title_bar, _TITLE_BAR) + _GAP
    return available.adjusted(_MARGIN, frame, -_MARGIN, -frame)


def beside(icon: QRect, room: QRect, size: QSize) -> QPoint:
    """Return the corner beside the icon, or in the corner where trays are."""
    centre = room.bottomRight() if icon.isEmpty() else icon.center()
    below = centre.y() < room.center().y()
    top = centre.y() + _MARGIN if below else centre.y() - size.height() - _MARGIN
    return QPoint(centre.x() - size.width() // 2, top)


def inside(corner: QPoint, room: QRect, size: QSize) -> QPoint:
    """Return the corner, moved so that the window is inside of the room."""
    return QPoint(
        max(room.left(), min(corner.x(), room.right() - size.width())),
        max(room.top(), min(corner.y(), room.bottom() - size.height())),
    )


def geometry_text(size: QSize, at: QPoint | None) -> str:
    """Return "480x680", or "480x680+9-9" with a place."""
    text = f"{size.width()}x{size.height()}"
    return text if at is None else f"{text}{at.x():+d}{at.y():+d}"


def read_geometry(text: str) -> tuple[QSize, QPoint | None] | None:
    """Read what ``geometry_text`` wrote; None for anything else."""
    found = _GEOMETRY.fullmatch(text)
    if not found or "0" in {found[1].lstrip("0") or "0", found[2].lstrip("0") or "0"}:
        return None
    size = QSize(int(found[1]), int(found[2]))
    return size, QPoint(int(found[3]), int(found[4])) if found[3] else None
