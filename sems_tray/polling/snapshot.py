"""What is known of the shown station at one moment; every view is made of it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from sems_tray.domain.shown_reading import shown_reading
from sems_tray.domain.station_state import state_of
from sems_tray.i18n import formatting
from sems_tray.i18n.language import tr

if TYPE_CHECKING:
    from datetime import datetime

    from sems_tray.domain.model import Reading, StationState
    from sems_tray.domain.poll_result import PollFailed
    from sems_tray.domain.station_state import DarkAt


def no_sun_known(_: datetime) -> None:
    """Return None: whether the inverters may be asleep is not known."""


@dataclass(frozen=True, kw_only=True)
class MonitorSnapshot:
    """The shown station, and how the polling stands.

    ``failed`` is the failure to show: one lost reply is none while the last answer is
    new.  ``dark_at`` answers whether the station's inverters may be asleep.
    """

    now: datetime
    dark_at: DarkAt = no_sun_known
    reading: Reading | None = None
    failed: PollFailed | None = None
    in_flight: bool = False
    pause_until: datetime | None = None  # the portal asked for a pause
    next_at: datetime | None = None
    requests_today: int = 0
    demo: bool = False

    @cached_property
    def shown(self) -> Reading | None:
        """The reading as every view shows it: what sleeps makes nothing."""
        if self.reading is None:
            return None
        return shown_reading(self.reading, self.now, self.dark_at)

    @cached_property
    def state(self) -> StationState | None:
        """The station's state; None before the first reading."""
        shown = self.shown
        return None if shown is None else state_of(shown, self.now, self.dark_at)


def refresh_words(snapshot: MonitorSnapshot) -> tuple[str, bool]:
    """Return what the refresh entry says, and whether it can be chosen."""
    if snapshot.in_flight:
        return tr("Refreshing …"), False
    if snapshot.pause_until is not None and snapshot.pause_until > snapshot.now:
        # Translators: {wait} is "40 s" or "5 min".
        text = tr("Refresh possible in {wait}")
        return text.format(
            wait=formatting.wait(snapshot.pause_until - snapshot.now)
        ), False
    return tr("Refresh now"), True
