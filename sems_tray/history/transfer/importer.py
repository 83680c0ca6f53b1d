"""Merging an export of the program into the history.

A file is read whole and checked before the first row of it is kept.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import count, groupby
from typing import TYPE_CHECKING, Any, BinaryIO, assert_never

from sems_tray.domain.energy import (
    AMOUNTS,
    POWERS,
    AlarmRecord,
    HistoryRow,
    ValueSource,
    day_span,
    known,
)
from sems_tray.domain.model import Dialect, Reading, Station

from .export_model import StoppedError, tells
from .import_format import FOREIGN, BadExportError, ReadTotals, read_export

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import date
    from pathlib import Path

    from sems_tray.domain.energy import PeriodTotals
    from sems_tray.domain.model import Alarm, EnergySums
    from sems_tray.storage.history.store import History

    from .import_format import Export, Item


# A row with its 256 inverters has a tenth of it.
_LONGEST_LINE = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """A file that can be imported."""

    station: Station
    rows: int


def _never() -> bool:
    return False


def check_file(path: Path, *, stop: Callable[[], bool] = _never) -> Checked:
    """Read a whole export. Raises BadExportError, OSError and StoppedError."""
    with _opened(path) as found:
        rows = sum(1 for _ in _until(found.items, stop))
        return Checked(station=found.station, rows=rows)


def import_file(
    history: History, path: Path, *, stop: Callable[[], bool] = _never
) -> int:
    """Check an export and merge it; return how many of its rows said anything new.

    Raises BadExportError, OSError, StorageError, HistoryWriteError on a full disk, say,
    and StoppedError once ``stop`` says so; importing again then goes on.
    """
    check_file(path, stop=stop)
    return merge(history, path, stop=stop)


def merge(history: History, path: Path, *, stop: Callable[[], bool] = _never) -> int:
    """Merge a file that was checked."""
    with _opened(path) as found:
        station = found.station.id
        _put_station(history, found.station)
        return sum(
            _put_rows(history, station, items)
            if day is not None
            else sum(_put(history, station, it) for it in items)
            for day, items in groupby(_until(found.items, stop), key=_day)
        )


@contextmanager
def _opened(path: Path) -> Iterator[Export]:
    """Open an export. Raises OSError and, while it is read too, BadExportError."""
    with path.open("rb") as file:
        yield read_export(_lines(file))


def _lines(file: BinaryIO) -> Iterator[bytes]:
    for number in count(1):
        line = file.readline(_LONGEST_LINE)
        if len(line) == _LONGEST_LINE:
            raise BadExportError(FOREIGN, number)
        if not line:
            return
        yield line


def _until(items: Iterable[Item], stop: Callable[[], bool]) -> Iterator[Item]:
    for item in items:
        if stop():
            raise StoppedError
        yield item


def _day(item: Item) -> date | None:
    """Return the date in UTC: the store thins by those."""
    return item.at.date() if isinstance(item, HistoryRow) else None


def _put_rows(history: History, station: str, items: Iterable[Item]) -> int:
    rows = [it for it in items if isinstance(it, HistoryRow)]
    held = history.reader.iter_rows(station, *day_span(rows[0].at.date(), UTC))
    new = missing_rows(rows, held)
    # What was measured here later goes before, as it goes before what is fetched.
    history.add_curve(station, new, source=ValueSource.PORTAL)
    history.check_written()
    return len(new)


def _put(history: History, station: str, item: Item) -> bool:
    match item:
        case ReadTotals():
            return _put_totals(history, station, item)
        case AlarmRecord():
            return _put_alarm(history, station, item)
        case HistoryRow():
            raise TypeError("rows are put by the day")
        case _:
            assert_never(item)


def _put_totals(history: History, station: str, read: ReadTotals) -> bool:
    held = history.reader.periods(station, read.period, read.key, read.key)
    sums = missing_sums(read, held[0] if held else None)
    if sums is None:
        return False
    source = ValueSource.PORTAL if read.final else ValueSource.LIVE
    history.put_period(station, read.period, read.key, sums, source)
    history.check_written()
    return True


def _put_alarm(history: History, station: str, seen: AlarmRecord) -> bool:
    before = history.reader.alarms(station, seen.last_seen)
    if seen in before:
        return False
    for at in (seen.first_seen, seen.last_seen):
        _add(history, _stored(history, station), at, (seen.alarm,))
    return True


def _put_station(history: History, told: Station) -> None:
    """Add what is not known of the station."""
    held = _stored(history, told.id)
    merged = replace(
        held,
        name=held.name or told.name,
        timezone=held.timezone or told.timezone,
        capacity_kwp=_either(held.capacity_kwp, told.capacity_kwp),
        latitude=_either(held.latitude, told.latitude),
        longitude=_either(held.longitude, told.longitude),
    )
    if merged != held:
        _add(history, merged, datetime.now(UTC))


def _stored(history: History, station: str) -> Station:
    found = (it for it in history.reader.stations() if it.id == station)
    return next(found, Station(id=station))


def _add(
    history: History, station: Station, at: datetime, alarms: tuple[Alarm, ...] = ()
) -> None:
    """Keep a reading that measured nothing: it says who the station is."""
    reading = Reading(
        dialect=Dialect.SEMSPLUS, station=station, received_at=at, alarms=alarms
    )
    history.add(reading)
    history.check_written()


def _either(one: float | None, other: float | None) -> float | None:
    return other if one is None else one


# What an export can add to what is stored already: only what is not known yet.
#
# So importing never changes what the program itself measured or fetched, and
# importing a second time changes nothing at all.


_MINUTE = timedelta(minutes=1)


def missing_rows(
    read: Iterable[HistoryRow], held: Iterable[HistoryRow]
) -> list[HistoryRow]:
    """Return what the rows add to those that are held for the same time."""
    minutes = {at: row for row in held for at in _minutes(row)}
    found = (_missing_row(row, minutes) for row in read)
    return [it for it in found if it is not None]


def missing_sums(read: ReadTotals, held: PeriodTotals | None) -> EnergySums | None:
    """Return what totals add to those that are held; None if nothing.

    While those that are held are not final, final ones replace them, and live ones
    let them grow.
    """
    if held is None or (read.final and not held.final):
        return read.sums if known(read.sums) else None
    before = held.sums
    values: dict[str, Any] = {
        name: None if _keeps(read, held, name) else getattr(read.sums, name)
        for name in AMOUNTS
    }
    foreign = before.income is not None and before.currency != read.sums.currency
    if foreign or values["income"] is None:
        values |= {"income": None, "currency": None}
    sums = replace(read.sums, **values)
    return sums if known(sums) else None


def _keeps(read: ReadTotals, held: PeriodTotals, name: str) -> bool:
    before, now = getattr(held.sums, name), getattr(read.sums, name)
    return before is not None and (now is None or held.final or now <= before)


def _missing_row(
    row: HistoryRow, minutes: dict[datetime, HistoryRow]
) -> HistoryRow | None:
    held = [it for at in _minutes(row) if (it := minutes.get(at)) is not None]
    if not held:
        return row
    one = held[0]
    if (one.at, one.span_min) != (row.at, row.span_min):
        return None  # finer or coarser rows tell of this time already
    power = {name: None for name in POWERS if getattr(one.power, name) is not None}
    found = replace(
        row,
        power=replace(row.power, **power),
        soc_percent=row.soc_percent if one.soc_percent is None else None,
        inverters=() if one.inverters else row.inverters,
    )
    return found if tells(found) else None


def _minutes(row: HistoryRow) -> Iterable[datetime]:
    return (row.at + _MINUTE * n for n in range(row.span_min))
