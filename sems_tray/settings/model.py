"""What the owner chooses in the settings window, and what is shown beside it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from sems_tray.alerts.model import Rule
from sems_tray.alerts.settings import Limits, QuietChoice
from sems_tray.domain.credentials import AUTO_DIALECT
from sems_tray.domain.model import Tariffs
from sems_tray.i18n.language import tr
from sems_tray.tray.view_model import IconMode

if TYPE_CHECKING:
    from sems_tray.alerts.muting import Acknowledged
    from sems_tray.domain.credentials import PasswordStorage
    from sems_tray.domain.model import Station
    from sems_tray.tray.view_model import TrayInputs


SYSTEM_LANGUAGE = ""
SYSTEM_TEMPERATURE, CELSIUS, FAHRENHEIT = "", "C", "F"

NO_TARIFFS = Tariffs()
MOST_PRICE = 1000.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Preferences:
    """Everything that the settings window edits.

    ``rules_off`` holds names of rules, those of a newer version included; a low battery
    is told where it matters, or with ``low_each_time`` always.  ``station`` is the
    chosen one's id, None the account's first, and ``unwatched`` are others that are
    left alone; ``reserve_percent`` is what the battery keeps back; the place serves
    where the portal tells none; ``temperature`` is one of the units above.
    """

    station: str | None = None
    unwatched: frozenset[str] = frozenset()
    dialect: str = AUTO_DIALECT
    live_minutes: float = 2.0
    icon: IconMode = IconMode.AUTO
    rules_off: frozenset[str] = frozenset({Rule.BATTERY_FULL.value})
    limits: Limits = Limits()
    low_each_time: bool = False
    quiet: QuietChoice = QuietChoice()
    tariffs: Tariffs = NO_TARIFFS
    reserve_percent: float | None = None
    latitude: float | None = None
    longitude: float | None = None
    language: str = SYSTEM_LANGUAGE
    temperature: str = SYSTEM_TEMPERATURE
    motion: bool = True
    start_hidden: bool = True
    start_at_login: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownAlarm:
    """An alarm that the owner acknowledged, in words."""

    mark: Acknowledged
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PreferencesInfo:
    """What the settings window shows and does not edit.

    ``custody`` is where the password is, if this run signed in; ``note`` is a
    sentence about the settings as a whole, such as that they cannot be saved;
    ``login_trouble`` says why the program could not be put among those that start at
    login.  ``place_known`` is whether the portal tells where the station is, None
    while nobody knows.  ``files`` and ``versions`` are names with values.
    """

    account: str | None = None
    custody: PasswordStorage | None = None
    stations: tuple[Station, ...] = ()
    requests_today: int | None = None
    tray_inputs: TrayInputs | None = None
    note: str = ""
    login_trouble: str = ""
    place_known: bool | None = None
    known_alarms: tuple[KnownAlarm, ...] = ()
    version: str = ""
    versions: tuple[tuple[str, str], ...] = ()
    files: tuple[tuple[str, str], ...] = ()
    links: tuple[tuple[str, str], ...] = ()


def place_trouble(latitude: float | None, longitude: float | None) -> str:
    """Return why this is no place on earth; "" if it is one, or none at all."""
    if latitude is None and longitude is not None:
        return tr("A place needs both: the latitude is missing.")
    if longitude is None and latitude is not None:
        return tr("A place needs both: the longitude is missing.")
    return ""


# The preferences as they stand while the settings window is open.


class Draft(QObject):
    """Holds the preferences that all pages edit; each change is told once."""

    loaded = Signal()  # fill the fields anew
    changed = Signal(object)  # Preferences

    def __init__(self) -> None:
        super().__init__()
        self.value: Preferences = Preferences()
        self._filling = False

    def load(self, preferences: Preferences) -> None:
        """Take preferences from outside; the fields follow and say nothing."""
        self.value = preferences
        self.reload()

    def reload(self) -> None:
        """Let the fields show what holds: what was half entered is dropped."""
        self._filling = True
        try:
            self.loaded.emit()
        finally:
            self._filling = False

    def put(self, **changes: Any) -> None:  # noqa: ANN401 (the fields' own types)
        """Take what a field says; the same as before is no change."""
        if self._filling:
            return
        value = replace(self.value, **changes)
        if value != self.value:
            self.value = value
            self.changed.emit(value)
