"""Pictures of the tray icon as panels show it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from sems_tray.core.icon import IconSpec
from sems_tray.core.language import tr
from sems_tray.core.model import (
    Battery,
    Dialect,
    Powers,
    Reading,
    Station,
)
from sems_tray.core.present import Scene, tray_view

from .icon import Panel, pixmap
from .theme import RADIUS, STEP, Text, font_of, theme_for

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent

    from sems_tray.core.tray_icon import IconMode

SIZES = (16, 22, 24, 32, 48)
_LARGEST = 48
_PANELS = {
    Panel.LIGHT: (QColor("#F4F5F6"), QColor("#4A4F55")),
    Panel.DARK: (QColor("#23272C"), QColor("#C3C8CE")),
}
_AT = datetime(2026, 6, 21, 10, 42, tzinfo=UTC)


def _daylight(_: datetime) -> bool:
    return False


# Shown until there is a reading of the owner's own.
SAMPLE = Scene(
    now=_AT,
    dark_at=_daylight,
    reading=Reading(
        dialect=Dialect.SEMSPLUS,
        station=Station(id="sample", capacity_kwp=10.1),
        received_at=_AT,
        measured_at=_AT,
        power=Powers(pv_w=3210, load_w=800, grid_w=1210, battery_w=-1200),
        battery=Battery(soc_percent=76),
    ),
)


def spec_of(scene: Scene | None, mode: IconMode) -> IconSpec:
    """Return the icon that a mode shows now; a sample before the first reading."""
    known = SAMPLE if scene is None or scene.reading is None else scene
    return tray_view(replace(known, mode=mode)).icon


class IconStrips(QWidget):
    """One icon in all sizes, on a light panel and on a dark one."""

    def __init__(self) -> None:
        super().__init__()
        self._spec = IconSpec()
        self.setObjectName("preview")
        self.setAccessibleName(tr("Preview of the tray icon"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_icon(self, spec: IconSpec) -> None:
        """Show another icon."""
        if spec != self._spec:
            self._spec = spec
            self.update()

    def sizeHint(self) -> QSize:
        """Return the room for two strips."""
        wide = sum(SIZES) + (len(SIZES) + 1) * 2 * STEP
        return QSize(wide, 2 * self._high() + STEP)

    def minimumSizeHint(self) -> QSize:
        """Nothing is cut off."""
        wide = sum(SIZES) + (len(SIZES) + 1) * STEP
        return QSize(wide, self.sizeHint().height())

    def _high(self) -> int:
        caption = QFontMetricsF(font_of(Text.CAPTION, self.font())).height()
        return _LARGEST + 2 * STEP + round(caption)

    def paintEvent(self, _: QPaintEvent) -> None:
        """Paint both strips."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(font_of(Text.CAPTION, self.font()))
        top = 0
        for panel in _PANELS:
            self._paint_strip(
                painter, panel, QRectF(0, top, self.width(), self._high())
            )
            top += self._high() + STEP
        painter.end()

    def _paint_strip(self, painter: QPainter, panel: Panel, box: QRectF) -> None:
        ground, ink = _PANELS[panel]
        painter.setPen(QPen(theme_for(self).border, 1.0))
        painter.setBrush(ground)
        painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), RADIUS, RADIUS)
        painter.setPen(ink)
        room = self.width() - sum(SIZES)
        gap = min(room / (len(SIZES) + 1), 3.0 * STEP)
        left = (room - gap * (len(SIZES) - 1)) / 2
        for size in SIZES:
            # On whole pixels, as a panel does it.
            at = QPointF(round(left), box.top() + STEP + (_LARGEST - size) // 2)
            painter.drawPixmap(
                at, pixmap(self._spec, size, panel, self.devicePixelRatioF())
            )
            words = QRectF(left - gap / 2, 0, size + gap, box.height())
            words.moveBottom(box.bottom() - STEP / 2)
            painter.drawText(
                words,
                int(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignBottom),
                str(size),
            )
            left += size + gap


class IconPicture(QWidget):
    """One icon at the size of most panels, on a piece of one."""

    _ICON, _SIDE = 24, 36

    def __init__(self, panel: Panel) -> None:
        super().__init__()
        self._spec = IconSpec()
        self._panel = panel
        self.setFixedSize(self._SIDE, self._SIDE)

    def show_icon(self, spec: IconSpec) -> None:
        """Show another icon."""
        if spec != self._spec:
            self._spec = spec
            self.update()

    def paintEvent(self, _: QPaintEvent) -> None:
        """Paint it."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme_for(self).border, 1.0))
        painter.setBrush(_PANELS[self._panel][0])
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.drawRoundedRect(box, RADIUS - 2, RADIUS - 2)
        edge = (self._SIDE - self._ICON) // 2
        ratio = self.devicePixelRatioF()
        painter.drawPixmap(
            edge, edge, pixmap(self._spec, self._ICON, self._panel, ratio)
        )
        painter.end()
