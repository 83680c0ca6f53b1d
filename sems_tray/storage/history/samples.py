"""One station's minute: how it is packed, and which of two values wins.

Values come in any order: live readings, readings whose time had to be guessed, curves
fetched later, the same again after a restart.  Each value therefore has a *grade* in
one byte, its source above the second of the minute at which it was measured, and the
higher grade wins, value by value.  That makes merging blind to the order.
"""

from __future__ import annotations

import math
import struct
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple, cast

from sems_tray.domain.energy import POWERS, InverterSample, ValueSource
from sems_tray.domain.time_zones import POSSIBLE_YEARS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sems_tray.domain.energy import HistoryRow
    from sems_tray.domain.model import CurvePoint, Powers, Reading


Value = int | bytes | None

COLUMNS = ("pv", "load", "grid", "battery", "ev", "soc", "inverters")
DAY_MIN = 24 * 60
_SECONDS_BITS = 5
_MOST_GRADE = 255
_TYPES = {int, bytes, type(None)}
_MOST_W = 10**9
_MOST_SOC = 1000
_ONE = struct.Struct("<Bih")  # number, W, 0.1 degrees
ONE_BYTES = _ONE.size
_NO_POWER, _NO_TEMPERATURE = -(2**31), -(2**15)
_MOST_INVERTERS = 256
FIRST_MINUTE = int(datetime(POSSIBLE_YEARS.start, 1, 1, tzinfo=UTC).timestamp()) // 60
LAST_MINUTE = int(datetime(POSSIBLE_YEARS.stop, 1, 1, tzinfo=UTC).timestamp()) // 60


class Sample(NamedTuple):
    """One row of the readings table, as it is merged."""

    minute: int
    span: int
    values: tuple[Value, ...]
    grades: tuple[int, ...]  # 0 where the value is unknown

    @property
    def row(self) -> tuple[Value, ...]:
        """The row from ``span`` on; ``marks`` only where the grades differ."""
        top = max(self.grades)
        alike = all(it in (0, top) for it in self.grades)
        marks = None if alike else bytes(self.grades)
        return (self.minute, self.span, top, *self.values, marks)


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What a reading or a curve says of one moment, before inverters have numbers."""

    at: datetime
    source: ValueSource
    span: int = 1
    values: tuple[int | None, ...] = ()
    inverters: tuple[InverterSample, ...] = ()

    @property
    def known(self) -> bool:
        """Whether there is anything to keep, at a believable time."""
        return minute_of(self.at) in range(FIRST_MINUTE, LAST_MINUTE) and (
            any(it is not None for it in self.values) or bool(self.inverters)
        )


def of_reading(reading: Reading) -> Measured | None:
    """Return what a reading says, or None if that is nothing."""
    inverters = () if "devices" in reading.stale else reading.inverters
    soc = None if reading.battery is None else reading.battery.soc_percent
    found = Measured(
        at=reading.measured_at or reading.received_at,
        source=ValueSource.GUESSED if reading.measured_at is None else ValueSource.LIVE,
        values=_values(reading.power, soc),
        inverters=tuple(
            InverterSample(sn=it.sn, power_w=it.power_w, temperature_c=it.temperature_c)
            for it in inverters
            if it.power_w is not None or it.temperature_c is not None
        ),
    )
    return found if found.known else None


def of_points(
    points: Iterable[CurvePoint | HistoryRow], source: ValueSource
) -> list[Measured]:
    """Return what the points of a curve say; empty ones are left out."""
    made = (
        Measured(
            at=point.at,
            source=source,
            span=getattr(point, "span_min", 1),
            values=_values(point.power, point.soc_percent),
            inverters=getattr(point, "inverters", ()),
        )
        for point in points
    )
    return [it for it in made if it.known]


def sample(measured: Measured, numbers: Mapping[str, int]) -> Sample:
    """Return the row of a moment."""
    second = int(measured.at.timestamp()) % 60
    grade = measured.source << _SECONDS_BITS | second // 2
    values: tuple[Value, ...] = (
        *measured.values,
        packed(measured.inverters, numbers),
    )
    return Sample(
        minute_of(measured.at),
        measured.span,
        values,
        tuple(0 if it is None else grade for it in values),
    )


def stored(row: Sequence[object]) -> Sample:
    """Read a row (minute, span, grade, values, marks); damaged values are unknown."""
    minute, span, top, *cells, marks = row
    if not _TYPES.issuperset(map(type, row)):
        cells = [it if isinstance(it, int | bytes) else None for it in cells]
    grade = top if isinstance(top, int) and 0 <= top <= _MOST_GRADE else 0
    values = cast("tuple[Value, ...]", tuple(cells))
    grades = tuple([0 if it is None else grade for it in values])
    if isinstance(marks, bytes) and len(marks) == len(values):
        grades = tuple(marks)
    return Sample(
        minute if isinstance(minute, int) else 0,
        span if isinstance(span, int) and span > 0 else 1,
        values,
        grades,
    )


def merged(one: Sample, other: Sample) -> Sample:
    """Return the better value of each column; of equal grades, always the same."""
    best = [
        max(pair, key=_rank)
        for pair in zip(
            zip(one.values, one.grades, strict=True),
            zip(other.values, other.grades, strict=True),
            strict=True,
        )
    ]
    values, grades = zip(*best, strict=True)
    return Sample(one.minute, max(one.span, other.span), values, grades)


def means(samples: Iterable[Sample], span: int) -> list[Sample]:
    """Return one sample per ``span`` minutes: the means of what is known."""
    groups: dict[int, list[Sample]] = {}
    for one in samples:
        groups.setdefault(one.minute - one.minute % span, []).append(one)
    return [_mean(minute, span, groups[minute]) for minute in sorted(groups)]


def packed(
    inverters: Iterable[InverterSample], numbers: Mapping[str, int]
) -> bytes | None:
    """Return seven bytes for each inverter of which something is known."""
    parts = {}
    for inverter in inverters:
        number = numbers.get(inverter.sn)
        power, temperature = _watts(inverter.power_w), _tenths(inverter.temperature_c)
        if number is None or (power is None and temperature is None):
            continue
        parts[number] = _ONE.pack(
            number,
            _NO_POWER if power is None else power,
            _NO_TEMPERATURE if temperature is None else temperature,
        )
    return b"".join(parts[number] for number in sorted(parts)) or None


def unpacked(blob: object) -> dict[int, tuple[int | None, int | None]]:
    """Return each inverter's W and 0.1 degrees by its number."""
    if not isinstance(blob, bytes) or len(blob) % _ONE.size:
        return {}
    return {
        number: (
            None if power == _NO_POWER else power,
            None if temperature == _NO_TEMPERATURE else temperature,
        )
        for number, power, temperature in _ONE.iter_unpack(blob)
    }


def fits(number: int) -> bool:
    """Say whether an inverter's number has a place in a row."""
    return 0 <= number < _MOST_INVERTERS


def finite(value: float | None) -> float | None:
    """Return a number that can be stored and compared."""
    return value if value is not None and math.isfinite(value) else None


def minute_of(at: datetime) -> int:
    """Return the whole minutes since 1970."""
    return int(at.timestamp() // 60)


def time_of(minute: int) -> datetime:
    """Return the instant at which a minute begins."""
    return datetime.fromtimestamp(minute * 60, UTC)


def _values(power: Powers, soc_percent: float | None) -> tuple[int | None, ...]:
    soc = None if soc_percent is None else _whole(soc_percent * 10)
    return (
        *(_watts(getattr(power, name)) for name in POWERS),
        soc if soc is not None and 0 <= soc <= _MOST_SOC else None,
    )


def _watts(value: float | None) -> int | None:
    found = _whole(value)
    return found if found is not None and abs(found) < _MOST_W else None


def _tenths(value: float | None) -> int | None:
    found = None if value is None else _whole(value * 10)
    return found if found is not None and abs(found) < -_NO_TEMPERATURE else None


def _whole(value: float | None) -> int | None:
    return None if value is None or not math.isfinite(value) else round(value)


def _rank(cell: tuple[Value, int]) -> tuple[int, bool, int, bytes]:
    value, grade = cell
    whole = value if isinstance(value, int) else 0
    return grade, value is not None, whole, value if isinstance(value, bytes) else b""


def _mean(minute: int, span: int, group: list[Sample]) -> Sample:
    values: list[Value] = []
    for column in range(len(COLUMNS) - 1):
        known = [v for it in group if isinstance(v := it.values[column], int)]
        values.append(round(sum(known) / len(known)) if known else None)
    values.append(_mean_inverters([it.values[-1] for it in group]))
    # Which second a mean was measured at says nothing; its source does.
    grades = tuple(
        0 if value is None else max(marks) >> _SECONDS_BITS << _SECONDS_BITS
        for value, marks in zip(
            values, zip(*(it.grades for it in group), strict=True), strict=True
        )
    )
    return Sample(minute, span, tuple(values), grades)


def _mean_inverters(blobs: list[Value]) -> bytes | None:
    powers: dict[int, list[int]] = {}
    heats: dict[int, list[int]] = {}
    for blob in blobs:
        for number, (power, heat) in unpacked(blob).items():
            if power is not None:
                powers.setdefault(number, []).append(power)
            if heat is not None:
                heats.setdefault(number, []).append(heat)
    return (
        b"".join(
            _ONE.pack(
                number,
                _average(powers.get(number), _NO_POWER),
                _average(heats.get(number), _NO_TEMPERATURE),
            )
            for number in sorted({*powers, *heats})
        )
        or None
    )


def _average(values: list[int] | None, default: int) -> int:
    return round(sum(values) / len(values)) if values else default
