"""The settings' first page: whose stations these are, and which one is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QMessageBox, QPushButton

from sems_tray.i18n.language import mark, tr, trc
from sems_tray.polling.other_stations import names
from sems_tray.widgets.fields import Choice, dialects
from sems_tray.widgets.forms import Ink, Row, StackedRows, Switch, WrappedLabel, flow
from sems_tray.widgets.theme import Text

from .page import SettingsPage

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .model import Draft, PreferencesInfo


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
        self._name = WrappedLabel(ink=Ink.PLAIN, step=Text.STRONG)
        self._name.setObjectName("account")
        self._kept = WrappedLabel()
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
            WrappedLabel(tr("Deletes the account, the settings and the history.")),
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
            (self._station.itemText(index), self._station.itemData(index))
            for index in range(self._station.count())
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


# Which stations are watched beside the one that is shown: a switch for each.


class Watched(StackedRows):
    """Switches by stations. What is switched off is told by its id."""

    chosen = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._rows: tuple[tuple[str, str], ...] = ()
        self._off: frozenset[str] = frozenset()
        self._switches: dict[str, Switch] = {}

    @property
    def off(self) -> frozenset[str]:
        """The ids of those that are left alone, unknown ones among them."""
        return self._off

    def offer(self, rows: Sequence[tuple[str, str]]) -> None:
        """Take names and ids of the stations that are not shown."""
        if tuple(rows) == self._rows:
            return
        self._rows = tuple(rows)
        self._switches = {}
        for name, station in rows:
            # Translators: a switch; {station} is a station's name.
            title = tr("Watch {station}, too").format(station=name)
            switch = Switch(f"watch_{station}", title)
            switch.switched.connect(self._on_switched)
            self._switches[station] = switch
        StackedRows.fill(self, self._switches.values())
        self.mark(self._off)

    def mark(self, off: frozenset[str]) -> None:
        """Show which are left alone."""
        self._off = off
        for station, switch in self._switches.items():
            switch.fill(station not in off)

    @Slot(bool)
    def _on_switched(self, _: bool) -> None:  # noqa: FBT001 (Qt's signal)
        shown = self._switches
        off = {it for it, switch in shown.items() if not switch.button.isChecked()}
        self._off = frozenset(off | (self._off - shown.keys()))
        self.chosen.emit()
