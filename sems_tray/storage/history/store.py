"""The history that the owner keeps: one SQLite file in the profile's data folder.

``History`` writes, from one thread; ``HistoryReader`` reads, from any other.  What the
world does to the disk never stops the program: what cannot be written waits in memory,
is tried again with every later write, and ``message`` says so.
"""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Self

from sems_tray.domain.energy import Period, ValueSource
from sems_tray.domain.time_zones import utc_now

from . import writer
from .file import HistoryFile
from .period_totals import look_at
from .reader import HistoryReader
from .samples import of_points, of_reading

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date, datetime
    from pathlib import Path

    from sems_tray.domain.energy import HistoryRow, NotificationRecord
    from sems_tray.domain.model import CurvePoint, EnergySums, Reading


class History(HistoryFile):
    """The history of one profile, to write to. Writes return whether they are stored.

    ``path`` is the file; ``now`` names and thins, ``tick`` spaces attempts to open.
    ``reader`` reads through the same connection, in the same thread.  ``shared`` says
    that another process may be writing, too: its log is no sign of a crash.
    """

    def __init__(
        self,
        path: Path,
        *,
        now: Callable[[], datetime] = utc_now,
        tick: Callable[[], float] = time.monotonic,
        shared: bool = False,
    ) -> None:
        super().__init__(path, now=now, tick=tick, shared=shared)
        self.reader = HistoryReader(path, lambda: self.con)

    def __enter__(self) -> Self:
        """Open."""
        self.open()
        return self

    def __exit__(self, *_: object) -> None:
        """Close."""
        self.close()

    def thin(self, stop: Callable[[], bool] = lambda: False) -> int:
        """Thin old minute data; return how many rows went. To be called daily.

        It may take a minute the first time; ``stop`` is asked after every day's rows.
        """
        return self.try_now(lambda con: writer.thin(con, self._now(), stop)) or 0

    def add(self, reading: Reading) -> bool:
        """Keep a reading: powers, inverters, totals so far, alarms."""
        return self.write(
            writer.put_reading, reading, of_reading(reading), look_at(reading)
        )

    def add_curve(
        self,
        station: str,
        points: Iterable[CurvePoint | HistoryRow],
        *,
        day: date | None = None,
        source: ValueSource = ValueSource.PORTAL,
    ) -> bool:
        """Fill gaps with a fetched curve, or with rows of an export.

        ``day`` is the date that the portal was asked for: it is no gap any more for
        now, even if there were no points.
        """
        measured = of_points(points, source)
        if not measured and day is None:
            return True
        asked = None if day is None else (day, self._seconds())
        return self.write(writer.put_points, station, measured, asked)

    def put_day(
        self,
        station: str,
        day: date,
        sums: EnergySums,
        source: ValueSource = ValueSource.PORTAL,
    ) -> bool:
        """Keep a local date's totals; PORTAL is the statistic of a finished day."""
        return self.put_period(station, Period.DAY, day.isoformat(), sums, source)

    def put_period(
        self,
        station: str,
        period: Period,
        key: str,
        sums: EnergySums,
        source: ValueSource = ValueSource.PORTAL,
    ) -> bool:
        """Keep a period's totals; live ones grow, final ones replace them."""
        return self.write(writer.put_sums, station, period, key, sums, source)

    def record_asked(self, station: str, what: str, *days: date) -> bool:
        """Note what the portal was asked of finished days: they are gaps no more.

        ``what`` is "curve", "totals" or "income".
        """
        return self.write(writer.put_asked, station, days, what, self._seconds())

    def add_notice(self, notice: NotificationRecord) -> bool:
        """Keep a notice that was given, or silenced."""
        return self.write(writer.put_notice, notice)

    def close_notices(self, station: str, topic: str, at: datetime) -> bool:
        """Note that what a topic's notices said is over."""
        return self.write(writer.close_notices, station, topic, at)

    def put_state(self, station: str, key: str, value: object) -> bool:
        """Keep a JSON value under a key; None forgets it."""
        text = None if value is None else json.dumps(value)
        return self.write(writer.put_state, station, key, text)

    def _seconds(self) -> int:
        return int(self._now().timestamp())
