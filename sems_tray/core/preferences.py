"""What the owner chooses in the settings window, and what is shown beside it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time
from enum import StrEnum
from typing import TYPE_CHECKING

from .alerts.silence import EVERY_DAY
from .alerts.values import Rule
from .credentials import AUTO_DIALECT
from .language import tr
from .tariffs import Tariffs
from .tray_icon import IconMode

if TYPE_CHECKING:
    from .alerts.silence import Acknowledged
    from .custody import Custody
    from .model import Station
    from .present import Scene

SYSTEM_LANGUAGE = ""
SYSTEM_TEMPERATURE, CELSIUS, FAHRENHEIT = "", "C", "F"

NO_TARIFFS = Tariffs()
MOST_PRICE = 1000.0
LEAST_PORTAL_MINUTES, MOST_PORTAL_MINUTES = 5.0, 2880.0


class Limit(StrEnum):
    """The thresholds of the alert rules, by the names of their fields."""

    LOW = "low_percent"
    CRITICAL = "critical_percent"
    FULL = "full_percent"
    PORTAL = "portal_minutes"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """From where on the battery is low, critical or full, and the portal long gone."""

    low_percent: float = 20.0
    critical_percent: float = 10.0
    full_percent: float = 100.0
    portal_minutes: float = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class QuietChoice:
    """Hours of silence by this computer's clock; weekdays from Monday, 0."""

    on: bool = False
    start: time = time(22)
    end: time = time(7)
    weekdays: frozenset[int] = EVERY_DAY


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
    custody: Custody | None = None
    stations: tuple[Station, ...] = ()
    requests_today: int | None = None
    scene: Scene | None = None
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
