"""What the details window is given: the local store, and what the owner set."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from sems_tray.core.history import GivenNotice, SeenAlarm
    from sems_tray.core.history_view import Plant
    from sems_tray.core.model import CurvePoint, Station
    from sems_tray.core.selection import HistorySource
    from sems_tray.core.tariffs import Tariffs


class Records(Protocol):
    """The local store as the window asks it; quick, and never raises."""

    def plant(self, station: Station, tariffs: Tariffs) -> Plant:
        """Return what the history page has to know of a station."""

    def source(self, station: Station) -> HistorySource:
        """Return where the history page reads."""

    def today(self, station: Station) -> tuple[CurvePoint, ...]:
        """Return today's curve as far as it is kept."""

    def alarms(
        self, station: Station
    ) -> tuple[tuple[SeenAlarm, ...], tuple[GivenNotice, ...]]:
        """Return the alarms seen and the notices given."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What the owner set for the window."""

    tariffs: Tariffs
    reserve_percent: float | None = None
    geometry: str = ""
    motion: bool = True
