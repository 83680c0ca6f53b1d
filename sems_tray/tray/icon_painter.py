"""Paint the tray icon: one `IconSpec` in, crisp pixels out.

Every edge that can lie on a pixel does.  Structure is neutral and amount is coloured;
whatever a colour says, a shape says too.  A halo in the other neutral lies under
everything: on the right panel it cannot be seen, on the wrong one it saves the icon.
"""

from __future__ import annotations

from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap

from .icon_faces import Canvas, Palette, paint_face

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .view_model import IconSpec


class Panel(StrEnum):
    """What the icon lies on; MASK is black with alpha, tinted by macOS itself."""

    LIGHT = "light"
    DARK = "dark"
    MASK = "mask"


SIZES = (16, 20, 22, 24, 32, 48, 64)
_MENU_BAR = (18, 36)  # macOS asks for 18 points, once and twice the pixels


# The light panel takes darker tones of the same hues: plain solar has 2:1 there.
PALETTES: Mapping[Panel, Palette] = {
    Panel.LIGHT: Palette(
        ink="#1B1F24",
        halo="#FFFFFF",
        solar="#B57700",
        battery="#008F68",
        grid="#A95BB8",
        alarm="#D55E00",
        blue="#2F80CC",
    ),
    Panel.DARK: Palette(
        ink="#F5F6F7",
        halo="#000000",
        solar="#E69F00",
        battery="#009E73",
        grid="#B86FC6",
        alarm="#D55E00",
        blue="#3B8EDB",
    ),
    Panel.MASK: Palette(
        ink="#000000",
        halo=None,
        solar="#000000",
        battery="#000000",
        grid="#000000",
        alarm="#000000",
        blue="#000000",
        gauge_alpha=0.5,
    ),
}
_HALO = 0.55


def pixmap(spec: IconSpec, size: int, panel: Panel, ratio: float = 1.0) -> QPixmap:
    """Return the picture for a square of `size` points with `ratio` pixels each."""
    side = max(8, round(size * ratio))
    palette = PALETTES[panel]
    picture = _blank(side)
    canvas = Canvas(spec, palette, picture)
    try:
        paint_face(canvas)
        canvas.finish()
    finally:
        # A pixmap that dies under an active painter takes the program with it.
        canvas.painter.end()
    if palette.halo is not None:
        _add_halo(picture, QColor(palette.halo))
    picture.setDevicePixelRatio(ratio)
    return picture


@lru_cache(maxsize=32)
def icon(spec: IconSpec, panel: Panel) -> QIcon:
    """Return the icon in all sizes; the same spec gives the same object."""
    made = QIcon()
    mask = panel is Panel.MASK
    for size in (*SIZES, *_MENU_BAR) if mask else SIZES:
        made.addPixmap(pixmap(spec, size, panel))
    made.setIsMask(mask)
    return made


def _blank(side: int) -> QPixmap:
    picture = QPixmap(side, side)
    picture.fill(Qt.GlobalColor.transparent)
    return picture


def _add_halo(picture: QPixmap, colour: QColor) -> None:
    """Put a thin spread of the picture's own shape under it, in the other neutral."""
    spread = max(1, round(picture.width() / 40))
    shade = _blank(picture.width())
    painter = QPainter(shade)
    for dx in (-spread, spread):
        for dy in (-spread, spread):
            painter.drawPixmap(dx, dy, picture)
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceIn)
    painter.fillRect(shade.rect(), colour)
    painter.end()
    painter = QPainter(picture)
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_DestinationOver)
    painter.setOpacity(_HALO)
    painter.drawPixmap(0, 0, shade)
    painter.end()
