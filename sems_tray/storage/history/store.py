"""The history that the owner keeps: one SQLite file in the profile's data folder.

``History`` writes, from one thread; ``HistoryReader`` reads, from any other.  What the
world does to the disk never stops the program: what cannot be written waits in memory,
is tried again with every later write, and ``message`` says so.
"""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Self

from sems_tray.domain.energy import InverterSample, Period, ValueSource
from sems_tray.domain.lifetime_counters import LIFETIMES, to_json

from . import writer as write
from .file import HistoryFile
from .period_totals import look_at
from .reader import HistoryReader
from .retention import thin
from .samples import of_points, of_reading

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date
    from pathlib import Path

    from sems_tray.domain.energy import HistoryRow, NotificationRecord
    from sems_tray.domain.model import CurvePoint, EnergySums, Reading


def _now() -> datetime:
    return datetime.now(UTC)


def _never() -> bool:
    return False


class History:
    """The history of one profile, to write to. Writes return whether they are stored.

    ``path`` is the file; ``now`` names and thins, ``tick`` spaces attempts to open.
    ``reader`` reads through the same connection, in the same thread.  ``shared`` says
    that another process may be writing, too: its log is no sign of a crash.
    """

    def __init__(
        self,
        path: Path,
        *,
        now: Callable[[], datetime] = _now,
        tick: Callable[[], float] = time.monotonic,
        shared: bool = False,
    ) -> None:
        self._now = now
        self._file = HistoryFile(path, now=now, tick=tick, shared=shared)
        self.reader = HistoryReader(path, lambda: self._file.con)

    def __enter__(self) -> Self:
        """Open."""
        self.open()
        return self

    def __exit__(self, *_: object) -> None:
        """Close."""
        self.close()

    # -- the file --------------------------------------------------------------

    def open(self) -> str:
        """Open the file as it is found; return what the owner should know, or ""."""
        self._file.open()
        return self.message

    def close(self) -> None:
        """Write what waits, if that works by now, and let go of the file."""
        self._file.close()

    @property
    def message(self) -> str:
        """What the owner should know now: trouble, else how the file was found."""
        return self._file.message

    @property
    def waiting(self) -> int:
        """How many writes wait in memory."""
        return self._file.waiting

    @property
    def writable(self) -> bool:
        """Whether what is written now would be stored."""
        return self._file.writable

    def check(self) -> str:
        """Check the whole file, mend it if need be; return the message. Takes seconds.

        To be called daily, and when a reader met a DamagedError.
        """
        self._file.check()
        return self.message

    def thin(self, stop: Callable[[], bool] = _never) -> int:
        """Thin old minute data; return how many rows went. To be called daily.

        It may take a minute the first time; ``stop`` is asked after every day's rows.
        """
        return self._file.tend(lambda con: thin(con, self._now(), stop)) or 0

    def forget(self) -> None:
        """Delete everything, copies and damaged files too. Raises StorageError.

        A later write begins anew.  On Windows readers must be closed first.
        """
        self._file.forget()

    def _seconds(self) -> int:
        return int(self._now().timestamp())

    # -- what is kept ----------------------------------------------------------

    def add(self, reading: Reading) -> bool:
        """Keep a reading: powers, inverters, totals so far, alarms."""
        inverters = tuple(
            InverterSample(
                sn=inverter.sn,
                power_w=inverter.power_w,
                temperature_c=inverter.temperature_c,
            )
            for inverter in reading.inverters
            if "devices" not in reading.stale
            and (inverter.power_w is not None or inverter.temperature_c is not None)
        )
        alarms = () if "alarms" in reading.stale else reading.alarms
        known = reading.lifetimes
        return self._file.write(
            partial(
                write.put_reading,
                station=reading.station,
                measured=of_reading(reading, inverters),
                look=look_at(reading),
                alarms=(alarms, reading.received_at),
                states={} if known is None else {LIFETIMES: to_json(known)},
            )
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
        return self._file.write(
            partial(
                write.put_points,
                station_id=station,
                measured=measured,
                asked=None if day is None else (day, self._seconds()),
            )
        )

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
        return self._file.write(
            partial(
                write.put_sums,
                station_id=station,
                period=period,
                key=key,
                sums=sums,
                source=source,
            )
        )

    def record_asked(
        self,
        station: str,
        *days: date,
        curve: bool = False,
        totals: bool = False,
        income: bool = False,
    ) -> bool:
        """Note what the portal was asked of finished days: they are gaps no more."""
        asked = (("curve", curve), ("totals", totals), ("income", income))
        whats = [what for what, yes in asked if yes]
        return self._file.write(
            partial(
                write.put_asked,
                station_id=station,
                days=days,
                whats=whats,
                at=self._seconds(),
            )
        )

    def add_notice(self, notice: NotificationRecord) -> bool:
        """Keep a notice that was given, or silenced."""
        return self._file.write(partial(write.put_notice, notice=notice))

    def close_notices(self, station: str, topic: str, at: datetime) -> bool:
        """Note that what a topic's notices said is over."""
        return self._file.write(
            partial(write.close_notices, station_id=station, topic=topic, at=at)
        )

    def put_state(self, station: str, key: str, value: object) -> bool:
        """Keep a JSON value under a key; None forgets it."""
        text = None if value is None else json.dumps(value)
        return self._file.write(
            partial(write.put_state, station_id=station, key=key, text=text)
        )
