"""Rows of the history as values; what a damaged disk made of them is unknown."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, cast

from sems_tray.core.history import GivenNotice, HistoryRow, InverterSample, SeenAlarm
from sems_tray.core.model import Alarm, AlarmLevel, CurvePoint, Powers, Station

from .history_sample import means, merged, time_of, unpacked

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from .history_sample import Sample

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
        at=time_of(step * every_min) + timedelta(minutes=every_min) / 2,
        power=Powers(pv_w=pv_w),
        soc_percent=None if soc is None else soc / 10,
    )


def history_row(row: Sample, names: Mapping[int, str]) -> HistoryRow:
    """Return a row with all that it holds."""
    return HistoryRow(
        at=time_of(row.minute),
        span_min=row.span,
        power=_power(row),
        soc_percent=_tenth(row.values[5]),
        inverters=tuple(
            InverterSample(
                sn=names[number],
                power_w=power,
                temperature_c=_tenth(heat),
            )
            for number, (power, heat) in unpacked(row.values[6]).items()
            if number in names
        ),
    )


def wider(rows: Iterable[Sample], span: int) -> list[Sample]:
    """Return means over ``span`` minutes; rows that are wider already stay."""
    rows = list(rows)
    found = {it.minute: it for it in rows if it.span >= span}
    for it in means((it for it in rows if it.span < span), span):
        held = found.get(it.minute)
        found[it.minute] = it if held is None else merged(it, held)
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


def seen(row: Sequence[object]) -> SeenAlarm:
    """Read an alarm: id, name, level, device, code, active, and four times."""
    first, last = _time(row[9]), _time(row[10])
    level = _text(row[2])
    return SeenAlarm(
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


def given(row: Sequence[object], station: str) -> GivenNotice | None:
    """Read a notice: time, topic, level, title, text, silenced, closed."""
    at = _time(row[0])
    if at is None:
        return None
    return GivenNotice(
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


def _power(row: Sample) -> Powers:
    pv, load, grid, battery, ev = (_float(it) for it in row.values[:5])
    return Powers(pv_w=pv, load_w=load, grid_w=grid, battery_w=battery, ev_w=ev)


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
