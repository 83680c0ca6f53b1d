"""Writing a part of the history as a file that other programs read, or the next home.

The rows are asked for and written a day at a time: years do not fit into memory.
"""

from __future__ import annotations

import os
import secrets
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, NamedTuple, TypeVar, assert_never

from sems_tray.domain.energy import Period, day_span, month_end, settled_until
from sems_tray.domain.time_zones import POSSIBLE_YEARS
from sems_tray.history.plan import PAST, first_month_of
from sems_tray.i18n.formatting import one_line
from sems_tray.storage.history.reader import date_of

from . import export_formats
from .export_model import (
    SPAN_MIN,
    Every,
    Format,
    StoppedError,
    aligned,
    believed_row,
    day_rows,
    month_rows,
    period_rows,
    tells,
)
from .missing import missing_totals, part_of, with_empty_days, with_empty_totals

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import datetime

    from sems_tray.domain.energy import AlarmRecord, HistoryRow
    from sems_tray.storage.history.reader import HistoryReader

    from .export_formats import Json
    from .export_model import ExportRange, TotalsRow


T = TypeVar("T")
_ONE_DAY = timedelta(days=1)
_A_YEAR = timedelta(days=365)
Sections = list[tuple[str, "Iterable[Json | str]"]]


class Written(NamedTuple):
    """What an export wrote: so many rows, and what it lacks."""

    rows: int = 0
    missing: tuple[date, ...] = ()


class _EmptyError(Exception):
    """There was nothing to write."""


def _go_on(_: date) -> bool:
    return True


class _Tally:
    """Counts what passes and notes what is missing.

    ``watch`` is told of each day and may stop it.
    """

    def __init__(self, watch: Callable[[date], bool]) -> None:
        self.rows = 0
        self.missing: list[date] = []
        self._watch = watch

    def check(self, day: date) -> None:
        """Raise StoppedError if it is to end here."""
        if not self._watch(day):
            raise StoppedError

    def __call__(self, rows: Iterable[T]) -> Iterator[T]:
        for row in rows:
            self.rows += 1
            yield row


def export(
    reader: HistoryReader,
    selection: ExportRange,
    form: Format,
    out: BinaryIO,
    watch: Callable[[date], bool] = _go_on,
) -> Written:
    """Write what is known of the selection; return what that was.

    ``watch`` is told of each day of a curve before it is read, and says whether to go
    on.  Raises StoppedError if not, StorageError for a history that cannot be read, and
    whatever ``out`` raises.
    """
    tally = _Tally(watch)
    match form:
        case Format.CSV:
            lines = _csv(reader, selection, tally)
        case Format.JSON:
            lines = export_formats.lines(selection, _sections(reader, selection, tally))
        case _:
            assert_never(form)
    out.writelines(line.encode() for line in lines)
    out.flush()
    return Written(tally.rows, tuple(tally.missing))


def export_file(
    reader: HistoryReader,
    selection: ExportRange,
    form: Format,
    path: Path,
    watch: Callable[[date], bool] = _go_on,
    *,
    spare: bool = False,
) -> Written:
    """Write a file, whole or not at all; an old one stays until then.

    ``spare`` leaves an old one alone where there are no rows to write.
    """
    spare = spare and path.is_file()
    with suppress(_EmptyError), whole_file(path) as out:
        written = export(reader, selection, form, out, watch)
        if spare and not written.rows:
            raise _EmptyError
        return written
    return Written()


def first_known(reader: HistoryReader, selection: ExportRange) -> date:
    """Return the first date that such an export has anything to say of."""
    id_, every = selection.station.id, selection.every
    found = [reader.first_day(id_, selection.where)]
    if every in {Every.MONTH, Every.EVERYTHING}:
        found += [date_of(f"{it.key}-01") for it in reader.periods(id_, Period.MONTH)]
    if every is Every.EVERYTHING:
        found += [date_of(f"{it.key}-01-01") for it in reader.periods(id_, Period.YEAR)]
    days = [it for it in found if it is not None and it.year in POSSIBLE_YEARS]
    return min(days, default=selection.today)


def last_known(reader: HistoryReader, selection: ExportRange) -> date:
    """Return the last date that such an export has anything to say of."""
    id_, every = selection.station.id, selection.every
    newest = reader.newest(id_)
    days = reader.days(id_, date.min, selection.today)
    found = [None if newest is None else newest.astimezone(selection.where).date()]
    found += [it.day for it in days[-1:]]
    if every in {Every.MONTH, Every.EVERYTHING}:
        months = reader.periods(id_, Period.MONTH)
        firsts = [day for it in months if (day := date_of(f"{it.key}-01"))]
        found += [month_end(it) for it in firsts]
    known = [it for it in found if it is not None and it <= selection.today]
    return max(known, default=selection.today)


def with_not_fetched(
    reader: HistoryReader, selection: ExportRange, now: datetime
) -> ExportRange:
    """Return the selection with the dates of which the portal may know more.

    Before the station was built there is nothing to know, and what of today and just
    after midnight is not there yet is no gap.  Where its beginning is not known, that
    which the selection names stands.
    """
    id_, where, every = selection.station.id, selection.where, selection.every
    part = part_of(every, selection.first, selection.last)
    built = first_month_of(reader.state(id_, PAST))
    since = selection.lived_since if built is None else month_end(built)
    lived = [it for it in (since, reader.first_day(id_, where)) if it is not None]
    first = max(part.first, built or part.first)
    last = min(part.last, settled_until(now, where) - _ONE_DAY)
    months = reader.periods(id_, Period.MONTH) if every is Every.MONTH else ()
    final = {it.key for it in months if it.final}
    gaps = reader.gaps(id_, first, last, where)
    return replace(
        selection,
        not_fetched=tuple(
            gap.day
            for gap in gaps
            if part.wants(gap) and Period.MONTH.key(gap.day) not in final
        ),
        lived_since=min(lived, default=None),
    )


def _csv(reader: HistoryReader, selection: ExportRange, tally: _Tally) -> Iterator[str]:
    every = selection.every
    match every:
        case Every.MINUTES:
            serials = {one_line(it): it for it in _serials(reader, selection, tally)}
            rows = tally(_curve(reader, selection, SPAN_MIN, tally))
            return export_formats.curve_lines(
                with_empty_days(rows, selection, tally.missing),
                selection.where,
                [serials[name] for name in sorted(serials)],
            )
        case Every.DAY | Every.MONTH:
            totals = list(tally(_totals(reader, selection)))
            tally.missing += missing_totals(totals, selection)
            return export_formats.totals_lines(
                with_empty_totals(totals, tally.missing, every),
                every,
            )
        case Every.EVERYTHING:
            raise ValueError("everything does not fit into one table")
        case _:
            assert_never(every)


def _sections(reader: HistoryReader, selection: ExportRange, tally: _Tally) -> Sections:
    every, where = selection.every, selection.where
    match every:
        case Every.MINUTES | Every.EVERYTHING:
            step = SPAN_MIN if every is Every.MINUTES else 1
            rows = tally(_curve(reader, selection, step, tally))
            days = with_empty_days(rows, selection, tally.missing)
            found = (export_formats.curve_json(it, where) for it in days if tells(it))
        case Every.DAY | Every.MONTH:
            key = "date" if every is Every.DAY else "month"
            totals = list(tally(_totals(reader, selection)))
            tally.missing += missing_totals(totals, selection)
            found = (export_formats.totals_json(it, key) for it in totals)
        case _:
            assert_never(every)
    more = every is Every.EVERYTHING
    return [
        (export_formats.ROWS, found),
        *(_everything(reader, selection, tally) if more else ()),
        # Read last: by then it is known.
        (export_formats.MISSING, (it.isoformat() for it in tally.missing)),
    ]


def _everything(
    reader: HistoryReader, selection: ExportRange, tally: _Tally
) -> Sections:
    """Return what is stored beside the rows, as it is stored."""
    id_ = selection.station.id

    def told(period: Period, key: str) -> Iterator[Json]:
        keys = (period.key(selection.first), period.key(selection.last))
        rows = period_rows(reader.periods(id_, period, *keys))
        return (export_formats.totals_json(it, key) for it in tally(rows))

    alarms = tally(_alarms(reader, selection))
    return [
        (export_formats.DAYS, told(Period.DAY, "date")),
        (export_formats.MONTHS, told(Period.MONTH, "month")),
        (export_formats.YEARS, told(Period.YEAR, "year")),
        (export_formats.LIFETIME, told(Period.TOTAL, "")),
        (export_formats.ALARMS, (export_formats.alarm_json(it) for it in alarms)),
    ]


def _serials(
    reader: HistoryReader, selection: ExportRange, tally: _Tally
) -> Iterator[str]:
    """Return the serial numbers that the head names, a year's at a time."""
    start, _ = day_span(selection.first, selection.where)
    _, end = day_span(selection.last, selection.where)
    while start < end:
        tally.check(start.astimezone(selection.where).date())
        stop = min(start + _A_YEAR, end)
        yield from reader.inverters(selection.station.id, start, stop)
        start = stop


def _curve(
    reader: HistoryReader, selection: ExportRange, step: int, tally: _Tally
) -> Iterator[HistoryRow]:
    start, _ = day_span(selection.first, selection.where)
    _, end = day_span(selection.last, selection.where)
    day = None
    for sample in reader.iter_rows(selection.station.id, start, end, step):
        if sample.at.date() != day:  # in UTC: the rows are read by those
            day = sample.at.date()
            tally.check(day)
        row = believed_row(sample)
        whole = row.at.timestamp() % (step * 60) == 0
        if tells(row) and whole and aligned(row):
            yield row


def _totals(reader: HistoryReader, selection: ExportRange) -> list[TotalsRow]:
    id_, first, last = selection.station.id, selection.first, selection.last
    if selection.every is Every.DAY:
        return day_rows(reader.days(id_, first, last))
    keys = Period.MONTH.key(first), Period.MONTH.key(last)
    days = reader.days(id_, first.replace(day=1), month_end(last))
    months = reader.periods(id_, Period.MONTH, *keys)
    known = [it for it in months if date_of(f"{it.key}-01")]
    return month_rows(days, known, selection.today)


def _alarms(reader: HistoryReader, selection: ExportRange) -> list[AlarmRecord]:
    start, _ = day_span(selection.first, selection.where)
    _, end = day_span(selection.last, selection.where)
    found = reader.alarms(selection.station.id, start)
    return [it for it in found if it.first_seen < end]


# Files that are written whole or not at all.


@contextmanager
def whole_file(path: Path) -> Iterator[BinaryIO]:
    """Give a file that takes its name when all is written. Raises OSError.

    Whatever ends the writing, the name stands for what it stood for before.
    """
    # A link stays a link; a device or a pipe cannot be replaced.
    path = Path(os.path.realpath(path))
    if path.exists() and not path.is_file():
        with path.open("wb") as file:
            yield file
        return
    part = path.with_name(f".sems-tray-{secrets.token_hex(4)}.part")
    with part.open("xb") as file:
        try:
            yield file
            file.flush()
            os.fsync(file.fileno())
        except BaseException:
            with suppress(OSError):
                file.close()  # what could not be written is written again
            part.unlink(missing_ok=True)
            raise
    try:
        with suppress(FileNotFoundError):
            part.chmod(path.stat().st_mode & 0o777)
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
