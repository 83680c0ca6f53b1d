"""Reading the program's own JSON, row by row: a file may be larger than the memory."""

from __future__ import annotations

import csv
import re
from typing import TYPE_CHECKING, cast

from sems_tray.domain.energy import (
    AMOUNTS,
    POWERS,
    AlarmRecord,
    HistoryRow,
    InverterSample,
    Period,
    known,
)
from sems_tray.domain.model import Alarm, AlarmLevel, EnergySums, Powers, Station
from sems_tray.i18n.language import tr, trn

from . import export_formats as heads
from .export_formats import ALARMS, DAYS, LIFETIME, MONTHS, ROWS, YEARS
from .export_model import (
    CELSIUS,
    MONEY,
    PERCENT,
    PROGRAM,
    SCHEMA,
    SPAN_MIN,
    WATTS,
    Every,
    ValueLimits,
    aligned,
    limits_of,
    tells,
)
from .import_model import (
    CUT_SHORT,
    FOREIGN,
    NEWER,
    BadExportError,
    Export,
    Order,
    ReadTotals,
    instant,
    key_of,
    no_number,
    quantity,
    shown,
    text,
)
from .json_stream import JsonStream

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from .import_model import Item


Json = dict[str, object]

_CAPACITY, _LATITUDE, _LONGITUDE = MONEY, ValueLimits(-90, 90), ValueLimits(-180, 180)


def read_json(chunks: Iterable[str]) -> Export:
    """Read the head now, and the rows as they are asked for. Raises BadExportError."""
    stream = JsonStream(chunks)
    stream.take("{")
    head: Json = {}
    while (key := stream.key()) not in (None, *_SECTIONS):
        head[cast("str", key)] = stream.value()
    try:
        every, station = _checked(head)
    except ValueError as exc:
        raise BadExportError(exc, stream.line) from exc
    return Export(every=every, station=station, items=_items(stream, key, every))


def _checked(head: Json) -> tuple[Every, Station]:
    schema, every = head.get("schema"), head.get("every")
    if head.get("program") != PROGRAM or type(schema) is not int:
        raise ValueError(FOREIGN)
    if schema > SCHEMA or (schema == SCHEMA and every not in list(Every)):
        raise ValueError(NEWER)
    if schema < SCHEMA:
        raise ValueError(FOREIGN)
    return Every(str(every)), _station(_object(head, "station"))


def _station(told: Json) -> Station:
    zone = told.get("timezone")
    station = Station(
        id=text(told.get("id"), tr("station id")),
        name=text(told.get("name"), tr("station name")),
        timezone=None if zone is None else text(zone, "timezone"),
        capacity_kwp=quantity(told.get("capacity_kwp"), "capacity_kwp", _CAPACITY),
        latitude=quantity(told.get("latitude"), "latitude", _LATITUDE),
        longitude=quantity(told.get("longitude"), "longitude", _LONGITUDE),
    )
    if not station.id:
        raise ValueError(tr("the station has no id"))
    return station


def _items(stream: JsonStream, key: str | None, every: Every) -> Iterator[Item]:
    order = Order()
    while key is not None:
        section = _SECTIONS.get(key)
        if section is None:
            stream.value()
        else:
            for row in stream.values():
                try:
                    item = section(row, every)
                    order.check(item)
                except ValueError as exc:
                    raise BadExportError(exc, stream.line) from exc
                yield item
        key = stream.key()
    stream.end()


def _row(row: object, every: Every) -> Item:
    if every is Every.DAY:
        return _totals(row, Period.DAY, "date")
    if every is Every.MONTH:
        return _totals(row, Period.MONTH, "month")
    told = _dict(row, tr("the row"))
    span = told.get("span_min")
    if not isinstance(span, int) or isinstance(span, bool):
        said = tr("{column} is no whole number").format(column="span_min")
        raise ValueError(said)  # noqa: TRY004
    made = HistoryRow(
        at=instant(told.get("time"), "time"),
        span_min=span,
        power=Powers(**{it: _number(told, it, WATTS) for it in POWERS}),
        soc_percent=_number(told, "soc_percent", PERCENT),
        inverters=tuple(map(_inverter, _list(told, "inverters"))),
    )
    if len({it.sn for it in made.inverters}) < len(made.inverters):
        raise ValueError(tr("an inverter is there twice"))
    if not aligned(made):
        # Translators: {time} and {span} are names in the file
        said = tr("{time} and {span} do not belong together")
        raise ValueError(said.format(time="time", span="span_min"))
    if not tells(made):
        raise ValueError(tr("nothing is known in this row"))
    return made


def _inverter(value: object) -> InverterSample:
    told = _dict(value, tr("the inverter"))
    return InverterSample(
        sn=text(told.get("sn"), "sn"),
        power_w=_number(told, "power_w", WATTS),
        temperature_c=_number(told, "temperature_c", CELSIUS),
    )


def _totals(row: object, period: Period, name: str) -> ReadTotals:
    told = _dict(row, tr("the row"))
    currency, final = told.get("currency"), told.get("final")
    if not isinstance(final, bool):
        # Translators: "final", "true" and "false" stand so in the file
        raise ValueError(tr("final is neither true nor false"))  # noqa: TRY004
    values = {it: _number(told, it, limits_of(it)) for it in AMOUNTS}
    return ReadTotals(
        period=period,
        key=key_of(period, told.get(name)) if name else "",
        sums=EnergySums(
            **values,
            currency=None if currency is None else text(currency, "currency"),
        ),
        final=final,
    )


def _alarm(row: object) -> AlarmRecord:
    told = _dict(row, tr("the alarm"))
    level, active, sn = told.get("level"), told.get("active"), told.get("device_sn")
    if level not in list(AlarmLevel) or not isinstance(active, bool):
        # Translators: "level" and "active" are names in the file
        raise ValueError(tr("level or active is none that there is"))
    first = instant(told.get("first_seen"), "first_seen")
    last = instant(told.get("last_seen"), "last_seen")
    if last < first:
        # Translators: {last} and {first} are names in the file
        said = tr("{last} is before {first}")
        raise ValueError(said.format(last="last_seen", first="first_seen"))
    return AlarmRecord(
        alarm=Alarm(
            id=text(told.get("id"), "id"),
            name=text(told.get("name"), "name"),
            level=AlarmLevel(str(level)),
            device_sn=None if sn is None else text(sn, "device_sn"),
            device_name=text(told.get("device_name"), "device_name"),
            code=text(told.get("code"), "code"),
            active=active,
            happened_at=_instant_or_none(told, "happened_at"),
            recovered_at=_instant_or_none(told, "recovered_at"),
        ),
        first_seen=first,
        last_seen=last,
    )


_SECTIONS: dict[str, Callable[[object, Every], Item]] = {
    ROWS: _row,
    DAYS: lambda row, _: _totals(row, Period.DAY, "date"),
    MONTHS: lambda row, _: _totals(row, Period.MONTH, "month"),
    YEARS: lambda row, _: _totals(row, Period.YEAR, "year"),
    LIFETIME: lambda row, _: _totals(row, Period.TOTAL, ""),
    ALARMS: lambda row, _: _alarm(row),
}


def _number(told: Json, name: str, limits: ValueLimits) -> float | None:
    """Return a number that must be there, be it as null."""
    if name not in told:
        # Translators: {column} is a name that should be in the file
        raise ValueError(tr("{column} is missing").format(column=name))
    return quantity(told[name], name, limits)


def _instant_or_none(told: Json, name: str) -> datetime | None:
    value = told.get(name)
    return None if value is None else instant(value, name)


def _object(told: Json, name: str) -> Json:
    return _dict(told.get(name), name)


def _dict(value: object, what: str) -> Json:
    if not isinstance(value, dict):
        # Translators: {what} is a part of a JSON file: "the row"
        said = tr("{what} is no object").format(what=what)
        raise ValueError(said)  # noqa: TRY004
    return value


def _list(told: Json, name: str) -> list[object]:
    value = told.get(name)
    if not isinstance(value, list):
        # Translators: {column} is a name in a JSON file
        said = tr("{column} is no array").format(column=name)
        raise ValueError(said)  # noqa: TRY004
    return value


# Reading the program's own CSV.


_NUMBER = re.compile(r"[+-]?\d+(\.\d*)?([eE][+-]?\d+)?", re.ASCII)
_KINDS = {
    heads.TIME: Every.MINUTES,
    heads.DATE: Every.DAY,
    heads.MONTH: Every.MONTH,
}
_CURVE = {heads.TIME, heads.LOCAL_TIME, *heads.POWER_HEADS.values(), heads.SOC}
_TOTALS = {
    *(*heads.AMOUNT_HEADS.values(), heads.CURRENCY, heads.FINAL, heads.KNOWN_DAYS),
    *(heads.SAVINGS, heads.SAVINGS_CURRENCY),
}
_INVERTER = re.compile(
    re.escape(heads.INVERTER)
    + "(.*)("
    + "|".join(map(re.escape, (heads.INVERTER_POWER, heads.INVERTER_HEAT)))
    + ")"
)

Cells = dict[str, str]


class _Lines:
    """Passes lines on and counts them; the last one must have an end, too."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines = iter(lines)
        self.count = 0

    def __iter__(self) -> Iterator[str]:
        for line in self._lines:
            self.count += 1
            if not line.endswith("\n"):
                raise BadExportError(CUT_SHORT, self.count)
            yield line


def read_csv(lines: Iterable[str]) -> Export:
    """Read the head now, and the rows as they are asked for. Raises BadExportError."""
    counted = _Lines(lines)
    reader = csv.reader(counted, strict=True)
    try:
        head = next(reader, [])
    except csv.Error as exc:
        raise BadExportError(FOREIGN, 1) from exc
    every = _KINDS.get(head[0]) if head else None
    if every is None:
        raise BadExportError(FOREIGN, 1)
    _check_head(head, every)
    return Export(
        every=every, station=None, items=_csv_items(reader, head, every, counted)
    )


def _check_head(head: Sequence[str], every: Every) -> None:
    wanted = _CURVE if every is Every.MINUTES else {head[0], *_TOTALS}
    for name in head:
        inverter = every is Every.MINUTES and _INVERTER.fullmatch(name)
        if name not in wanted and not inverter:
            text = tr("there is no column {column} in an export")
            raise BadExportError(text.format(column=shown(name)), 1)
        if head.count(name) > 1:
            text = tr("the column {column} is there twice")
            raise BadExportError(text.format(column=shown(name)), 1)


def _csv_items(
    reader: Iterator[list[str]], head: Sequence[str], every: Every, lines: _Lines
) -> Iterator[Item]:
    order, inverters = Order(), _inverters(head)
    try:
        for cells in reader:
            if not cells:
                continue  # an empty line at the end
            if len(cells) != len(head):
                raise ValueError(_miscounted(len(cells), len(head)))  # noqa: TRY301
            named = dict(zip(head, cells, strict=True))
            item: HistoryRow | ReadTotals
            if every is Every.MINUTES:
                item = _csv_row(named, inverters)
            else:
                item = _csv_totals(named, head[0])
            order.check(item)
            if _says_something(item):  # else it is a date that is missing
                yield item
    except csv.Error as exc:
        text = tr("it is no proper CSV ({reason})").format(reason=exc)
        raise BadExportError(text, lines.count) from exc
    except ValueError as exc:
        raise BadExportError(exc, lines.count) from exc


def _says_something(item: HistoryRow | ReadTotals) -> bool:
    return tells(item) if isinstance(item, HistoryRow) else known(item.sums)


def _miscounted(count: int, wanted: int) -> str:
    text = trn(
        "{count} cell instead of {wanted}", "{count} cells instead of {wanted}", count
    )
    return text.format(count=count, wanted=wanted)


def _inverters(head: Sequence[str]) -> Mapping[str, dict[str, str]]:
    """Return each serial number's columns by what they hold."""
    found: dict[str, dict[str, str]] = {}
    for name in head:
        match = _INVERTER.fullmatch(name)
        if match:
            sn, what = match.groups()
            power = what == heads.INVERTER_POWER
            found.setdefault(sn, {})["power_w" if power else "temperature_c"] = name
    return found


def _csv_row(cells: Cells, inverters: Mapping[str, dict[str, str]]) -> HistoryRow:
    heard = (
        InverterSample(
            sn=sn,
            power_w=_csv_number(cells, columns.get("power_w", ""), WATTS),
            temperature_c=_csv_number(cells, columns.get("temperature_c", ""), CELSIUS),
        )
        for sn, columns in inverters.items()
    )
    row = HistoryRow(
        at=instant(cells[heads.TIME], heads.TIME),
        span_min=SPAN_MIN,
        power=Powers(
            **{it: _csv_number(cells, heads.POWER_HEADS[it], WATTS) for it in POWERS}
        ),
        soc_percent=_csv_number(cells, heads.SOC, PERCENT),
        inverters=tuple(
            told
            for told in heard
            if told.power_w is not None or told.temperature_c is not None
        ),
    )
    if not aligned(row):
        # Translators: the clock of a row must be at 12:00, 12:05, 12:10 …
        said = tr("{column}: {time} is not at a whole {minutes} minutes")
        time = shown(cells[heads.TIME])
        raise ValueError(said.format(column=heads.TIME, time=time, minutes=SPAN_MIN))
    return row


def _csv_totals(cells: Cells, first: str) -> ReadTotals:
    period = Period.DAY if first == heads.DATE else Period.MONTH
    values = {
        amount: _csv_number(cells, heads.AMOUNT_HEADS[amount], limits_of(amount))
        for amount in AMOUNTS
    }
    currency = heads.unharmed(text(cells.get(heads.CURRENCY, ""), heads.CURRENCY))
    return ReadTotals(
        period=period,
        key=key_of(period, cells[first]),
        sums=EnergySums(**values, currency=currency or None),
        final=_yes(cells.get(heads.FINAL, heads.NO)),
    )


def _csv_number(cells: Cells, column: str, limits: ValueLimits) -> float | None:
    cell = cells.get(column, "")
    if not cell:
        return None
    if not _NUMBER.fullmatch(cell):
        raise ValueError(no_number(column, cell))
    return quantity(float(cell), column, limits)


def _yes(cell: str) -> bool:
    if cell not in {heads.YES, heads.NO}:
        # Translators: {yes} and {no} are the words that stand in the file
        said = tr("{column}: {value} is neither {yes} nor {no}")
        raise ValueError(
            said.format(
                column=heads.FINAL, value=shown(cell), yes=heads.YES, no=heads.NO
            )
        )
    return cell == heads.YES
