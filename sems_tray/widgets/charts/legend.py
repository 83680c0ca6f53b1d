"""The legend of a chart: a button per series that shows or hides it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QFontMetrics, QPalette, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from sems_tray.i18n.language import markc, tr, trc
from sems_tray.widgets.labels import leading
from sems_tray.widgets.pages import discard
from sems_tray.widgets.theme import smooth_painter, theme_for

from .painter import chart_font, sample

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from PySide6.QtGui import QPaintEvent, QResizeEvent

    from .bar_layout import Amount
    from .day_layout import Series


_SAMPLE = 14
_PAD = 4
_SPACE = 4

# Translators: curves and bars of a chart, as they stand in "Hide solar", "Show solar".
_NAMES: Mapping[str, str] = {
    "PV": markc("after Hide or Show", "solar"),
    "LOAD": markc("after Hide or Show", "house"),
    "GRID": markc("after Hide or Show", "grid"),
    "BATTERY": markc("after Hide or Show", "battery"),
    "SOC": markc("after Hide or Show", "charge"),
    "IMPORT": markc("after Hide or Show", "imported"),
    "EXPORT": markc("after Hide or Show", "exported"),
    "CHARGE": markc("after Hide or Show", "charged"),
    "DISCHARGE": markc("after Hide or Show", "discharged"),
}


class LegendButton(QAbstractButton):
    """A sample of the line or bar, and its name; pressed in while it is shown."""

    def __init__(self, key: Series | Amount, parent: QWidget) -> None:
        super().__init__(parent)
        self.key = key
        self.setText(key.label)
        self.setAccessibleName(key.label)
        self.setCheckable(True)
        self.setFont(chart_font(parent.font()))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.toggled.connect(self._on_toggled)
        self._on_toggled(False)

    def sizeHint(self) -> QSize:
        """Return the room for sample and name."""
        metrics = QFontMetrics(self.font())
        width = metrics.horizontalAdvance(self.text()) + _SAMPLE + 3 * _PAD
        return QSize(width, metrics.height() + 2 * _PAD)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the sample, the name, and the frame of hover and focus."""
        painter = smooth_painter(self)
        theme, area = theme_for(self), QRectF(self.rect())
        if self.hasFocus() or self.underMouse():
            focus = self.palette().color(QPalette.ColorRole.Highlight)
            painter.setPen(QPen(focus if self.hasFocus() else theme.grid_line, 1.5))
            painter.drawRoundedRect(area.adjusted(1, 1, -1, -1), 5, 5)
        on = self.isChecked()
        painter.setOpacity(1.0 if on else 0.35)
        mirrored = self.isRightToLeft()
        left = area.right() - _PAD - _SAMPLE if mirrored else float(_PAD)
        sample(painter, QPointF(left, area.center().y()), self.key, theme, _SAMPLE)
        painter.setOpacity(1.0)
        painter.setPen(theme.text if on else theme.muted)
        edge = 2 * _PAD + _SAMPLE
        name = (
            area.adjusted(0, 0, -edge, 0) if mirrored else area.adjusted(edge, 0, 0, 0)
        )
        flags = leading(self) | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(name, flags, self.text())
        painter.end()

    @Slot(bool)
    def _on_toggled(self, on: bool) -> None:  # noqa: FBT001 (Qt's signal)
        font = self.font()
        font.setStrikeOut(not on)  # not by colour alone
        self.setFont(font)
        text = tr("Hide {series}") if on else tr("Show {series}")
        self.setToolTip(
            text.format(series=trc("after Hide or Show", _NAMES[self.key.name]))
        )


class Legend(QWidget):
    """A row of buttons, in several lines where it is narrow."""

    chosen = Signal(object)  # frozenset of the keys that are shown

    def __init__(self) -> None:
        super().__init__()
        self._buttons: list[LegendButton] = []
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setAccessibleName(trc("screen reader", "Legend"))

    @property
    def buttons(self) -> tuple[LegendButton, ...]:
        """The buttons in their order."""
        return tuple(self._buttons)

    @property
    def shown(self) -> frozenset[Any]:
        """The keys that are shown."""
        return frozenset(it.key for it in self._buttons if it.isChecked())

    def set_entries(
        self, keys: Iterable[Series | Amount], shown: Iterable[Series | Amount]
    ) -> None:
        """Offer these series; the buttons stay while the series are the same."""
        wanted, on = list(keys), set(shown)
        if [it.key for it in self._buttons] != wanted:
            for button in self._buttons:
                discard(button)
            self._buttons = [LegendButton(it, self) for it in wanted]
            for button in self._buttons:
                button.clicked.connect(self._on_clicked)
                button.show()
        for button in self._buttons:
            button.setChecked(button.key in on)
        self._place()
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        """Return the room of all buttons in one line."""
        sizes = [it.sizeHint() for it in self._buttons]
        width = sum(it.width() + _SPACE for it in sizes)
        return QSize(
            max(width - _SPACE, 0), max((it.height() for it in sizes), default=0)
        )

    def minimumSizeHint(self) -> QSize:
        """Return the room of the widest button."""
        sizes = [it.sizeHint() for it in self._buttons]
        return QSize(
            max((it.width() for it in sizes), default=0), self.sizeHint().height()
        )

    def hasHeightForWidth(self) -> bool:
        """Say that a narrow legend is a high one."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Return the height of as many lines as it takes."""
        spots = self._spots(width)
        return max((y + it.height() for _, y, it in spots), default=0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Place the buttons anew."""
        super().resizeEvent(event)
        self._place()

    def _spots(self, width: int) -> list[tuple[int, int, QSize]]:
        x = y = 0
        found = []
        for button in self._buttons:
            size = button.sizeHint()
            if x and x + size.width() > width:
                x, y = 0, y + size.height()
            found.append((x, y, size))
            x += size.width() + _SPACE
        return found

    def _place(self) -> None:
        mirrored = self.isRightToLeft()
        for button, (x, y, size) in zip(
            self._buttons, self._spots(self.width()), strict=True
        ):
            left = self.width() - x - size.width() if mirrored else x
            button.setGeometry(left, y, size.width(), size.height())

    @Slot()
    def _on_clicked(self) -> None:
        self.chosen.emit(self.shown)
