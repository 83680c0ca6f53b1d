"""A page of the settings: cards of rows under titles, and what stands beside them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from sems_tray.widgets.cards import Card
from sems_tray.widgets.forms import Ink, WrappedLabel
from sems_tray.widgets.pages import Scroller
from sems_tray.widgets.theme import STEP, Text

from .form import Form, SettingRow

if TYPE_CHECKING:
    from sems_tray.alerts.delivery import Acknowledged
    from sems_tray.domain.credentials import PasswordStorage
    from sems_tray.domain.model import Station
    from sems_tray.runtime.settings_repository import SettingsRepository
    from sems_tray.storage.settings import Settings
    from sems_tray.tray.view_model import TrayInputs


_MARGIN = 2 * STEP
_GAP = STEP + STEP // 2


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownAlarm:
    """An alarm that the owner acknowledged, in words."""

    mark: Acknowledged
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingsInfo:
    """What stands beside the settings.

    ``password_storage`` is where the password is, if this run signed in; ``note`` is a
    sentence about the settings as a whole, such as that they cannot be saved;
    ``start_at_login`` is the system's, not a setting, and ``login_trouble`` says why it
    could not be switched.  ``place_known`` is whether the portal tells where the
    station is, None while nobody knows.  ``files`` and ``versions`` are names with
    values.
    """

    account: str | None = None
    password_storage: PasswordStorage | None = None
    stations: tuple[Station, ...] = ()
    requests_today: int | None = None
    tray_inputs: TrayInputs | None = None
    note: str = ""
    start_at_login: bool = False
    login_trouble: str = ""
    place_known: bool | None = None
    known_alarms: tuple[KnownAlarm, ...] = ()
    version: str = ""
    versions: tuple[tuple[str, str], ...] = ()
    files: tuple[tuple[str, str], ...] = ()


class SettingsEvents(QObject):
    """What the owner asks for in the window and is no setting."""

    station_chosen = Signal(str)  # not only a setting: it is turned to at once
    sign_in_requested = Signal()
    sign_out_requested = Signal(bool)  # whether everything is to be deleted
    test_requested = Signal()  # of a notification
    reminder_requested = Signal(object)  # Acknowledged, to be told again
    start_at_login_changed = Signal(bool)
    diagnostics_requested = Signal()
    log_requested = Signal()


class SettingsPage(Scroller):
    """A column of cards that scrolls up and down only."""

    def __init__(self, repository: SettingsRepository, events: SettingsEvents) -> None:
        super().__init__()
        self._repository = repository
        self._events = events
        self.form = Form(repository, self)
        self.form.refused.connect(self.show_settings)
        self.column.setContentsMargins(_MARGIN, STEP, _MARGIN, _MARGIN)
        self.column.setSpacing(STEP)
        repository.changed.connect(self._on_changed)

    def section(
        self, title: str, *parts: SettingRow | QWidget, about: str = ""
    ) -> QWidget:
        """Add a card under a title; returns both, so that they can be hidden."""
        part = QWidget()
        column = QVBoxLayout(part)
        column.setContentsMargins(0, STEP // 2, 0, STEP // 2)
        column.setSpacing(STEP - 2)
        head = WrappedLabel(title, Ink.PLAIN, Text.STRONG)
        column.addWidget(head)
        column.addWidget(WrappedLabel(about))
        widgets = (
            self.form.build(it) if isinstance(it, SettingRow) else it for it in parts
        )
        card = Card().filled_with(*widgets, margin=_GAP, spacing=_GAP)
        card.setAccessibleName(title)
        column.addWidget(card)
        self.column.addWidget(part)
        return part

    def end(self) -> None:
        """Nothing follows: what room is left stays below."""
        self.column.addStretch(1)
        self.show_settings(self._repository.settings)

    def reset(self) -> None:
        """Show the settings in force; what was half entered is dropped."""
        self.form.fill()
        self.show_settings(self._repository.settings)

    def show_settings(self, settings: Settings) -> None:
        """Show what follows from the settings beside the rows of the form."""

    def show_info(self, info: SettingsInfo) -> None:
        """Show what comes from elsewhere."""

    @Slot(object, object)
    def _on_changed(self, _: Settings, after: Settings) -> None:
        self.show_settings(after)
