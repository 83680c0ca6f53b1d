"""Reading the program's own CSV."""

from __future__ import annotations

import csv
import re
from typing import TYPE_CHECKING

from . import export_csv as heads
from .export import CELSIUS, PERCENT, POWERS, SPAN_MIN, WATTS, aligned, limits_of, tells
from .export_kinds import Every
from .history import AMOUNTS, HistoryRow, InverterSample, Period, known
from .importing import (
    CUT_SHORT,
    FOREIGN,
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
from .language import tr, trn
from .model import EnergySums, Powers

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from .export import Limits
    from .importing import Item

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
    return Export(every=every, station=None, items=_items(reader, head, every, counted))


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


def _items(
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
                item = _row(named, inverters)
            else:
                item = _totals(named, head[0])
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


def _row(cells: Cells, inverters: Mapping[str, dict[str, str]]) -> HistoryRow:
    heard = (
        InverterSample(
            sn=sn,
            power_w=_number(cells, columns.get("power_w", ""), WATTS),
            temperature_c=_number(cells, columns.get("temperature_c", ""), CELSIUS),
        )
        for sn, columns in inverters.items()
    )
    row = HistoryRow(
        at=instant(cells[heads.TIME], heads.TIME),
        span_min=SPAN_MIN,
        power=Powers(
            **{it: _number(cells, heads.POWER_HEADS[it], WATTS) for it in POWERS}
        ),
        soc_percent=_number(cells, heads.SOC, PERCENT),
        inverters=tuple(
            it for it in heard if it.power_w is not None or it.temperature_c is not None
        ),
    )
    if not aligned(row):
        # Translators: the clock of a row must be at 12:00, 12:05, 12:10 …
        said = tr("{column}: {time} is not at a whole {minutes} minutes")
        time = shown(cells[heads.TIME])
        raise ValueError(said.format(column=heads.TIME, time=time, minutes=SPAN_MIN))
    return row


def _totals(cells: Cells, first: str) -> ReadTotals:
    period = Period.DAY if first == heads.DATE else Period.MONTH
    values = {
        it: _number(cells, heads.AMOUNT_HEADS[it], limits_of(it)) for it in AMOUNTS
    }
    currency = heads.unharmed(text(cells.get(heads.CURRENCY, ""), heads.CURRENCY))
    return ReadTotals(
        period=period,
        key=key_of(period, cells[first]),
        sums=EnergySums(**values, currency=currency or None),
        final=_yes(cells.get(heads.FINAL, heads.NO)),
    )


def _number(cells: Cells, column: str, limits: Limits) -> float | None:
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
