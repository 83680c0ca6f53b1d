"""Reading the history: by the window, the command line, and the back-fill.

A ``HistoryReader`` has a connection of its own that cannot write, and may be used
beside the writer in any one thread.  What is not there is empty, never an error;
StorageError says that the file cannot be read now, DamagedError that it is damaged (the
writer mends it: ``History.check``).
"""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Self, cast

from sems_tray.domain.energy import (
    POWERS,
    AlarmRecord,
    DayTotals,
    HistoryRow,
    InverterSample,
    NotificationRecord,
    Period,
    PeriodTotals,
    ValueSource,
    completed,
    day_span,
)
from sems_tray.domain.model import (
    NO_SUMS,
    Alarm,
    AlarmLevel,
    CurvePoint,
    Powers,
    Station,
)

from .database import HistoryConnection
from .missing import Gaps, RetryPolicy
from .period_totals import SUMS_COLUMNS, read_sums
from .samples import (
    DAY_MIN,
    ONE_BYTES,
    means,
    merged,
    minute_of,
    stored,
    time_of,
    unpacked,
)
from .writer import ROW_COLUMNS

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from datetime import tzinfo
    from pathlib import Path

    from sems_tray.domain.energy import MissingDay

    from .samples import Sample


class HistoryReader:
    """The history of one profile, to read from."""

    def __init__(
        self,
        path: Path,
        writer: Callable[[], sqlite3.Connection | None] | None = None,
    ) -> None:
        self._asked = HistoryConnection(path, writer)

    def __enter__(self) -> Self:
        """Nothing is opened before the first question."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close."""
        self.close()

    def close(self) -> None:
        """Let go of the file; the next question opens it again."""
        self._asked.close()

    def stations(self) -> tuple[Station, ...]:
        """Return the stations of which anything is known.

        The program keeps things of its own under an empty name.
        """
        rows = self._asked.all(
            "SELECT id, name, timezone, capacity_kwp, latitude, longitude"
            " FROM stations WHERE id <> '' ORDER BY number"
        )
        return tuple(station_of(row) for row in rows)

    def day(self, station: str, day: date, where: tzinfo) -> tuple[CurvePoint, ...]:
        """Return the curve of a local date."""
        start, end = day_span(day, where)
        return curve(
            self._asked.of_station(
                station,
                "SELECT minute, pv, load, grid, battery, ev, soc FROM readings",
                "minute >= ? AND minute < ? ORDER BY minute",
                minute_of(start),
                minute_of(end),
            )
        )

    def means(
        self, station: str, start: datetime, end: datetime, every_min: int
    ) -> tuple[CurvePoint, ...]:
        """Return the means of PV and charge over steps, at the middle of each.

        The database reckons them: of months, rows by themselves would be too many.
        """
        rows = self._asked.of_station(
            station,
            f"SELECT minute / {every_min} AS step,"  # noqa: S608 (a number)
            " avg(CASE typeof(pv) WHEN 'integer' THEN pv END),"
            " avg(CASE typeof(soc) WHEN 'integer' THEN soc END) FROM readings",
            "minute >= ? AND minute < ? GROUP BY step ORDER BY step",
            minute_of(start),
            minute_of(end),
        )
        return tuple(mean(row, every_min) for row in rows)

    def iter_rows(
        self, station: str, start: datetime, end: datetime, every_min: int = 1
    ) -> Iterator[HistoryRow]:
        """Return the rows, or their means over ``every_min`` minutes, a day at a time.

        What was thinned stays as it is where finer rows are asked for.
        """
        names = self._inverters(station)
        while (at := self._first_minute(station, start, end)) is not None:
            day = at - at % DAY_MIN  # years may be empty
            start, stop = max(start, time_of(day)), time_of(day + DAY_MIN)
            rows = self._samples(station, start, min(stop, end))
            yield from (
                history_row(row, names)
                for row in (wider(rows, every_min) if every_min > 1 else rows)
            )
            start = stop

    def days(self, station: str, first: date, last: date) -> tuple[DayTotals, ...]:
        """Return the totals of local dates, both inclusive, where known."""
        found = self._totals(station, Period.DAY, first.isoformat(), last.isoformat())
        made = ((date_of(it.key), it) for it in found)
        return tuple(
            DayTotals(day=day, sums=row.sums, final=row.final)
            for day, row in made
            if day
        )

    def periods(
        self, station: str, period: Period, first: str = "", last: str = "~"
    ) -> tuple[PeriodTotals, ...]:
        """Return the portal's totals, ``first`` to ``last`` by key, both inclusive."""
        return self._totals(station, period, first, last)

    def alarms(
        self, station: str, since: datetime | None = None
    ) -> tuple[AlarmRecord, ...]:
        """Return the alarms last seen since then, the newest first."""
        rows = self._asked.of_station(
            station,
            "SELECT id, name, level, device_sn, device_name, code, active, happened,"
            " recovered, first_seen, last_seen FROM alarms",
            "last_seen >= ? ORDER BY coalesce(happened, first_seen) DESC, id",
            0 if since is None else int(since.timestamp()),
        )
        return tuple(seen(row) for row in rows)

    def notices(
        self, station: str, since: datetime | None = None
    ) -> tuple[NotificationRecord, ...]:
        """Return the notices given since then, the newest first."""
        rows = self._asked.of_station(
            station,
            "SELECT at, topic, level, title, text, silenced, closed FROM notices",
            "at >= ? ORDER BY at DESC, topic",
            0 if since is None else int(since.timestamp()),
        )
        return tuple(it for row in rows if (it := given(row, station)) is not None)

    def state(self, station: str, key: str) -> object:
        """Return what was kept under a key, None if nothing or nothing readable."""
        rows = self._asked.of_station(station, "SELECT json FROM state", "key = ?", key)
        try:
            return json.loads(str(rows[0][0])) if rows else None
        except ValueError:
            return None

    def first_day(self, station: str, where: tzinfo) -> date | None:
        """Return the first local date of which anything is known."""
        minute = self._asked.number(station, "SELECT min(minute) FROM readings")
        rows = self._asked.of_station(
            station, "SELECT min(key) FROM sums", "period = ?", Period.DAY
        )
        of_sums = date_of(rows[0][0]) if rows else None
        of_rows = None if minute is None else time_of(minute).astimezone(where).date()
        return min((it for it in (of_sums, of_rows) if it), default=None)

    def newest(self, station: str) -> datetime | None:
        """Return the newest minute of which anything is known."""
        minute = self._asked.number(station, "SELECT max(minute) FROM readings")
        return None if minute is None else time_of(minute)

    def gaps(
        self,
        station: str,
        first: date,
        last: date,
        where: tzinfo,
        *,
        now: datetime | None = None,
        anew: bool = False,
        is_dull: Callable[[date], bool] = lambda _: False,
    ) -> tuple[MissingDay, ...]:
        """Return the dates that a back-fill should fetch, oldest first.

        A date that the portal was asked for is none, whatever it had to say; with
        ``now`` one that is less than a fortnight old and not whole is one again a day
        later.  ``anew`` asks again for any date since the first that is known of which
        nothing is, if the last time was long ago.  ``is_dull`` says that a date was too
        dark for any roof.
        """
        again = None
        if now is not None:
            since = self.first_day(station, where) if anew else None
            today = now.astimezone(where).date()
            again = RetryPolicy(today=today, anew_since=since or date.max)
        gaps = Gaps(self._asked, station, where, again, is_dull)
        return gaps.find(first, last, self.days(station, first, last))

    def inverters(
        self, station: str, start: datetime, end: datetime
    ) -> tuple[str, ...]:
        """Return the serial numbers of the inverters heard from start to end."""
        names, heard, place = self._inverters(station), set[int](), 1
        while True:  # the first inverter of each row, then the second, ...
            rows = self._asked.of_station(
                station,
                f"SELECT DISTINCT substr(inverters, {place}, 1) FROM readings",  # noqa: S608
                "minute >= ? AND minute < ? AND length(inverters) >= ?",
                minute_of(start),
                minute_of(end),
                place,
            )
            heard |= {it[0] for (it,) in rows if isinstance(it, bytes) and it}
            if not rows:
                return tuple(sorted(names[it] for it in heard if it in names))
            place += ONE_BYTES

    def _samples(self, station: str, start: datetime, end: datetime) -> list[Sample]:
        rows = self._asked.of_station(
            station,
            f"SELECT {ROW_COLUMNS} FROM readings",  # noqa: S608
            "minute >= ? AND minute < ? ORDER BY minute",
            minute_of(start),
            minute_of(end),
        )
        # A damaged key may be there twice.
        table = {it.minute: it for it in map(stored, rows)}
        return [table[minute] for minute in sorted(table)]

    def _totals(
        self, station: str, period: Period, first: str, last: str
    ) -> tuple[PeriodTotals, ...]:
        rows = self._asked.of_station(
            station,
            f"SELECT key, source, {SUMS_COLUMNS} FROM sums",  # noqa: S608
            "period = ? AND key BETWEEN ? AND ? ORDER BY key, source DESC",
            period,
            first,
            last,
        )
        found: dict[str, PeriodTotals] = {}
        for name, source, *cells in rows:  # live rows first
            key = str(name)
            before = found.get(key)
            final = source == ValueSource.PORTAL
            live = NO_SUMS if before is None else before.sums
            sums = read_sums(cells)
            found[key] = PeriodTotals(
                key=key,
                sums=completed(live, sums) if final else sums,
                final=final,
            )
        return tuple(found.values())

    def _inverters(self, station: str) -> dict[int, str]:
        rows = self._asked.of_station(station, "SELECT number, sn FROM inverters", "1")
        return {row[0]: str(row[1]) for row in rows if isinstance(row[0], int)}

    def _first_minute(self, station: str, start: datetime, end: datetime) -> int | None:
        return self._asked.number(
            station,
            "SELECT min(minute) FROM readings",
            "minute >= ? AND minute < ?",
            minute_of(start),
            minute_of(end),
        )


# Rows of the history as values; what a damaged disk made of them is unknown.


_MOST_SECONDS = 2**33  # the year 2242


def curve(rows: Iterable[Sequence[object]]) -> tuple[CurvePoint, ...]:
    """Read minute, pv, load, grid, battery, ev and soc; a day has 1440 such rows."""
    found = []
    before = -1
    for row in rows:
        if not _WHOLE.issuperset(map(type, row)):
            row = [it if isinstance(it, int) else None for it in row]  # noqa: PLW2901
        at, pv, load, grid, battery, ev, soc = cast("Sequence[int | None]", row)
        if at is None or at <= before:
            continue  # a damaged key
        before = at
        powers = Powers(pv_w=pv, load_w=load, grid_w=grid, battery_w=battery, ev_w=ev)
        charge = None if soc is None else soc / 10
        found.append(CurvePoint(at=time_of(at), power=powers, soc_percent=charge))
    return tuple(found)


def mean(row: Sequence[object], every_min: int) -> CurvePoint:
    """Read a step's number, pv and soc; the point is at the middle of the step."""
    step, pv_w, soc = cast("tuple[int, float | None, float | None]", row)
    return CurvePoint(
        at=datetime.fromtimestamp((2 * step + 1) * every_min * 30, UTC),
        power=Powers(pv_w=pv_w),
        soc_percent=None if soc is None else soc / 10,
    )


def history_row(row: Sample, names: Mapping[int, str]) -> HistoryRow:
    """Return a row with all that it holds."""
    *watts, soc, inverters = row.values
    powers = dict(zip(POWERS, map(_float, watts), strict=True))
    return HistoryRow(
        at=time_of(row.minute),
        span_min=row.span,
        power=Powers(**powers),
        soc_percent=_tenth(soc),
        inverters=tuple(
            InverterSample(
                sn=names[number],
                power_w=power,
                temperature_c=_tenth(heat),
            )
            for number, (power, heat) in unpacked(inverters).items()
            if number in names
        ),
    )


def wider(rows: Iterable[Sample], span: int) -> list[Sample]:
    """Return means over ``span`` minutes; rows that are wider already stay."""
    rows = list(rows)
    found = {it.minute: it for it in rows if it.span >= span}
    for averaged in means((it for it in rows if it.span < span), span):
        held = found.get(averaged.minute)
        found[averaged.minute] = averaged if held is None else merged(averaged, held)
    return [found[minute] for minute in sorted(found)]


def station_of(row: Sequence[object]) -> Station:
    """Read id, name, time zone, capacity, latitude and longitude."""
    return Station(
        id=str(row[0]),
        name=_text(row[1]) or "",
        timezone=_text(row[2]),
        capacity_kwp=_float(row[3]),
        latitude=_float(row[4]),
        longitude=_float(row[5]),
    )


def seen(row: Sequence[object]) -> AlarmRecord:
    """Read an alarm: id, name, level, device, code, active, and four times."""
    first, last = _time(row[9]), _time(row[10])
    level = _text(row[2])
    return AlarmRecord(
        alarm=Alarm(
            id=str(row[0]),
            name=_text(row[1]) or "",
            level=AlarmLevel(level) if level in _LEVELS else AlarmLevel.ALARM,
            device_sn=_text(row[3]),
            device_name=_text(row[4]) or "",
            code=_text(row[5]) or "",
            active=bool(row[6]),
            happened_at=_time(row[7]),
            recovered_at=_time(row[8]),
        ),
        first_seen=first or last or _EPOCH,
        last_seen=last or first or _EPOCH,
    )


def given(row: Sequence[object], station: str) -> NotificationRecord | None:
    """Read a notice: time, topic, level, title, text, silenced, closed."""
    at = _time(row[0])
    if at is None:
        return None
    return NotificationRecord(
        station=station,
        at=at,
        topic=_text(row[1]) or "",
        level=_text(row[2]) or "",
        title=_text(row[3]) or "",
        text=_text(row[4]) or "",
        silenced=bool(row[5]),
        closed_at=_time(row[6]),
    )


def date_of(key: object) -> date | None:
    """Read "2026-06-21"."""
    try:
        return date.fromisoformat(str(key))
    except ValueError:
        return None


_WHOLE = {int, type(None)}
_LEVELS = frozenset(AlarmLevel)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def _tenth(value: object) -> float | None:
    return value / 10 if isinstance(value, int) else None


def _float(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) else None


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _time(value: object) -> datetime | None:
    if not isinstance(value, int) or abs(value) > _MOST_SECONDS:
        return None
    return datetime.fromtimestamp(value, UTC)
