"""The picture of what flows where, painted; dots run along the links.

What stands still is painted once into a pixmap; a tick of the clock only puts the dots
on it.  The clock starts with a paint event and ends by itself when nobody can see it,
so a window that is closed, minimised or covered costs nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import (
    QElapsedTimer,
    QEvent,
    QPointF,
    QRectF,
    QSize,
    Qt,
    QTimer,
    Slot,
)
from PySide6.QtGui import QAccessible, QAccessibleEvent, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QSizePolicy, QWidget

from sems_tray.i18n.language import tr
from sems_tray.widgets.theme import KeyFocus, Text, font_of, theme_for, wants_motion

from .flow_layout import layout, least_size
from .flow_model import FlowPicture
from .flow_painter import StillPicture, series_of

if TYPE_CHECKING:
    from PySide6.QtGui import QHideEvent, QPaintEvent

    from sems_tray.widgets.theme import Theme

    from .flow_layout import Layout
    from .flow_model import Node


_TICK_MS = 60  # 16 pictures a second
_SLOWEST, _FASTER = 16.0, 70.0  # points a second


class FlowView(KeyFocus, QWidget):
    """Shows a flow picture; equal pictures are painted once."""

    def __init__(self) -> None:
        super().__init__()
        self._picture = FlowPicture()
        self._message = ""
        self._still: QPixmap | None = None
        self._layout: Layout | None = None
        self._travelled_s = 0.0
        self._since = QElapsedTimer()
        self._allowed = True
        self._timer = QTimer(self)
        self._timer.setInterval(_TICK_MS)
        self._timer.timeout.connect(self._on_tick)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName(tr("Power flow"))

    @property
    def moving(self) -> bool:
        """Whether the dots run."""
        return self._timer.isActive()

    def show_picture(self, picture: FlowPicture, message: str = "") -> None:
        """Show a picture, and a line of words where its middle is free."""
        if (picture, message) == (self._picture, self._message):
            return
        resized = len(picture.nodes) != len(self._picture.nodes)
        self._picture, self._message = picture, message
        self.setAccessibleDescription(picture.in_words)
        changed = QAccessibleEvent(self, QAccessible.Event.DescriptionChanged)
        QAccessible.updateAccessibility(changed)
        if resized:
            self.updateGeometry()
        self._forget()

    def allow_motion(self, allowed: bool) -> None:  # noqa: FBT001 (a switch)
        """Let the dots run, or not, whatever the system says."""
        if allowed != self._allowed:
            self._allowed = allowed
            self._forget()

    def node_at(self, point: QPointF) -> Node | None:
        """Return the ring under a point."""
        if self._layout is None:
            return None
        for node in self._picture.nodes:
            away = self._layout.centres[node.part] - point
            if QPointF.dotProduct(away, away) <= self._layout.ring.radius**2:
                return node
        return None

    def sizeHint(self) -> QSize:
        """Return a comfortable size."""
        least = least_size(self.font(), self._picture)
        return QSize(round(least.width() * 1.1), round(least.height()))

    def minimumSizeHint(self) -> QSize:
        """Return the size below which rings would touch."""
        return least_size(self.font(), self._picture).toSize()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the system's colours and fonts."""
        super().changeEvent(event)
        kinds = QEvent.Type
        if event.type() in {kinds.PaletteChange, kinds.FontChange, kinds.StyleChange}:
            self._forget()

    def hideEvent(self, event: QHideEvent) -> None:
        """Stand still where nobody looks."""
        super().hideEvent(event)
        self._timer.stop()

    def paintEvent(self, _: QPaintEvent) -> None:
        """Paint what stands still, then the dots."""
        theme = theme_for(self)
        still = self._still_picture(theme)
        painter = QPainter(self)
        painter.drawPixmap(0, 0, still)
        moves = self._may_move()
        if moves and not self._timer.isActive():
            self._since.start()
            self._timer.start()
        if moves and self._layout is not None:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            for track in self._layout.tracks:
                hue = theme.colour(series_of(track.link.source))
                painter.setBrush(theme.card if theme.high_contrast else hue)
                speed = (_SLOWEST + _FASTER * track.link.width) * self._layout.scale
                size = track.width / 2 + 0.7 * self._layout.scale
                if theme.high_contrast:  # holes in a line that is not pale
                    size = track.width / 3
                for dot, grown in track.dots(self._travelled_s * speed):
                    painter.drawEllipse(dot, size * grown, size * grown)
        if self.focus_shown:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.muted, 1.5, Qt.PenStyle.DotLine))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(2, 2, -2, -2), 6, 6)
        painter.end()

    def _may_move(self) -> bool:
        picture = self._picture
        flowing = bool(picture.links) and not picture.old
        return flowing and self._allowed and wants_motion(self)

    @Slot()
    def _on_tick(self) -> None:
        # What is visible to Qt may still be covered or on another desktop.
        seen = self.isVisible() and self.window().windowHandle().isExposed()
        if not seen or not self._may_move():
            self._timer.stop()
            return
        # At most two ticks: after a sleep the dots go on where they were.
        self._travelled_s += min(self._since.restart(), 2 * _TICK_MS) / 1000
        self.update()

    def _forget(self) -> None:
        self._still = self._layout = None
        self.update()

    def _still_picture(self, theme: Theme) -> QPixmap:
        ratio = self.devicePixelRatioF()
        size, still = self.size() * ratio, self._still
        if still is not None and (still.size(), still.devicePixelRatio()) == (
            size,
            ratio,
        ):
            return still
        self._layout = layout(self._picture, QRectF(self.rect()), self.font())
        made = QPixmap(size)
        made.setDevicePixelRatio(ratio)
        made.fill(Qt.GlobalColor.transparent)
        painter = QPainter(made)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        StillPicture(
            painter, theme, self._layout, self._picture, dots=self._may_move()
        ).paint()
        if self._message:
            painter.setFont(font_of(Text.BODY, self.font()))
            painter.setPen(theme.muted)
            painter.drawText(
                QRectF(self.rect()),
                Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap,
                self._message,
            )
        painter.end()
        self._still = made
        return made
