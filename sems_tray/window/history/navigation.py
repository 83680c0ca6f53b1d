"""Where in the past one looks: back, the title that opens a picker, today, forth."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from sems_tray.domain.energy import Period
from sems_tray.history.query import Selection
from sems_tray.i18n.formatting import month_name
from sems_tray.i18n.language import mark, tr, trc
from sems_tray.widgets.buttons import FlatButton
from sems_tray.widgets.theme import STEP, Text
from sems_tray.widgets.time_fields import DayPicker

if TYPE_CHECKING:
    from datetime import date

    from PySide6.QtGui import QResizeEvent

    from .view_model import HistoryView


_WAYS = {
    Period.DAY: (mark("Previous day"), mark("Next day")),
    Period.MONTH: (mark("Previous month"), mark("Next month")),
    Period.YEAR: (mark("Previous year"), mark("Next year")),
    Period.TOTAL: ("Previous total", "Next total"),  # hidden: there is but one
}


class HistoryNav(QWidget):
    """Back, the title that opens a picker, today, forth."""

    wanted = Signal(object)  # Selection

    def __init__(self) -> None:
        super().__init__()
        self._view: HistoryView | None = None
        self.back = FlatButton(parent=self, turn=-1)
        self.title = FlatButton(parent=self, step=Text.STRONG, edged=False)
        self.today = FlatButton(trc("button", "Today"), self)
        self.forth = FlatButton(parent=self, turn=1)
        self.title.setToolTip(tr("Choose a date"))
        said = tr("Go to today")
        self.today.setAccessibleName(said)
        self.today.setToolTip(f"{said} (T)")
        self.back.clicked.connect(self.go_back)
        self.forth.clicked.connect(self.go_forth)
        self.today.clicked.connect(self.go_today)
        self.title.clicked.connect(self.open_picker)

    def show_view(self, view: HistoryView) -> None:
        """Show what is selected, of what there is from the first date to today."""
        self._view, selection = view, view.selection
        bounded = selection.kind is not Period.TOTAL
        before, after = map(tr, _WAYS[selection.kind])
        left, right = trc("key", "Left"), trc("key", "Right")
        for button, word, key in (
            (self.back, before, left),
            (self.forth, after, right),
        ):
            button.setAccessibleName(word)
            button.setToolTip(f"{word} ({key})")
            button.setVisible(bounded)
        self.back.setEnabled(selection.has_previous(view.first))
        self.forth.setEnabled(selection.has_next(view.today))
        self.title.setText(selection.title())
        self.title.setAccessibleName(_opening(selection))
        self.title.setFocusPolicy(
            Qt.FocusPolicy.StrongFocus if bounded else Qt.FocusPolicy.NoFocus
        )
        self.today.setVisible(not selection.holds(view.today))
        self._place()

    def sizeHint(self) -> QSize:
        """Return the room for the longest title and both ways."""
        title = self.title.sizeHint()
        sides = self.back.sizeHint().width() + self.forth.sizeHint().width()
        sides += self.today.sizeHint().width() + 3 * STEP
        return QSize(title.width() + sides, title.height())

    def minimumSizeHint(self) -> QSize:
        """The title may become narrow."""
        return QSize(self.sizeHint().width() // 2, self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Place the parts anew."""
        super().resizeEvent(event)
        self._place()

    @Slot()
    def go_back(self) -> None:
        """Go to the period before."""
        view = self._view
        if view is not None and view.selection.has_previous(view.first):
            self.wanted.emit(view.selection.previous())

    @Slot()
    def go_forth(self) -> None:
        """Go to the period after."""
        view = self._view
        if view is not None and view.selection.has_next(view.today):
            self.wanted.emit(view.selection.next())

    @Slot()
    def go_left(self) -> None:
        """Go where the button on the left goes."""
        (self.go_forth if self.isRightToLeft() else self.go_back)()

    @Slot()
    def go_right(self) -> None:
        """Go where the button on the right goes."""
        (self.go_back if self.isRightToLeft() else self.go_forth)()

    @Slot()
    def go_today(self) -> None:
        """Go to the period that is under way."""
        view = self._view
        if view is not None and not view.selection.holds(view.today):
            kind = view.selection.kind
            self.wanted.emit(Selection(kind=kind, day=view.today))

    @Slot()
    def open_picker(self) -> None:
        """Open the calendar of days, or the menu of months or years."""
        view = self._view
        if view is None or view.selection.kind is Period.TOTAL:
            return
        if view.selection.kind is Period.DAY:
            picker = DayPicker(view.selection.day, view.first, view.today, self)
            picker.chosen.connect(self._on_day)
            self._pop_up(picker)
        else:
            menu = self.menu(view)
            menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            menu.popup(self.title.mapToGlobal(QPoint(0, self.title.height())))

    def menu(self, view: HistoryView) -> QMenu:
        """Return the years, the newest first; for months, each with its months."""
        menu = QMenu(self)
        menu.triggered.connect(self._on_chosen)  # of its months' menus, too
        here, first, today = view.selection, view.first, view.today
        for year in range(today.year, first.year - 1, -1):
            if here.kind is Period.YEAR:
                day = today.replace(year=year, month=1, day=1)
                _offer(menu, str(year), here, day)
                continue
            months = menu.addMenu(str(year))
            for month in range(1, 13):
                day = today.replace(year=year, month=month, day=1)
                if first.replace(day=1) <= day <= today:
                    _offer(months, month_name(month), here, day)
        return menu

    @Slot(QAction)
    def _on_chosen(self, action: QAction) -> None:
        self.wanted.emit(action.data())

    @Slot(object)
    def _on_day(self, day: date) -> None:
        self.wanted.emit(Selection(kind=Period.DAY, day=day))

    def _pop_up(self, popup: QWidget) -> None:
        """Show below the title, inside the screen."""
        size, title = popup.sizeHint(), self.title
        at = title.mapToGlobal(QPoint((title.width() - size.width()) // 2, 0))
        below, room = at + QPoint(0, title.height()), self.screen().availableGeometry()
        spot = QRect(below, size)
        if spot.bottom() > room.bottom():
            spot.moveBottom(at.y())
        spot.moveLeft(min(max(spot.left(), room.left()), room.right() - size.width()))
        popup.move(spot.topLeft())
        popup.show()
        popup.setFocus()

    def _place(self) -> None:
        """Put the title in the middle, or as near as "Today" lets it be."""
        back, forth, today = (
            it.sizeHint() for it in (self.back, self.forth, self.today)
        )
        wide = self.width()
        left, right = back.width() + STEP, wide - forth.width() - STEP
        if not self.today.isHidden():
            right -= today.width() + STEP
        title = min(self.title.sizeHint().width(), max(right - left, 0))
        start = max(min((wide - title) // 2, right - title), left)
        spots = (
            (self.back, 0, back.width()),
            (self.forth, wide - forth.width(), forth.width()),
            (self.today, right + STEP, today.width()),
            (self.title, start, title),
        )
        mirrored = self.isRightToLeft()
        for button, x, width in spots:
            at = wide - x - width if mirrored else x
            button.setGeometry(at, 0, width, self.height())


def _offer(menu: QMenu, name: str, here: Selection, day: date) -> None:
    action = menu.addAction(name)
    action.setCheckable(True)
    action.setChecked(here.holds(day))
    action.setData(Selection(kind=here.kind, day=day))


def _opening(selection: Selection) -> str:
    """Return the title, and what a press on it opens."""
    title = selection.title()
    if selection.kind is Period.TOTAL:
        return title
    if selection.kind is Period.DAY:
        # Translators: for a screen reader: {date} is "Sunday, 21 June 2026".
        return tr("{date}, opens a calendar").format(date=title)
    # Translators: for a screen reader: {date} is "June 2026" or "2026".
    return tr("{date}, opens a menu").format(date=title)
