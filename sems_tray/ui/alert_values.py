"""What the alert centre gives to the tray and the store, and asks of the sky."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, timedelta
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from sems_tray.core.alerts import Level
    from sems_tray.core.habits import Habits
    from sems_tray.core.history import GivenNotice
    from sems_tray.core.model import Reading
    from sems_tray.core.verdict import DarkAt


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What the history is to keep: states by name, notices, and what is over."""

    states: Mapping[str, object]
    notices: tuple[GivenNotice, ...] = ()
    closed: tuple[tuple[str, str, datetime], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing that is wrong, for the menu."""

    station: str
    topic: str
    title: str
    level: Level
    alarm_id: str | None = None


class Sky(Protocol):
    """The light at a reading's station, and what was learned of the station."""

    def learn(self, station_id: str, habits: Habits) -> None:
        """Take what a station usually does."""

    def habits(self, station_id: str) -> Habits:
        """Return what a station usually does."""

    def dark_at(self, reading: Reading) -> DarkAt:
        """Return the question whether its inverters may be asleep."""

    def height_at(self, reading: Reading) -> Callable[[datetime], float | None]:
        """Return the question how high the sun stands, in degrees."""


def tomorrow(now: datetime) -> datetime:
    """Return seven o'clock tomorrow by this computer's clock."""
    local = now.astimezone()
    morning = local.replace(hour=7, minute=0, second=0, microsecond=0)
    return (morning + timedelta(days=1)).astimezone(UTC)
