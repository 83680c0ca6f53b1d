"""Months and years of what the store holds, whole or with days missing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from .backfill import any_energy
from .history import AMOUNTS, DayTotals, Period, PeriodTotals, completed, known
from .records import month_of, months_of, year_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .model import Energy, EnergySums
    from .records import Span
    from .selection import Held, Present, Selection


def since_begun(held: Held) -> Held:
    """Return what is held, without the zeros that are told of times before it."""
    months = {it.key for it in held.months if any_energy(it.sums)}
    months |= {Period.MONTH.key(it.day) for it in held.days if any_energy(it.sums)}
    years = {it.key for it in held.years if any_energy(it.sums)}
    years |= {it[:4] for it in months}
    if not months:
        return held
    month, year = min(months), min(years)
    began = date.fromisoformat(f"{month}-01")
    return replace(
        held,
        first=began if held.first is None else max(held.first, began),
        days=tuple(it for it in held.days if Period.MONTH.key(it.day) >= month),
        months=tuple(it for it in held.months if it.key >= month),
        years=tuple(it for it in held.years if it.key >= year),
    )


def as_told_now(held: Held, selection: Selection, today: date, energy: Energy) -> Held:
    """Return what is held with the periods under way as the newest reading tells them.

    Every page has one source for them; what is kept may be of another minute.
    """
    days = {it.day: it for it in held.days}
    if known(energy.today) and (today in days or selection.holds(today)):
        kept = days.get(today, DayTotals(day=today))
        days[today] = replace(kept, sums=completed(kept.sums, energy.today))
    return replace(
        held,
        days=tuple(days.values()),
        months=_with(held.months, Period.MONTH.key(today), energy.month),
        years=_with(held.years, Period.YEAR.key(today), energy.year),
        total=completed(held.total, energy.total),
    )


def _with(
    totals: tuple[PeriodTotals, ...], key: str, sums: EnergySums
) -> tuple[PeriodTotals, ...]:
    if not known(sums):
        return totals
    found = {it.key: it for it in totals}
    kept = found.get(key, PeriodTotals(key=key))
    found[key] = replace(kept, sums=completed(kept.sums, sums))
    return tuple(found[it] for it in sorted(found))


def month_spans(held: Held, present: Present) -> tuple[Span, ...]:
    """Return every month of which something is known."""
    spans = months_of(held.days, held.months, present.today)
    return tuple(_told(it, held.months, Period.MONTH, present) for it in spans)


def year_spans(held: Held, present: Present) -> tuple[Span, ...]:
    """Return every year of which something is known."""
    by_year: dict[int, list[DayTotals]] = {}
    for it in held.days:
        by_year.setdefault(it.day.year, []).append(it)
    told = {int(it.key[:4]) for it in (*held.years, *held.months)}
    return tuple(
        year_span(replace(held, days=tuple(by_year.get(year, ()))), year, present)
        for year in sorted(told | set(by_year))
    )


def month_span(held: Held, day: date, present: Present) -> Span:
    """Return the month that holds a date."""
    span = month_of(held.days, held.months, day, present.today)
    return _told(span, held.months, Period.MONTH, present)


def year_span(held: Held, year: int, present: Present) -> Span:
    """Return a year."""
    span = year_of(held.days, held.months, held.years, year, present.today)
    return _told(span, held.years, Period.YEAR, present)


def _told(
    span: Span, totals: Iterable[PeriodTotals], period: Period, present: Present
) -> Span:
    """Return a period under way as whole where the portal told all of its sums.

    It counts the days when this program was not there, too.
    """
    key = period.key(span.first)
    total = next((it for it in totals if it.key == key), None)
    if total is None or not span.partial or period.key(present.today) != key:
        return span
    for name in AMOUNTS:
        said, summed = getattr(total.sums, name), getattr(span.sums, name)
        if summed is not None and said != summed:
            return span
    return replace(span, known_days=span.all_days)
