"""The settings' first page: whose stations these are, and which one is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QMessageBox, QPushButton

from sems_tray.i18n.language import mark, tr, trc
from sems_tray.polling.other_stations import names
from sems_tray.widgets.fields import Choice, dialects
from sems_tray.widgets.forms import Ink, Row, StackedRows, WrappedLabel, flow
from sems_tray.widgets.theme import Text

from .form import FieldKind, SettingRow
from .page import SettingsPage

if TYPE_CHECKING:
    from sems_tray.runtime.settings_repository import SettingsRepository
    from sems_tray.storage.settings import Settings

    from .page import SettingsEvents, SettingsInfo


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

    def __init__(self, repository: SettingsRepository, events: SettingsEvents) -> None:
        super().__init__(repository, events)
        self.question: QMessageBox | None = None
        self._name = WrappedLabel(ink=Ink.PLAIN, step=Text.STRONG)
        self._name.setObjectName("account")
        self._kept = WrappedLabel()
        self._sign_in = QPushButton(tr("Sign in …"))
        self._sign_in.setObjectName("sign_in")
        self._sign_in.clicked.connect(events.sign_in_requested)
        self._forget = QPushButton(tr("Forget this account …"))
        self._forget.setObjectName("forget_account")
        self._forget.clicked.connect(self._on_forget)
        self._station = Choice("station")
        self._station.edited.connect(self._on_station)
        self._watched = StackedRows()
        self._others: tuple[tuple[str, str], ...] = ()  # names and ids of stations
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
            SettingRow(
                FieldKind.CHOICE,
                "dialect",
                trc("settings field", "Portal"),
                tr(
                    "GoodWe runs two portals. Leave this alone unless one of them does"
                    " not know your station."
                ),
                options=dialects(),
            ),
        )
        self.section(
            tr("Start over"),
            WrappedLabel(tr("Deletes the account, the settings and the history.")),
            flow(everything),
        )
        self.end()

    def show_settings(self, settings: Settings) -> None:
        """Show the chosen station, and a switch for each of the others."""
        if settings.station is not None:
            self._station.fill(settings.station)
        elif self._station.count():
            self._station.setCurrentIndex(0)
        self._offer_others()

    def _offered(self) -> list[tuple[str, str]]:
        box = self._station
        return [(box.itemText(it), box.itemData(it)) for it in range(box.count())]

    def _offer_others(self) -> None:
        """Offer a switch for each station but the one that is shown."""
        shown = self._station.currentData()
        others = tuple(it for it in self._offered() if it[1] != shown)
        if others != self._others:
            self._others = others
            rows = (
                SettingRow(
                    FieldKind.MEMBER,
                    "unwatched",
                    # Translators: a switch; {station} is a station's name.
                    tr("Watch {station}, too").format(station=name),
                    name=f"watch_{station}",
                    value=station,
                )
                for name, station in others
            )
            self.form.replace(self._watched, rows)

    def show_info(self, info: SettingsInfo) -> None:
        """Show the account and its stations."""
        known = bool(info.account)
        self._name.show_text(info.account or tr("Nobody is signed in."))
        storage = info.password_storage
        self._kept.show_text(storage.sentence if storage and known else "")
        self._sign_in.setText(
            tr("Sign in as somebody else …") if known else tr("Sign in …")
        )
        self._forget.setEnabled(known)
        rows = [(called, id_) for id_, called in names(info.stations).items()]
        if rows != self._offered() and not self._station.view().isVisible():
            self._station.offer(rows)
            self.show_settings(self._repository.settings)
        self._stations.setVisible(len(rows) > 1)

    @Slot()
    def _on_station(self) -> None:
        self._offer_others()
        self._events.station_chosen.emit(self._station.currentData())

    @Slot()
    def _on_forget(self) -> None:
        title, yes = tr("Forget this account?"), tr("Forget the account")
        self._ask(title, tr(_FORGET), yes).accepted.connect(self._sign_out)

    @Slot()
    def _on_forget_all(self) -> None:
        title, yes = tr("Forget everything?"), tr("Forget everything")
        self._ask(title, tr(_FORGET_ALL), yes).accepted.connect(self._sign_out_wholly)

    @Slot()
    def _sign_out(self) -> None:
        self._events.sign_out_requested.emit(False)

    @Slot()
    def _sign_out_wholly(self) -> None:
        self._events.sign_out_requested.emit(True)

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
