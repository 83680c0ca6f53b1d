"""The settings' page for all else: start, language, motion, prices, place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Slot

from sems_tray.i18n.language import mark, tr, trc
from sems_tray.widgets.forms import Ink, Switch, WrappedLabel

from .form import FieldKind, SettingRow
from .page import SettingsPage

if TYPE_CHECKING:
    from sems_tray.runtime.settings_repository import SettingsRepository
    from sems_tray.storage.settings import Settings

    from .page import SettingsEvents, SettingsInfo


# Each by its own name: who cannot read the others finds it.
_LANGUAGES = (
    ("Čeština", "cs"),
    ("Deutsch", "de"),
    ("English", "en"),
    ("Español", "es"),
    ("Français", "fr"),
    ("Italiano", "it"),
    ("Nederlands", "nl"),
    ("Polski", "pl"),
    ("Português", "pt"),
)
_PLACE = {
    None: mark(
        "It tells day from night where GoodWe does not say where the station is."
    ),
    True: mark("GoodWe tells where the station is: nothing needs to be entered here."),
    False: mark(
        "GoodWe does not tell where the station is: this tells day from night."
    ),
}


class GeneralPage(SettingsPage):
    """What is chosen once and then forgotten."""

    def __init__(self, repository: SettingsRepository, events: SettingsEvents) -> None:
        super().__init__(repository, events)
        # The system keeps it, not the settings.
        self._login = Switch(
            "start_at_login",
            tr("Start at login"),
            tr("The icon is there when you have logged in."),
        )
        self._login.edited.connect(self._on_login)
        self._login_trouble = WrappedLabel(ink=Ink.TROUBLE)
        self._where = WrappedLabel(tr(_PLACE[None]))
        self.section(
            trc("settings section", "Program"),
            self._login,
            self._login_trouble,
            SettingRow(
                FieldKind.SWITCH,
                "start_hidden",
                tr("Start as an icon alone"),
                tr("Otherwise the window opens at every start."),
            ),
            SettingRow(
                FieldKind.SWITCH,
                "motion",
                tr("Moving pictures"),
                tr("The energy flow moves, unless the system wants stillness."),
            ),
        )
        self.section(
            trc("settings section", "Language"),
            SettingRow(
                FieldKind.CHOICE,
                "language",
                tr("Words and dates"),
                options=((trc("language", "The system's"), ""), *_LANGUAGES),
            ),
            SettingRow(
                FieldKind.CHOICE,
                "temperature",
                tr("Temperatures"),
                options=(
                    (trc("unit of temperature", "The system's"), ""),
                    ("°C", "C"),
                    ("°F", "F"),
                ),
            ),
        )
        self.section(
            trc("settings section", "Battery"),
            SettingRow(
                FieldKind.OPTIONAL_NUMBER,
                "reserve_percent",
                tr("Reserve of the battery, %"),
                tr(
                    "What your inverter keeps for a power cut. The time that is left"
                    " counts down to it."
                ),
            ),
        )
        self.section(
            trc("settings section", "Prices"),
            SettingRow(FieldKind.OPTIONAL_NUMBER, "import_price", tr("A kWh bought")),
            SettingRow(FieldKind.OPTIONAL_NUMBER, "export_price", tr("A kWh sold")),
            SettingRow(FieldKind.CURRENCY, "currency", tr("Currency")),
            about=tr("For savings and income, where GoodWe knows no prices."),
        )
        self.section(
            tr("Where the station is"),
            self._where,
            _coordinate("latitude", tr("Latitude")),
            _coordinate("longitude", tr("Longitude")),
        )
        self.end()

    def show_info(self, info: SettingsInfo) -> None:
        """Show what became of the start at login, and what the portal tells."""
        self._login.fill(info.start_at_login)
        self._login_trouble.show_text(info.login_trouble)
        self._where.show_text(tr(_PLACE[info.place_known]))

    @Slot()
    def _on_login(self) -> None:
        is_on, _ = self._login.read()
        self._events.start_at_login_changed.emit(is_on)


def _coordinate(setting: str, label: str) -> SettingRow:
    return SettingRow(FieldKind.OPTIONAL_NUMBER, setting, label, check=place_troubles)


def place_troubles(settings: Settings) -> dict[str, str]:
    """Return what a place lacks, by its setting: it is whole, or there is none."""
    latitude, longitude = settings.latitude, settings.longitude
    if latitude is None and longitude is not None:
        return {"latitude": tr("A place needs both: the latitude is missing.")}
    if longitude is None and latitude is not None:
        return {"longitude": tr("A place needs both: the longitude is missing.")}
    return {}
