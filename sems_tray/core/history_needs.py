"""What a look at the past lacks, as steps that would fetch it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, assert_never

from .backfill import any_energy
from .date_words import date_with_year, month_title
from .followed import QUARTER_S, Quarter, is_followed
from .history import Period, day_span
from .past import CurveStep, IncomeStep, MonthStep, YearStep, month_end
from .selection import months_later

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from .history import Gap
    from .model import CurvePoint
    from .past import Step
    from .selection import Held, Present, Selection

    Gaps = Callable[[date, date], tuple[Gap, ...]]

_ONE_DAY = timedelta(days=1)


def needed(
    selection: Selection, held: Held, present: Present, gaps: Gaps
) -> tuple[Step, ...]:
    """Return what the store lacks of it, what matters most first."""
    day = selection.day
    match selection.kind:
        case Period.DAY:
            months = dict.fromkeys(it.replace(day=1) for it in (day, day - _ONE_DAY))
            return (
                *_curve(day, held, present, gaps),
                *_months(months, held, present, gaps),
                *(IncomeStep(it.day) for it in gaps(day, day) if it.income),
            )
        case Period.MONTH:
            first = day.replace(day=1)
            others = (months_later(first, -1), months_later(first, -12))
            return _months((first, *others), held, present, gaps)
        case Period.YEAR:
            return _years((day.year, day.year - 1), held, present)
        case Period.TOTAL:
            # Nobody knows yet where it ends: always one year further back.
            known = [int(it.key) for it in held.years if any_energy(it.sums)]
            oldest = min(known, default=present.today.year) - 1
            return _years(range(present.today.year, oldest - 1, -1), held, present)
        case _:
            assert_never(selection.kind)


def step_title(step: Step) -> str:
    """Return what a step brings: "21 June 2026", "June 2026" or "2026"."""
    match step:
        case CurveStep(day) | IncomeStep(day):
            return date_with_year(day)
        case MonthStep(first):
            return month_title(first)
        case YearStep(year):
            return str(year)
        case _:
            assert_never(step)


def _curve(
    day: date, held: Held, present: Present, gaps: Gaps
) -> tuple[CurveStep, ...]:
    if _before(day, held):
        return ()
    if day < present.settled:
        lacking = any(it.curve for it in gaps(day, day))
    else:
        lacking = not _followed(day, held.points, present)
    return (CurveStep(day),) if lacking else ()


def _followed(day: date, points: Iterable[CurvePoint], present: Present) -> bool:
    """Say whether a day that is under way is held from its beginning."""
    start, end = day_span(day, present.where)
    passed = (min(present.now, end) - start).total_seconds() // QUARTER_S
    quarters: dict[int, Quarter] = {}
    for point in points:
        number = int((point.at - start).total_seconds() // QUARTER_S)
        power = point.power
        known = quarters.get(number, Quarter(pv_w=0.0, beside_pv=False))
        metered = (power.load_w, power.grid_w, power.battery_w) != (None, None, None)
        quarters[number] = Quarter(
            pv_w=max(known.pv_w, power.pv_w or 0.0),
            beside_pv=known.beside_pv or metered,
        )
    return is_followed(quarters, int(passed))


def _months(
    firsts: Iterable[date], held: Held, present: Present, gaps: Gaps
) -> tuple[MonthStep, ...]:
    return tuple(
        MonthStep(it) for it in firsts if _month_lacks(it, held, present, gaps)
    )


def _month_lacks(first: date, held: Held, present: Present, gaps: Gaps) -> bool:
    if _before(month_end(first), held):
        return False
    final = {it.day for it in held.days if it.final}
    over = (min(month_end(first), present.settled - _ONE_DAY) - first).days + 1
    days = [first + n * _ONE_DAY for n in range(over)]
    lacking = [it for it in days if it not in final]
    return bool(lacking) and any(it.totals for it in gaps(lacking[0], lacking[-1]))


def _years(years: Iterable[int], held: Held, present: Present) -> tuple[YearStep, ...]:
    return tuple(YearStep(it) for it in years if _year_lacks(it, held, present))


def _year_lacks(year: int, held: Held, present: Present) -> bool:
    if year > present.today.year or year < held.earliest(present.today).year:
        return False
    if year < present.settled.year:
        return not any(it.final for it in held.years if it.key == f"{year:04d}")
    last = months_later(present.settled, -1)
    if last.year < year:  # January: the readings tell all there is
        return not any(it.key == f"{year:04d}" for it in held.years)
    # Every month: a look at one month brings its total, but not the others'.
    final = {it.key for it in held.months if it.final}
    firsts = (date(year, number, 1) for number in range(1, last.month))
    lived = (it for it in firsts if not _before(month_end(it), held))
    return any(Period.MONTH.key(it) not in final for it in (*lived, last))


def _before(day: date, held: Held) -> bool:
    return held.began is not None and day < held.began
