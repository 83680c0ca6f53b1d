"""The settings' first page: whose stations these are, and which one is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QMessageBox, QPushButton

from sems_tray.core.language import mark, tr, trc
from sems_tray.core.others import names

from .settings_fields import Choice, dialects
from .settings_page import SettingsPage
from .settings_parts import Ink, Row, Words, flow
from .settings_watched import Watched
from .theme import Text

if TYPE_CHECKING:
    from sems_tray.core.preferences import PreferencesInfo

    from .settings_draft import Draft

_FORGET = mark(
    "The password and the sign-in are deleted from this computer. Settings and history"
    " stay."
)
_FORGET_ALL = mark(
    "The account, all settings and the whole history on this computer are deleted."
    " GoodWe keeps less than this program does: what was recorded minute by minute"
    " may not come back."
)


class AccountPage(SettingsPage):
    """Shows the account; offers to change and to forget it."""

    sign_in_wanted = Signal()
    forget_account_wanted = Signal()
    forget_all_wanted = Signal()

    def __init__(self, draft: Draft) -> None:
        super().__init__(draft)
        self.question: QMessageBox | None = None
        self._name = Words(ink=Ink.PLAIN, step=Text.STRONG)
        self._name.setObjectName("account")
        self._kept = Words()
        self._sign_in = QPushButton(tr("Sign in …"))
        self._sign_in.setObjectName("sign_in")
        self._sign_in.clicked.connect(self.sign_in_wanted)
        self._forget = QPushButton(tr("Forget this account …"))
        self._forget.setObjectName("forget_account")
        self._forget.clicked.connect(self._on_forget)
        self._station = Choice("station")
        self._station.chosen.connect(self._on_station)
        self._watched = Watched()
        self._watched.chosen.connect(self._on_watched)
        self._dialect = Choice("dialect", dialects())
        self._dialect.chosen.connect(self._on_dialect)
        everything = QPushButton(tr("Forget everything …"))
        everything.setObjectName("forget_all")
        everything.clicked.connect(self._on_forget_all)
        self.section(
            tr("SEMS account"),
            self._name,
            self._kept,
            flow(self._sign_in, self._forget),
        )
        self._stations = self.section(
            trc("settings section", "Station"),
            Row(
                tr("Shown in tray and window"),
                self._station,
                tr("It can be changed in the tray's menu, too."),
            ),
            self._watched,
        )
        self.section(
            trc("settings section", "Advanced"),
            Row(
                trc("settings field", "Portal"),
                self._dialect,
                tr(
                    "GoodWe runs two portals. Leave this alone unless one of them does"
                    " not know your station."
                ),
            ),
        )
        self.section(
            tr("Start over"),
            Words(tr("Deletes the account, the settings and the history.")),
            flow(everything),
        )
        self.end()
        self.fill()

    def fill(self) -> None:
        """Show what is chosen."""
        self._dialect.fill(self._draft.value.dialect)
        chosen = self._draft.value.station
        if chosen is not None:
            self._station.fill(chosen)
        elif self._station.count():
            self._station.setCurrentIndex(0)
        self._offer_watched()
        self._watched.mark(self._draft.value.unwatched)

    def _offer_watched(self) -> None:
        """Offer a switch for each station but the one that is shown."""
        box = self._station
        rows = [(box.itemText(it), box.itemData(it)) for it in range(box.count())]
        self._watched.offer([it for it in rows if it[1] != box.currentData()])

    def show_info(self, info: PreferencesInfo) -> None:
        """Show the account and its stations."""
        known = bool(info.account)
        self._name.say(info.account or tr("Nobody is signed in."))
        self._kept.say(info.custody.sentence if info.custody and known else "")
        self._sign_in.setText(
            tr("Sign in as somebody else …") if known else tr("Sign in …")
        )
        self._forget.setEnabled(known)
        rows = [(called, id_) for id_, called in names(info.stations).items()]
        shown = [
            (self._station.itemText(it), self._station.itemData(it))
            for it in range(self._station.count())
        ]
        if rows != shown and not self._station.view().isVisible():
            self._station.offer(rows)
            self.fill()
        self._stations.setVisible(len(rows) > 1)

    @Slot(str)
    def _on_station(self, station: str) -> None:
        self._draft.put(station=station)
        self._offer_watched()

    @Slot()
    def _on_watched(self) -> None:
        self._draft.put(unwatched=self._watched.off)

    @Slot(str)
    def _on_dialect(self, dialect: str) -> None:
        self._draft.put(dialect=dialect)

    @Slot()
    def _on_forget(self) -> None:
        self._ask(
            tr("Forget this account?"), tr(_FORGET), tr("Forget the account")
        ).accepted.connect(self.forget_account_wanted)

    @Slot()
    def _on_forget_all(self) -> None:
        self._ask(
            tr("Forget everything?"), tr(_FORGET_ALL), tr("Forget everything")
        ).accepted.connect(self.forget_all_wanted)

    def _ask(self, title: str, text: str, yes: str) -> QMessageBox:
        """Ask before what cannot be undone; whoever presses Enter keeps it all."""
        box = QMessageBox(self.window())
        box.setWindowTitle("SEMS Tray")
        box.setIcon(QMessageBox.Icon.Warning)
        box.setText(title)
        box.setInformativeText(text)
        box.addButton(yes, QMessageBox.ButtonRole.AcceptRole)
        cancel = box.addButton(QMessageBox.StandardButton.Cancel)
        box.setDefaultButton(cancel)
        box.setEscapeButton(cancel)
        box.finished.connect(box.deleteLater)
        self.question = box
        box.open()
        return box
