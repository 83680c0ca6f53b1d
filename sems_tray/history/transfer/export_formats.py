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
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from sems_tray.domain.energy import AMOUNTS, POWERS
from sems_tray.i18n.formatting import UNSAFE, one_line, utc_text

from .export_model import PROGRAM, SCHEMA, Every

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import tzinfo

    from sems_tray.domain.energy import AlarmRecord, HistoryRow

    from .export_model import ExportRange, TotalsRow


TIME, DATE, MONTH = "Time", "Date", "Month"
# In the order of POWERS and of AMOUNTS.
_POWER_HEADS = (
    *("PV (W)", "House (W)", "Grid export (W)"),
    *("Battery discharge (W)", "EV charger (W)"),
)
_AMOUNT_HEADS = (
    *("PV (kWh)", "House (kWh)", "Import (kWh)", "Export (kWh)", "Charge (kWh)"),
    *("Discharge (kWh)", "Self-use (kWh)", "Income"),
)
# What a spreadsheet would take for a formula (OWASP, "CSV Injection").
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "'")


def curve_lines(
    rows: Iterable[HistoryRow], where: tzinfo, serials: Sequence[str]
) -> Iterator[str]:
    """Return the lines of an export of powers; ``serials`` are the inverters'."""
    yield _line(
        [
            *(TIME, "Local time", *_POWER_HEADS, "Battery (%)"),
            *(
                f"Inverter {one_line(sn)} {what}"
                for sn in serials
                for what in ("power (W)", "temperature (°C)")
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
            *(MONTH if monthly else DATE, *_AMOUNT_HEADS, "Currency", "Final"),
            *(["Days known"] if monthly else []),
        ]
    )
    for row in rows:
        cells = [
            row.key,
            *(number(getattr(row.sums, name)) for name in AMOUNTS),
            harmless(row.sums.currency or "") if row.sums.income is not None else "",
            "yes" if row.final else "no",
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
_ALARM = (
    *("id", "name", "level", "device_sn", "device_name", "code", "active"),
    *("happened_at", "recovered_at"),
)


def lines(
    selection: ExportRange, sections: Iterable[tuple[str, Iterable[Json | str]]]
) -> Iterator[str]:
    """Return the lines of an export with its sections, each under its name."""
    yield f"{json_text(_head(selection))[:-1]}"
    for name, rows in sections:
        yield f",\n{json_text(name)}: ["
        comma = ""
        for row in rows:
            yield f"{comma}\n{json_text(row)}"
            comma = ","
        yield "\n]"
    yield "}\n"


def curve_json(row: HistoryRow, where: tzinfo) -> Json:
    """Return the powers at one time; ``span_min`` is what they are the means of."""
    return {
        "time": row.at.astimezone(where).isoformat(timespec="seconds"),
        "span_min": row.span_min,
        **json_fields(row.power, *POWERS),
        **json_fields(row, "soc_percent"),
        "inverters": [
            json_fields(it, "sn", "power_w", "temperature_c") for it in row.inverters
        ],
    }


def totals_json(row: TotalsRow, key: str) -> Json:
    """Return totals; ``key`` is "date", "month" or "year", or "" for a lifetime's."""
    return {
        **({key: row.key} if key else {}),
        **json_fields(row.sums, *AMOUNTS, "currency"),
        "final": row.final,
        **({} if row.known_days is None else {"known_days": row.known_days}),
    }


def alarm_json(seen: AlarmRecord) -> Json:
    """Return an alarm, and when it was seen."""
    return {
        **json_fields(seen.alarm, *_ALARM),
        **json_fields(seen, "first_seen", "last_seen"),
    }


def json_fields(value: object, *names: str) -> Json:
    """Return attributes as JSON has them: 3210 for 3210.0, times in UTC."""
    return {name: _json_value(getattr(value, name)) for name in names}


def json_text(value: object, *, ascii_only: bool = False) -> str:
    """Return JSON as one line that commands no terminal: still the same value."""
    text = json.dumps(value, ensure_ascii=ascii_only)
    return UNSAFE.sub(lambda found: json.dumps(found[0])[1:-1], text)


def _json_value(value: object) -> object:
    match value:
        case float():
            return int(value) if value == int(value) else value  # -0.0 is 0
        case datetime():
            return utc_text(value)
        case _:
            return value


def _head(selection: ExportRange) -> Json:
    station = selection.station
    told = json_fields(station, "id", "name", "timezone", "capacity_kwp")
    if selection.every is Every.EVERYTHING:
        # Where the owner lives is for the owner's next computer only.
        told |= {"latitude": station.latitude, "longitude": station.longitude}
    return {
        "schema": SCHEMA,
        "program": PROGRAM,
        "station": told,
        "every": selection.every,
        "from": selection.first.isoformat(),
        "to": selection.last.isoformat(),
    }
