"""Reading the program's own JSON, row by row: a file may be larger than the memory."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from .export import (
    CELSIUS,
    MONEY,
    PERCENT,
    POWERS,
    PROGRAM,
    SCHEMA,
    WATTS,
    Limits,
    aligned,
    limits_of,
    tells,
)
from .export_json import ALARMS, DAYS, LIFETIME, MONTHS, ROWS, YEARS
from .export_kinds import Every
from .history import AMOUNTS, HistoryRow, InverterSample, Period, SeenAlarm
from .importing import (
    FOREIGN,
    NEWER,
    BadExportError,
    Export,
    Order,
    ReadTotals,
    instant,
    key_of,
    quantity,
    text,
)
from .json_stream import JsonStream
from .language import tr
from .model import Alarm, AlarmLevel, EnergySums, Powers, Station

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import datetime

    from .importing import Item

Json = dict[str, object]

_CAPACITY, _LATITUDE, _LONGITUDE = MONEY, Limits(-90, 90), Limits(-180, 180)


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


def _alarm(row: object) -> SeenAlarm:
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
    return SeenAlarm(
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


def _number(told: Json, name: str, limits: Limits) -> float | None:
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
