"""The pages after a sign-in: which station, and where to look from now on."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QButtonGroup, QSystemTrayIcon, QVBoxLayout, QWidget

from sems_tray.i18n.language import tr
from sems_tray.widgets.cards import Card
from sems_tray.widgets.forms import Ink, Radio, WrappedLabel
from sems_tray.widgets.theme import STEP, Text

from . import advice as says
from .parts import Head

if TYPE_CHECKING:
    from sems_tray.domain.credentials import PasswordStorage
    from sems_tray.domain.model import Station


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
