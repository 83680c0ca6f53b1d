"""What the settings window shows and does not edit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sems_tray.alerts.delivery import Acknowledged
    from sems_tray.domain.credentials import PasswordStorage
    from sems_tray.domain.model import Station
    from sems_tray.tray.view_model import TrayInputs


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
