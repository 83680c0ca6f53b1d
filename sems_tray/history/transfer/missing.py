"""What an export lacks: dates of which it has nothing.

Those before the first known one are missing if the portal was not asked for them, or if
the station was there by then: of what was before it was built nothing is to be known.
"""

from __future__ import annotations

from datetime import date, timedelta
from itertools import groupby
from typing import TYPE_CHECKING

from sems_tray.domain.energy import HistoryRow, day_span, days_between, month_end
from sems_tray.domain.model import NO_SUMS, Powers
from sems_tray.history.plan import PastPart
from sems_tray.i18n.formatting import date_with_year, fixed
from sems_tray.i18n.language import trc, trn

from .export_model import SPAN_MIN, Every, TotalsRow

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from .export_model import ExportRange


_ONE_DAY = timedelta(days=1)
# More stretches than this are not told one by one.
_MOST_TOLD = 3


def part_of(every: Every, first: date, last: date) -> PastPart:
    """Return the part of the past that such an export needs.

    A month's total counts whole months, so its range does, too.
    """
    if every is Every.MONTH:
        first, last = first.replace(day=1), month_end(last)
    return PastPart(
        first=first,
        last=last,
        curves=every in {Every.MINUTES, Every.EVERYTHING},
        totals=every is not Every.MINUTES,
    )


def missing_totals(
    rows: Sequence[TotalsRow], selection: ExportRange
) -> tuple[date, ...]:
    """Return the dates that an export of days or months lacks."""
    monthly = selection.every is Every.MONTH
    firsts = [date.fromisoformat(f"{it.key}-01" if monthly else it.key) for it in rows]
    held = {
        day
        for first in firsts
        for day in days_between(first, month_end(first) if monthly else first)
    }
    last = month_end(selection.last) if monthly else selection.last
    after: Iterable[date] = ()
    if held:
        since = min(*held, _lived_since(selection, monthly=monthly))
        after = days_between(since, _over(selection, last))
    return tuple(sorted({*selection.not_fetched, *after} - held))


def with_empty_totals(
    rows: Sequence[TotalsRow], missing: Iterable[date], every: Every
) -> list[TotalsRow]:
    """Return the rows, and an empty one for each period of which nothing is known."""
    if not rows:
        return []
    size = len("2026-06") if every is Every.MONTH else len("2026-06-21")
    held = {it.key for it in rows}
    keys = {it.isoformat()[:size] for it in missing} - held
    empty = (TotalsRow(key=it, sums=NO_SUMS, known_days=0) for it in keys)
    return sorted([*rows, *empty], key=lambda span: span.key)


def with_empty_days(
    rows: Iterable[HistoryRow], selection: ExportRange, missing: list[date]
) -> Iterator[HistoryRow]:
    """Yield rows of powers, and an empty one for each date that has none.

    What is missing is noted as the rows pass: they are too many to be held.
    """
    not_fetched = set(selection.not_fetched)
    following, seen = selection.first, False
    lived_since = _lived_since(selection)

    def empty(until: date) -> Iterator[HistoryRow]:
        for day in days_between(following, until):
            if seen or day >= lived_since or day in not_fetched:
                missing.append(day)
                at, _ = day_span(day, selection.where)
                yield HistoryRow(at=at, span_min=SPAN_MIN, power=Powers())

    for row in rows:
        day = row.at.astimezone(selection.where).date()
        yield from empty(day - _ONE_DAY)
        following, seen = max(following, day + _ONE_DAY), True
        yield row
    if seen:
        yield from empty(_over(selection, selection.last))
    else:
        missing += selection.not_fetched


def missing_words(missing: Sequence[date]) -> str:
    """Return "3 days are missing: 1 May 2026 to 3 May 2026", or nothing."""
    if not missing:
        return ""
    # Translators: days of which a file says nothing; {dates} is "1 May 2026"
    text = trn(
        "{count} day is missing: {dates}",
        "{count} days are missing: {dates}",
        len(missing),
    )
    return text.format(count=fixed(len(missing)), dates=dates_words(missing))


def not_fetched_words(days: Sequence[date]) -> str:
    """Return "304 days are not downloaded yet: 1 January 2026 to 31 October 2026"."""
    text = trn(
        "{count} day is not downloaded yet: {dates}",
        "{count} days are not downloaded yet: {dates}",
        len(days),
    )
    return text.format(count=fixed(len(days)), dates=dates_words(days))


def dates_words(days: Sequence[date]) -> str:
    """Return "1 May 2026 to 3 May 2026, 9 May 2026, …"."""
    stretches = [
        [day for _, day in found]
        for _, found in groupby(
            enumerate(days), lambda numbered: numbered[1] - numbered[0] * _ONE_DAY
        )
    ]
    told = [_stretch_words(it[0], it[-1]) for it in stretches[:_MOST_TOLD]]
    return ", ".join(told + ["…"] * (len(stretches) > _MOST_TOLD))


def _stretch_words(first: date, last: date) -> str:
    if first == last:
        return date_with_year(first)
    # Translators: the first and the last: "1 May 2026 to 3 May 2026"
    text = trc("dates in a sentence", "{first} to {last}")
    return text.format(first=date_with_year(first), last=date_with_year(last))


def _lived_since(selection: ExportRange, *, monthly: bool = False) -> date:
    """Return the first date of an export that the station is known to have lived."""
    since = selection.lived_since
    if since is None:
        return date.max
    first = selection.first.replace(day=1) if monthly else selection.first
    return max(since, first)


def _over(selection: ExportRange, last: date) -> date:
    """Return the last of the dates that are over: today's are not all there yet."""
    return min(last, selection.today - _ONE_DAY)
