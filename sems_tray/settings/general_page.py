"""The settings' page for all else: start, language, motion, prices, place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QLineEdit, QSizePolicy

from sems_tray.domain.model import Tariffs
from sems_tray.i18n.language import mark, tr, trc
from sems_tray.widgets.fields import UNSET, Choice, NumberEdit
from sems_tray.widgets.forms import Ink, Row, Switch, WrappedLabel

from .model import (
    CELSIUS,
    FAHRENHEIT,
    MOST_PRICE,
    SYSTEM_LANGUAGE,
    SYSTEM_TEMPERATURE,
    place_trouble,
)
from .page import SettingsPage

if TYPE_CHECKING:
    from .model import Draft, PreferencesInfo


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
_CURRENCY = 3
_BAD_CURRENCY = mark("Enter the three letters of a currency, such as EUR, or nothing.")
_PLACE = {
    None: mark(
        "It tells day from night where GoodWe does not say where the station is."
    ),
    True: mark("GoodWe tells where the station is: nothing needs to be entered here."),
    False: mark(
        "GoodWe does not tell where the station is: this tells day from night."
    ),
}


def _units() -> tuple[tuple[str, str], ...]:
    systems = trc("unit of temperature", "The system's")
    return (systems, SYSTEM_TEMPERATURE), ("°C", CELSIUS), ("°F", FAHRENHEIT)


class CurrencyEdit(QLineEdit):
    """Three letters, or nothing."""

    entered = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("currency")
        self.setPlaceholderText(tr(UNSET))
        self.setAlignment(Qt.AlignmentFlag.AlignTrailing)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setFixedWidth(14 * self.fontMetrics().horizontalAdvance("0"))
        self._filled = ""
        self.editingFinished.connect(self._on_finished)

    def fill(self, currency: str | None) -> None:
        """Show a currency, or nothing."""
        self._filled = currency or ""
        self.setText(self._filled)

    def read(self) -> tuple[str | None, str]:
        """Return the currency, and why it is none."""
        text = self.text().strip().upper()
        if not text:
            return None, ""
        good = len(text) == _CURRENCY and text.isascii() and text.isalpha()
        return (text, "") if good else (None, tr(_BAD_CURRENCY))

    @Slot()
    def _on_finished(self) -> None:
        if self.text() != self._filled:
            self._filled = self.text()
            self.entered.emit()


class _Entry:
    """A row with a number."""

    def __init__(self, name: str, edit: NumberEdit, about: str = "") -> None:
        self.edit = edit
        self.row = Row(name, edit, about)

    def read(self) -> tuple[float | None, str]:
        """Return the number, and say why it is none."""
        value, trouble = self.edit.read()
        self.row.say(trouble)
        return value, trouble


class GeneralPage(SettingsPage):
    """What is chosen once and then forgotten."""

    def __init__(self, draft: Draft) -> None:
        super().__init__(draft)
        self._login = Switch(
            "start_at_login",
            tr("Start at login"),
            tr("The icon is there when you have logged in."),
        )
        self._login.switched.connect(self._on_login)
        self._hidden = Switch(
            "start_hidden",
            tr("Start as an icon alone"),
            tr("Otherwise the window opens at every start."),
        )
        self._hidden.switched.connect(self._on_hidden)
        self._login_trouble = WrappedLabel(ink=Ink.TROUBLE)
        self._motion = Switch(
            "motion",
            tr("Moving pictures"),
            tr("The energy flow moves, unless the system wants stillness."),
        )
        self._motion.switched.connect(self._on_motion)
        systems = (trc("language", "The system's"), SYSTEM_LANGUAGE)
        self._language = Choice("language", (systems, *_LANGUAGES))
        self._language.chosen.connect(self._on_language)
        self._temperature = Choice("temperature", _units())
        self._temperature.chosen.connect(self._on_temperature)
        self._reserve = _Entry(
            tr("Reserve of the battery, %"),
            NumberEdit("reserve_percent", 0, 100),
            tr(
                "What your inverter keeps for a power cut. The time that is left counts"
                " down to it."
            ),
        )
        most = MOST_PRICE
        self._import = _Entry(tr("A kWh bought"), NumberEdit("import_price", 0, most))
        self._export = _Entry(tr("A kWh sold"), NumberEdit("export_price", 0, most))
        self._currency = CurrencyEdit()
        self._money = Row(tr("Currency"), self._currency)
        self._latitude = _Entry(tr("Latitude"), NumberEdit("latitude", -90, 90))
        self._longitude = _Entry(tr("Longitude"), NumberEdit("longitude", -180, 180))
        for entry, slot in (
            (self._reserve, self._on_reserve),
            (self._import, self._on_prices),
            (self._export, self._on_prices),
            (self._latitude, self._on_place),
            (self._longitude, self._on_place),
        ):
            entry.edit.entered.connect(slot)
        self._currency.entered.connect(self._on_prices)
        self._where = WrappedLabel(tr(_PLACE[None]))
        self.section(
            trc("settings section", "Program"),
            self._login,
            self._login_trouble,
            self._hidden,
            self._motion,
        )
        self.section(
            trc("settings section", "Language"),
            Row(tr("Words and dates"), self._language),
            Row(tr("Temperatures"), self._temperature),
        )
        self.section(trc("settings section", "Battery"), self._reserve.row)
        self.section(
            trc("settings section", "Prices"),
            self._import.row,
            self._export.row,
            self._money,
            about=tr("For savings and income, where GoodWe knows no prices."),
        )
        self.section(
            tr("Where the station is"),
            self._where,
            self._latitude.row,
            self._longitude.row,
        )
        self.end()
        self.fill()

    def fill(self) -> None:
        """Show what is chosen."""
        chosen = self._draft.value
        self._login.fill(chosen.start_at_login)
        self._hidden.fill(chosen.start_hidden)
        self._motion.fill(chosen.motion)
        self._language.fill(chosen.language)
        self._temperature.fill(chosen.temperature)
        tariffs = chosen.tariffs
        for entry, value in (
            (self._reserve, chosen.reserve_percent),
            (self._import, tariffs.import_price),
            (self._export, tariffs.export_price),
            (self._latitude, chosen.latitude),
            (self._longitude, chosen.longitude),
        ):
            entry.edit.fill(value)
            entry.row.say("")
        self._currency.fill(tariffs.currency)
        self._money.say("")

    def show_info(self, info: PreferencesInfo) -> None:
        """Show what became of the start at login, and what the portal tells."""
        self._login_trouble.say(info.login_trouble)
        self._where.say(tr(_PLACE[info.place_known]))

    @Slot(bool)
    def _on_login(self, on: bool) -> None:  # noqa: FBT001 (Qt's signal)
        self._draft.put(start_at_login=on)

    @Slot(bool)
    def _on_hidden(self, on: bool) -> None:  # noqa: FBT001 (Qt's signal)
        self._draft.put(start_hidden=on)

    @Slot(bool)
    def _on_motion(self, on: bool) -> None:  # noqa: FBT001 (Qt's signal)
        self._draft.put(motion=on)

    @Slot(str)
    def _on_language(self, language: str) -> None:
        self._draft.put(language=language)

    @Slot(str)
    def _on_temperature(self, unit: str) -> None:
        self._draft.put(temperature=unit)

    @Slot()
    def _on_reserve(self) -> None:
        value, trouble = self._reserve.read()
        if not trouble:
            self._draft.put(reserve_percent=value)

    @Slot()
    def _on_prices(self) -> None:
        """Take the prices that are good: each stands for itself."""
        tariffs = self._draft.value.tariffs
        bought, no_import = self._import.read()
        sold, no_export = self._export.read()
        currency, no_currency = self._currency.read()
        self._money.say(no_currency)
        self._draft.put(
            tariffs=Tariffs(
                import_price=tariffs.import_price if no_import else bought,
                export_price=tariffs.export_price if no_export else sold,
                currency=tariffs.currency if no_currency else currency,
            )
        )

    @Slot()
    def _on_place(self) -> None:
        """Take both coordinates, or none."""
        latitude, bad = self._latitude.read()
        longitude, worse = self._longitude.read()
        if bad or worse:
            return
        half = place_trouble(latitude, longitude)
        if latitude is None:
            self._latitude.row.say(half)
        if longitude is None:
            self._longitude.row.say(half)
        if not half:
            self._draft.put(latitude=latitude, longitude=longitude)
