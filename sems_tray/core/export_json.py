"""An export as one JSON object, a row a line; keys always there, null for unknown.

``missing`` are the dates of the range of which it has nothing, or not all.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from .export import POWERS, PROGRAM, SCHEMA
from .export_kinds import Every
from .history import AMOUNTS
from .words import UNSAFE, utc_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime, tzinfo

    from .export import Selection, TotalsRow
    from .history import HistoryRow, SeenAlarm

Json = dict[str, object]
ROWS, DAYS, MONTHS, YEARS = "rows", "days", "months", "years"
LIFETIME, ALARMS, MISSING = "lifetime", "alarms", "missing"


def lines(
    selection: Selection, sections: Iterable[tuple[str, Iterable[Json | str]]]
) -> Iterator[str]:
    """Return the lines of an export with its sections, each under its name."""
    yield f"{_text(_head(selection))[:-1]}"
    for name, rows in sections:
        yield f",\n{_text(name)}: ["
        comma = ""
        for row in rows:
            yield f"{comma}\n{_text(row)}"
            comma = ","
        yield "\n]"
    yield "}\n"


def curve_json(row: HistoryRow, where: tzinfo) -> Json:
    """Return the powers at one time; ``span_min`` is what they are the means of."""
    return {
        "time": row.at.astimezone(where).isoformat(timespec="seconds"),
        "span_min": row.span_min,
        **{name: tidy(getattr(row.power, name)) for name in POWERS},
        "soc_percent": tidy(row.soc_percent),
        "inverters": [
            {
                "sn": it.sn,
                "power_w": tidy(it.power_w),
                "temperature_c": tidy(it.temperature_c),
            }
            for it in row.inverters
        ],
    }


def totals_json(row: TotalsRow, key: str) -> Json:
    """Return totals; ``key`` is "date", "month" or "year", or "" for a lifetime's."""
    found: Json = {
        **({key: row.key} if key else {}),
        **{name: tidy(getattr(row.sums, name)) for name in AMOUNTS},
        "currency": row.sums.currency,
        "final": row.final,
    }
    if row.known_days is not None:
        found["known_days"] = row.known_days
    if row.savings is not None:
        found["savings"] = tidy(row.savings.total)
        found["savings_currency"] = row.savings.currency
    return found


def alarm_json(seen: SeenAlarm) -> Json:
    """Return an alarm, and when it was seen."""
    alarm = seen.alarm
    return {
        "id": alarm.id,
        "name": alarm.name,
        "level": alarm.level.value,
        "device_sn": alarm.device_sn,
        "device_name": alarm.device_name,
        "code": alarm.code,
        "active": alarm.active,
        "happened_at": _time(alarm.happened_at),
        "recovered_at": _time(alarm.recovered_at),
        "first_seen": _time(seen.first_seen),
        "last_seen": _time(seen.last_seen),
    }


def tidy(value: float | None) -> float | int | None:
    """Return 3210 for 3210.0; -0.0 is 0."""
    if value is None:
        return None
    return int(value) if value == int(value) else value


def _head(selection: Selection) -> Json:
    station = selection.station
    told: Json = {
        "id": station.id,
        "name": station.name,
        "timezone": station.timezone,
        "capacity_kwp": tidy(station.capacity_kwp),
    }
    if selection.every is Every.EVERYTHING:
        # Where the owner lives is for the owner's next computer only.
        told["latitude"] = station.latitude
        told["longitude"] = station.longitude
    return {
        "schema": SCHEMA,
        "program": PROGRAM,
        "station": told,
        "every": selection.every.value,
        "from": selection.first.isoformat(),
        "to": selection.last.isoformat(),
    }


def _text(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False)
    # Still the same value: a terminal that shows it must not obey it.
    return UNSAFE.sub(lambda found: json.dumps(found[0])[1:-1], text)


def _time(at: datetime | None) -> str | None:
    return None if at is None else utc_text(at)
