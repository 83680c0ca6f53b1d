"""The sign-in window: an account, a password, and what became of them."""

from __future__ import annotations

import os
import sys
import time
from datetime import timedelta
from enum import Enum
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, QUrl, Signal, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import (
    QButtonGroup,
    QDialog,
    QHBoxLayout,
    QPushButton,
    QSystemTrayIcon,
    QVBoxLayout,
    QWidget,
)

from sems_tray.domain.credentials import PortalChoice
from sems_tray.domain.failures import PORTAL_PAGE
from sems_tray.i18n import formatting
from sems_tray.i18n.language import mark, tr, trc
from sems_tray.widgets.cards import Card
from sems_tray.widgets.forms import Ink, Radio, WrappedLabel
from sems_tray.widgets.pages import Scroller
from sems_tray.widgets.theme import STEP, Text

from . import advice as says
from .form import FormPage
from .parts import Head

if TYPE_CHECKING:
    from PySide6.QtGui import QCloseEvent, QResizeEvent, QShowEvent

    from sems_tray.domain.credentials import PasswordStorage
    from sems_tray.domain.model import Station

    from .advice import Advice


_TITLE, _DONE_TITLE = mark("Sign in - SEMS Tray"), mark("Signed in - SEMS Tray")
_WIDE = 56  # digits of the system's font
_FRAME = 64  # a title bar and some air
_SECOND_MS = 1_000


class _State(Enum):
    FORM = "form"
    ASKING = "asking"
    LISTING = "listing"
    STATIONS = "stations"
    DONE = "done"


class SignIn(QDialog):
    """Asks, emits what was typed, and shows what came of it.

    The owner may stop while GoodWe is asked; what came of that, ``show_stopped`` or
    something else, is for others to say.
    """

    submitted = Signal(object, object)  # Credentials, PortalChoice
    stopped = Signal()
    demo_wanted = Signal()
    station_chosen = Signal(str)

    def __init__(
        self,
        account: str | None,
        *,
        portal: PortalChoice = PortalChoice(),  # noqa: B008 (frozen)
        demo: bool = False,
    ) -> None:
        super().__init__()
        self.setWindowTitle(tr(_TITLE))
        self._state = _State.FORM
        self._free_at: float | None = None  # by the monotonic clock
        self._clock = QTimer(self)
        self._clock.setInterval(_SECOND_MS)
        self._clock.timeout.connect(self._on_tick)
        self._form = FormPage(account, portal=portal, demo=demo)
        self._form.typed.connect(self._update)
        self._form.turned.connect(self._fit)
        self._form.demo_wanted.connect(self.demo_wanted)
        self._form.portal_wanted.connect(self._on_portal)
        self._page: QWidget = self._form
        self._ok = QPushButton(trc("button", "Sign in"))
        self._ok.setObjectName("ok")
        self._ok.setDefault(True)
        self._ok.clicked.connect(self._on_ok)
        self._cancel = QPushButton(trc("button", "Cancel"))
        self._cancel.setObjectName("cancel")
        self._cancel.setAutoDefault(False)
        self._cancel.clicked.connect(self.reject)
        self._build()
        self._update()
        self._form.first_field().setFocus()

    def _build(self) -> None:
        self._sheet = PageScroller(self._form)
        foot = QHBoxLayout()
        foot.setContentsMargins(MARGIN, 0, MARGIN, 0)
        foot.setSpacing(STEP)
        foot.addStretch(1)
        foot.addWidget(self._cancel)
        foot.addWidget(self._ok)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, MARGIN)
        layout.setSpacing(STEP)
        layout.addWidget(self._sheet, 1)
        layout.addLayout(foot)

    @property
    def is_over(self) -> bool:
        """Whether all is said: who wants to sign in again needs another window."""
        return self._state is _State.DONE

    def show_trouble(self, advice: Advice) -> None:
        """Say what went wrong; the password can be typed again."""
        self._state = _State.FORM
        self._form.show_advice(advice)
        if advice.wait is not None:
            self._free_at = time.monotonic() + advice.wait.total_seconds()
            self._clock.start()
        self._on_tick()
        self._fit()
        self._sheet.ensureWidgetVisible(self._form.trouble)

    def show_stopped(self) -> None:
        """Say that nothing is asked any more, and nothing was kept."""
        self._state = _State.FORM
        self._form.show_idle(tr(says.STOPPED))
        self._form.password.setFocus()
        self._update()
        self._fit()

    def show_listing(self) -> None:
        """Say that it worked, and that the stations are asked for."""
        self._form.clear_password()
        self._state = _State.LISTING
        self._form.show_busy(tr(says.LISTING))
        self._update()
        self._fit()

    def show_stations(self, stations: tuple[Station, ...], chosen: str) -> None:
        """Ask which one is to be shown."""
        page = StationsPage(stations, chosen)
        self._turn(_State.STATIONS, page)
        self._fit()
        page.first_field.setFocus()

    def show_done(self, password_storage: PasswordStorage, trouble: str = "") -> None:
        """Say where the icon is and where the password; the last page."""
        page = DonePage()
        self._turn(_State.DONE, page)
        page.fill(password_storage, trouble)
        self._fit()
        self._ok.setFocus()

    def show_demo(self, *, started: bool) -> None:
        """Say what became of the demo."""
        self._form.show_demo_note(tr(says.DEMO_STARTS if started else says.DEMO_FAILED))
        self._fit()

    def _turn(self, state: _State, page: QWidget) -> None:
        self._form.clear_password()
        self._state = state
        self._sheet.turn(self._page, page)
        if self._page is not self._form:
            self._page.deleteLater()
        self._page = page
        if state is _State.DONE:
            self.setWindowTitle(tr(_DONE_TITLE))
        self._update()

    @Slot()
    def _update(self) -> None:
        """Fit the buttons to the state."""
        state = self._state
        self._ok.setText(_ok_text(state))
        after = state in {_State.STATIONS, _State.DONE}
        ready = state is _State.FORM and self._form.is_filled and self._free_at is None
        self._ok.setEnabled(after or ready)
        self._ok.setDefault(True)
        self._cancel.setText(
            trc("button", "Stop") if state is _State.ASKING else trc("button", "Cancel")
        )
        self._cancel.setVisible(not after and state is not _State.LISTING)

    @Slot()
    def _on_ok(self) -> None:
        match self._state:
            case _State.FORM:
                self._submit()
            case _State.STATIONS:
                station = getattr(self._page, "station", "")
                self.station_chosen.emit(station)
            case _State.DONE:
                self.accept()
            case _State.ASKING | _State.LISTING:
                pass

    def _submit(self) -> None:
        self._state = _State.ASKING
        self._form.show_busy(tr(says.ASKING))
        self._update()
        self._fit()
        self.submitted.emit(self._form.credentials(), self._form.portal)

    @Slot()
    def _on_tick(self) -> None:
        """Count down to when GoodWe may be asked again."""
        if self._free_at is not None:
            left = self._free_at - time.monotonic()
            if left > 0:
                told = formatting.wait(timedelta(seconds=left))
                self._form.trouble.show_wait(
                    tr("Try again in {length}.").format(length=told)
                )
            else:
                self._free_at = None
                self._clock.stop()
                self._form.trouble.show_wait(tr("You can try again now."))
        self._update()

    @Slot()
    def _on_portal(self) -> None:
        QDesktopServices.openUrl(QUrl(PORTAL_PAGE))

    @Slot()
    def _fit(self) -> None:
        """Be as high as what is shown, as far as the screen goes."""
        column = self._sheet.column
        column.activate()
        self.setMinimumWidth(column.minimumSize().width())
        room = self.screen().availableGeometry().size()
        digit = self.fontMetrics().horizontalAdvance("0")
        least = self.width() if self.isVisible() else 0
        wide = min(max(least, digit * _WIDE), room.width() - _FRAME)
        foot = self._ok.sizeHint().height() + STEP + MARGIN
        high = column.heightForWidth(wide) + foot
        self.resize(wide, min(high, room.height() - _FRAME))
        self._sheet.settle()

    def showEvent(self, event: QShowEvent) -> None:
        """Open at the right size."""
        self._fit()
        super().showEvent(event)
        # Only a window that is shown knows its screen and its style's fonts.
        QTimer.singleShot(0, self, self._fit)

    def reject(self) -> None:
        """Stop the asking; close if nobody is asked."""
        if self._state is _State.ASKING:
            self.stopped.emit()
        else:
            super().reject()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Stop the asking, and close."""
        if self._state is _State.ASKING:
            self.stopped.emit()
            self._state = _State.FORM
        super().closeEvent(event)

    def done(self, result: int) -> None:
        """Close, and keep no password behind a closed window."""
        if self._state in {_State.FORM, _State.ASKING}:
            self._state = _State.FORM
        self._form.clear_password()
        self._update()
        super().done(result)


def _ok_text(state: _State) -> str:
    match state:
        case _State.STATIONS:
            return tr("Use this station")
        case _State.DONE:
            return trc("button", "Done")
        case _State.FORM | _State.ASKING | _State.LISTING:
            return trc("button", "Sign in")


# What the sign-in window scrolls, where the screen is too low for its words.


MARGIN = 2 * STEP


class PageScroller(Scroller):
    """Shows one page; scrolls only what is too high."""

    def __init__(self, page: QWidget) -> None:
        super().__init__()
        self.column.setContentsMargins(MARGIN, MARGIN, MARGIN, STEP)
        self.column.addWidget(page)

    def turn(self, old: QWidget, new: QWidget) -> None:
        """Show another page."""
        old.hide()
        self.column.replaceWidget(old, new)
        new.show()

    def settle(self) -> None:
        """Show a bar only where it is needed: one that came for a moment would stay.

        It makes lines shorter, thus more, thus itself needed.
        """
        fits = self.column.heightForWidth(self.width()) <= self.height()
        bars = Qt.ScrollBarPolicy
        wanted = bars.ScrollBarAlwaysOff if fits else bars.ScrollBarAsNeeded
        if self.verticalScrollBarPolicy() is not wanted:
            self.setVerticalScrollBarPolicy(wanted)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Scroll if the owner makes it lower."""
        super().resizeEvent(event)
        self.settle()


# The pages after a sign-in: which station, and where to look from now on.


_GAP = STEP + STEP // 2


class StationsPage(QWidget):
    """Asks which of several stations is to be shown; the first if none is chosen."""

    def __init__(self, stations: tuple[Station, ...], chosen: str) -> None:
        super().__init__()
        group = QButtonGroup(self)
        self._radios = {it.id: _radio(it, group) for it in stations}
        shown = self._radios.get(chosen, next(iter(self._radios.values())))
        shown.fill(True)
        self.first_field = shown.button
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(_GAP)
        box.addWidget(
            Head(
                tr("Which station?"),
                tr(
                    "Its power is what the icon shows. Another can be chosen in the"
                    " tray's menu at any time."
                ),
            )
        )
        radios = self._radios.values()
        box.addWidget(Card().filled_with(*radios, margin=_GAP, spacing=_GAP))
        box.addStretch(1)

    @property
    def station(self) -> str:
        """The id of the chosen station."""
        return next(id_ for id_, it in self._radios.items() if it.button.isChecked())


def _radio(station: Station, group: QButtonGroup) -> Radio:
    name = f"station_{station.id}"
    return Radio(name, says.station_name(station), says.station_line(station), group)


class DonePage(QWidget):
    """Says where the icon is, and where the password."""

    def __init__(self) -> None:
        super().__init__()
        has_tray = QSystemTrayIcon.isSystemTrayAvailable()
        self.head = Head(
            tr("SEMS Tray is in your tray now")
            if has_tray
            else tr("SEMS Tray is ready"),
            says.where_the_icon_is(
                sys.platform,
                os.environ.get("XDG_CURRENT_DESKTOP", ""),
                has_tray=has_tray,
            ),
        )
        self._trouble = WrappedLabel(ink=Ink.TROUBLE, step=Text.BODY)
        self._kept = WrappedLabel(ink=Ink.PLAIN, step=Text.BODY)
        self._kept.setObjectName("kept")
        card = Card().filled_with(self._kept, margin=_GAP)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(_GAP)
        for widget in (self.head, self._trouble, card):
            box.addWidget(widget)
        box.addStretch(1)

    @property
    def text(self) -> str:
        """All that is said."""
        parts = (self.head.title, self.head.about, self._trouble, self._kept)
        return " ".join(it.text() for it in parts if it.text())

    def fill(self, password_storage: PasswordStorage, trouble: str) -> None:
        """Show where the password is, and what is still wrong."""
        self._kept.show_text(password_storage.line)
        self._trouble.show_text(trouble)
