"""An export as CSV: UTF-8 without a mark, commas, decimal points, units in the head.

``Time`` is exact: local, with its offset, which keeps the hour apart that autumn
repeats.  ``Local time`` says the same as spreadsheets read dates.  Rows of powers are
means over 5 minutes from that time; of data so old that it was thinned, over 15.  What
is missing of the range has a row without values.
"""

from __future__ import annotations

import csv
import io
import json
from decimal import Decimal
from typing import TYPE_CHECKING

from sems_tray.domain.energy import AMOUNTS, POWERS
from sems_tray.i18n.formatting import UNSAFE, one_line, utc_text

from .export_model import PROGRAM, SCHEMA, Every

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime, tzinfo

    from sems_tray.domain.energy import AlarmRecord, HistoryRow

    from .export_model import ExportRange, TotalsRow


TIME, LOCAL_TIME, DATE, MONTH = "Time", "Local time", "Date", "Month"
POWER_HEADS = dict(
    zip(
        POWERS,
        (
            "PV (W)",
            "House (W)",
            "Grid export (W)",
            "Battery discharge (W)",
            "EV charger (W)",
        ),
        strict=True,
    )
)
SOC = "Battery (%)"
AMOUNT_HEADS = dict(
    zip(
        AMOUNTS,
        (
            "PV (kWh)",
            "House (kWh)",
            "Import (kWh)",
            "Export (kWh)",
            "Charge (kWh)",
            "Discharge (kWh)",
            "Self-use (kWh)",
            "Income",
        ),
        strict=True,
    )
)
CURRENCY, FINAL = "Currency", "Final"
KNOWN_DAYS = "Days known"
INVERTER, INVERTER_POWER, INVERTER_HEAT = "Inverter ", " power (W)", " temperature (°C)"
YES, NO = "yes", "no"
# What a spreadsheet would take for a formula (OWASP, "CSV Injection").
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "'")


def curve_lines(
    rows: Iterable[HistoryRow], where: tzinfo, serials: Sequence[str]
) -> Iterator[str]:
    """Return the lines of an export of powers; ``serials`` are the inverters'."""
    yield _line(
        [
            *(TIME, LOCAL_TIME, *POWER_HEADS.values(), SOC),
            *(
                f"{INVERTER}{one_line(sn)}{what}"
                for sn in serials
                for what in (INVERTER_POWER, INVERTER_HEAT)
            ),
        ]
    )
    for row in rows:
        local = row.at.astimezone(where)
        heard = {it.sn: it for it in row.inverters}
        yield _line(
            [
                local.isoformat(timespec="seconds"),
                f"{local:%Y-%m-%d %H:%M}",
                *(number(getattr(row.power, name)) for name in POWERS),
                number(row.soc_percent),
                *(
                    number(getattr(heard.get(sn), name, None))
                    for sn in serials
                    for name in ("power_w", "temperature_c")
                ),
            ]
        )


def totals_lines(rows: Iterable[TotalsRow], every: Every) -> Iterator[str]:
    """Return the lines of an export of days or months."""
    monthly = every is Every.MONTH
    yield _line(
        [
            *(MONTH if monthly else DATE, *AMOUNT_HEADS.values(), CURRENCY, FINAL),
            *([KNOWN_DAYS] if monthly else []),
        ]
    )
    for row in rows:
        cells = [
            row.key,
            *(number(getattr(row.sums, name)) for name in AMOUNTS),
            harmless(row.sums.currency or "") if row.sums.income is not None else "",
            YES if row.final else NO,
        ]
        if monthly:
            cells.append("" if row.known_days is None else str(row.known_days))
        yield _line(cells)


def number(value: float | None) -> str:
    """Return "3210", "76.4" or ""; all digits that matter, and no exponent."""
    if value is None:
        return ""
    if value == int(value):
        return str(int(value))
    return format(Decimal(repr(value)), "f")


def harmless(text: str) -> str:
    """Return text that a spreadsheet shows and does not run."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def _line(cells: Sequence[str]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerow(cells)
    return out.getvalue()


# An export as one JSON object, a row a line; keys always there, null for unknown.
#
# ``missing`` are the dates of the range of which it has nothing, or not all.


Json = dict[str, object]
ROWS, DAYS, MONTHS, YEARS = "rows", "days", "months", "years"
LIFETIME, ALARMS, MISSING = "lifetime", "alarms", "missing"


def lines(
    selection: ExportRange, sections: Iterable[tuple[str, Iterable[Json | str]]]
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
                "sn": inverter.sn,
                "power_w": tidy(inverter.power_w),
                "temperature_c": tidy(inverter.temperature_c),
            }
            for inverter in row.inverters
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
    return found


def alarm_json(seen: AlarmRecord) -> Json:
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


def _head(selection: ExportRange) -> Json:
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
