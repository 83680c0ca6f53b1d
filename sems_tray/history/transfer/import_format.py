"""Reading an export in JSON: nothing is believed that the program never writes.

An export is one JSON object, written a row a line (see ``export_formats``).  It is read
a line at a time, so that a file may be larger than the memory.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Annotated, Literal, TypeAlias, TypeVar

import msgspec

from sems_tray.domain.energy import (
    AMOUNTS,
    POWERS,
    AlarmRecord,
    HistoryRow,
    InverterSample,
    Period,
)
from sems_tray.domain.model import Alarm, AlarmLevel, EnergySums, Powers, Station
from sems_tray.domain.time_zones import POSSIBLE_YEARS
from sems_tray.i18n.formatting import name as brief
from sems_tray.i18n.language import mark, tr

from .export_formats import (
    ALARMS,
    DATE,
    DAYS,
    LIFETIME,
    MISSING,
    MONTH,
    MONTHS,
    ROWS,
    TIME,
    YEARS,
)
from .export_model import (
    CELSIUS,
    KWH,
    MONEY,
    PERCENT,
    SCHEMA,
    WATTS,
    Every,
    aligned,
    tells,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


# Translators: why a file cannot be imported: "history.json: it is no export …"
FOREIGN = mark("it is no export of SEMS Tray")
# Translators: why a file cannot be imported
CUT_SHORT = mark("it is cut short")
# Translators: why a file cannot be imported
NEWER = mark("it comes from a newer version of this program")
# Translators: why a file cannot be imported
NOT_JSON = mark("a CSV file cannot be imported; export everything as JSON")
_TABLES = tuple(head.encode() for head in (TIME, DATE, MONTH))
_SECTION = re.compile(rb'"(\w+)": \[')
_CLOSED, _END = {b"]", b"],"}, b"]}"

T = TypeVar("T")
Text = Annotated[str, msgspec.Meta(max_length=10_000)]
Instant = Annotated[datetime, msgspec.Meta(tz=True)]
Watts = Annotated[float, msgspec.Meta(ge=WATTS.least, le=WATTS.most)]
Percent = Annotated[float, msgspec.Meta(ge=PERCENT.least, le=PERCENT.most)]
Celsius = Annotated[float, msgspec.Meta(ge=CELSIUS.least, le=CELSIUS.most)]
Kwh = Annotated[float, msgspec.Meta(ge=KWH.least, le=KWH.most)]
Money = Annotated[float, msgspec.Meta(ge=MONEY.least, le=MONEY.most)]


class BadExportError(Exception):
    """Why a file cannot be imported, with the line where that shows."""

    def __init__(self, reason: str, line: int, detail: object = None) -> None:
        # Translators: a line of a file, and what is wrong with it
        text = tr("line {number}: {reason}").format(number=line, reason=tr(reason))
        super().__init__(text if detail is None else f"{text} ({brief(str(detail))})")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadTotals:
    """The totals of one period."""

    period: Period
    key: str
    sums: EnergySums
    final: bool


Item: TypeAlias = HistoryRow | ReadTotals | AlarmRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """A file that is being read."""

    every: Every
    station: Station
    items: Iterator[Item]


def read_export(lines: Iterable[bytes]) -> Export:
    """Read the head now, and the rows as they are asked for. Raises BadExportError."""
    numbered = enumerate(lines, 1)
    _, first = next(numbered, (1, b""))
    first = first.removeprefix("\ufeff".encode())
    if first.startswith(_TABLES):
        raise BadExportError(NOT_JSON, 1)
    head = _decoded(_closed(first), _Head, 1)
    if head.schema > SCHEMA or head.every not in list(Every):
        raise BadExportError(NEWER, 1)
    station = _decoded(head.station, _Station, 1)
    return Export(
        every=Every(head.every),
        station=Station(**msgspec.structs.asdict(station)),
        items=_items(numbered, Every(head.every)),
    )


def _items(lines: Iterable[tuple[int, bytes]], every: Every) -> Iterator[Item]:
    kinds = _SECTIONS | {ROWS: _ROWS[every]}
    order = _Order()
    for section, number, row in _rows(lines):
        if section == MISSING:
            continue
        if section not in kinds:
            raise BadExportError(FOREIGN, number)
        read = _decoded(row, kinds[section], number)
        try:
            item = read.item()
            order.check(item)
        except ValueError as exc:
            raise BadExportError(FOREIGN, number, exc) from exc
        yield item


def _rows(lines: Iterable[tuple[int, bytes]]) -> Iterator[tuple[str, int, bytes]]:
    """Yield each row with the name of its section and its line."""
    section, number = "", 1
    for number, raw in lines:
        line = raw.strip()
        if line == _END and section:
            break
        if not raw.endswith(b"\n"):
            raise BadExportError(CUT_SHORT, number)
        if not section:
            found = _SECTION.fullmatch(line)
            if found is None:
                raise BadExportError(FOREIGN, number)
            section = found[1].decode()
        elif line in _CLOSED:
            section = ""
        else:
            yield section, number, line.removesuffix(b",")
    else:
        raise BadExportError(CUT_SHORT, number)
    for number, raw in lines:
        if raw.strip():
            raise BadExportError(FOREIGN, number)


def _closed(head: bytes) -> bytes:
    """Return the first line, which goes on after a comma, as an object of its own."""
    return head.strip().removesuffix(b",") + b"}"


def _decoded(raw: bytes | msgspec.Raw, kind: type[T], line: int) -> T:
    try:
        return msgspec.json.decode(raw, type=kind)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as exc:
        raise BadExportError(FOREIGN, line, exc) from exc


class _Order:
    """Rows come in the order of time, each once: so they can be merged as read."""

    def __init__(self) -> None:
        self._before: dict[Period | None, str] = {}

    def check(self, item: Item) -> None:
        """Raise ValueError for a row that is not later than the one before."""
        if isinstance(item, AlarmRecord):
            return
        kind, key = (
            (None, item.at.isoformat())
            if isinstance(item, HistoryRow)
            else (item.period, item.key)
        )
        if kind in self._before and key <= self._before[kind]:
            raise ValueError("not later than the row before")
        self._before[kind] = key


# The lines as they are written.  ``item`` raises ValueError for what cannot be true.


class _Head(msgspec.Struct):
    schema: Annotated[int, msgspec.Meta(ge=SCHEMA)]
    program: Literal["sems-tray"]
    every: str
    station: msgspec.Raw


class _Station(msgspec.Struct):
    id: Annotated[str, msgspec.Meta(min_length=1, max_length=10_000)]
    name: Text
    timezone: Text | None = None
    capacity_kwp: Money | None = None
    latitude: Annotated[float, msgspec.Meta(ge=-90, le=90)] | None = None
    longitude: Annotated[float, msgspec.Meta(ge=-180, le=180)] | None = None


class _Inverter(msgspec.Struct):
    sn: Text
    power_w: Watts | None
    temperature_c: Celsius | None


class _Row(msgspec.Struct):
    time: Instant
    span_min: int
    pv_w: Watts | None
    load_w: Watts | None
    grid_w: Watts | None
    battery_w: Watts | None
    ev_w: Watts | None
    soc_percent: Percent | None
    inverters: list[_Inverter]

    def item(self) -> HistoryRow:
        row = HistoryRow(
            at=_possible(self.time),
            span_min=self.span_min,
            power=Powers(**{name: getattr(self, name) for name in POWERS}),
            soc_percent=self.soc_percent,
            inverters=tuple(
                InverterSample(**msgspec.structs.asdict(it)) for it in self.inverters
            ),
        )
        if len({it.sn for it in row.inverters}) < len(row.inverters):
            raise ValueError("an inverter is there twice")
        if not aligned(row):
            raise ValueError("time and span_min do not belong together")
        if not tells(row):
            raise ValueError("nothing is known")
        return row


class _Totals(msgspec.Struct):
    pv_kwh: Kwh | None
    load_kwh: Kwh | None
    import_kwh: Kwh | None
    export_kwh: Kwh | None
    charge_kwh: Kwh | None
    discharge_kwh: Kwh | None
    self_use_kwh: Kwh | None
    income: Money | None
    currency: Text | None
    final: bool

    def totals(self, period: Period, key: str = "") -> ReadTotals:
        """Return these as the totals of a period."""
        if key and int(key[:4]) not in POSSIBLE_YEARS:
            raise ValueError(f"{key} cannot be true")
        values = {name: getattr(self, name) for name in AMOUNTS}
        return ReadTotals(
            period=period,
            key=key,
            sums=EnergySums(**values, currency=self.currency),
            final=self.final,
        )


class _Day(_Totals):
    day: date = msgspec.field(name="date")

    def item(self) -> ReadTotals:
        return self.totals(Period.DAY, self.day.isoformat())


class _Month(_Totals):
    month: Annotated[str, msgspec.Meta(pattern=r"^[0-9]{4}-(0[1-9]|1[0-2])$")]

    def item(self) -> ReadTotals:
        return self.totals(Period.MONTH, self.month)


class _Year(_Totals):
    year: Annotated[str, msgspec.Meta(pattern="^[0-9]{4}$")]

    def item(self) -> ReadTotals:
        return self.totals(Period.YEAR, self.year)


class _Lifetime(_Totals):
    def item(self) -> ReadTotals:
        return self.totals(Period.TOTAL)


class _Alarm(msgspec.Struct):
    id: Text
    name: Text
    level: AlarmLevel
    device_sn: Text | None
    device_name: Text
    code: Text
    active: bool
    happened_at: Instant | None
    recovered_at: Instant | None
    first_seen: Instant
    last_seen: Instant

    def item(self) -> AlarmRecord:
        told = msgspec.structs.asdict(self)
        first, last = (_possible(told.pop(it)) for it in ("first_seen", "last_seen"))
        if last < first:
            raise ValueError("last_seen is before first_seen")
        for at in ("happened_at", "recovered_at"):
            told[at] = None if told[at] is None else _possible(told[at])
        return AlarmRecord(alarm=Alarm(**told), first_seen=first, last_seen=last)


def _possible(at: datetime) -> datetime:
    if not POSSIBLE_YEARS.start < at.year < POSSIBLE_YEARS.stop - 1:
        raise ValueError(f"{at.year} cannot be true")
    return at.astimezone(UTC)


_Kind: TypeAlias = type[_Row | _Day | _Month | _Year | _Lifetime | _Alarm]
_ROWS: dict[Every, _Kind] = {
    Every.MINUTES: _Row,
    Every.DAY: _Day,
    Every.MONTH: _Month,
    Every.EVERYTHING: _Row,
}
_SECTIONS: dict[str, _Kind] = {
    DAYS: _Day,
    MONTHS: _Month,
    YEARS: _Year,
    LIFETIME: _Lifetime,
    ALARMS: _Alarm,
}
