"""An export as CSV: UTF-8 without a mark, commas, decimal points, units in the head.

``Time`` is exact: local, with its offset, which keeps the hour apart that autumn
repeats.  ``Local time`` says the same as spreadsheets read dates.  Rows of powers are
means over 5 minutes from that time; of data so old that it was thinned, over 15.  What
is missing of the range has a row without values.
"""

from __future__ import annotations

import csv
import io
from decimal import Decimal
from typing import TYPE_CHECKING

from .export import POWERS
from .export_kinds import Every
from .history import AMOUNTS
from .words import one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import tzinfo

    from .export import TotalsRow
    from .history import HistoryRow

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
KNOWN_DAYS, SAVINGS, SAVINGS_CURRENCY = "Days known", "Savings", "Savings currency"
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


def totals_lines(
    rows: Iterable[TotalsRow], every: Every, *, savings: bool = False
) -> Iterator[str]:
    """Return the lines of an export of days or months."""
    monthly = every is Every.MONTH
    yield _line(
        [
            *(MONTH if monthly else DATE, *AMOUNT_HEADS.values(), CURRENCY, FINAL),
            *([KNOWN_DAYS] if monthly else []),
            *([SAVINGS, SAVINGS_CURRENCY] if savings else []),
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
        if savings:
            worth = row.savings
            total = None if worth is None else worth.total
            unit = None if worth is None or total is None else worth.currency
            cells += [number(total), harmless(unit or "")]
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


def unharmed(text: str) -> str:
    """Return the text that ``harmless`` was given."""
    return text.removeprefix("'")


def _line(cells: Sequence[str]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerow(cells)
    return out.getvalue()
