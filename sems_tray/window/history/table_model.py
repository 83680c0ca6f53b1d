"""Months and years of what the store holds, whole or with days missing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, assert_never

from sems_tray.domain.energy import (
    AMOUNTS,
    DayTotals,
    Period,
    PeriodTotals,
    completed,
    known,
)
from sems_tray.domain.model import NO_SUMS, EnergySums
from sems_tray.domain.statistics import (
    added,
    best_day,
    best_month,
    month_of,
    months_of,
    savings,
    self_sufficiency,
    so_far_last_year,
    sum_of_days,
    year_of,
)
from sems_tray.history.plan import any_energy
from sems_tray.history.query import months_later
from sems_tray.i18n import formatting
from sems_tray.i18n.formatting import date_text, date_with_year, month_name, month_title
from sems_tray.i18n.language import tr, trc
from sems_tray.widgets.charts.bar_layout import Amount, amount_of, days_known

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from sems_tray.domain.model import Energy, Tariffs
    from sems_tray.domain.statistics import Span
    from sems_tray.history.query import HistoryData, Selection, StationClock


def since_begun(data: HistoryData) -> HistoryData:
    """Return what is held, without the zeros that are told of times before it."""
    months = {it.key for it in data.months if any_energy(it.sums)}
    months |= {Period.MONTH.key(it.day) for it in data.days if any_energy(it.sums)}
    years = {it.key for it in data.years if any_energy(it.sums)}
    years |= {it[:4] for it in months}
    if not months:
        return data
    month, year = min(months), min(years)
    began = date.fromisoformat(f"{month}-01")
    return replace(
        data,
        first=began if data.first is None else max(data.first, began),
        days=tuple(it for it in data.days if Period.MONTH.key(it.day) >= month),
        months=tuple(it for it in data.months if it.key >= month),
        years=tuple(it for it in data.years if it.key >= year),
    )


def as_told_now(
    data: HistoryData, selection: Selection, today: date, energy: Energy
) -> HistoryData:
    """Return what is held with the periods under way as the newest reading tells them.

    Every page has one source for them; what is kept may be of another minute.
    """
    days = {it.day: it for it in data.days}
    if known(energy.today) and (today in days or selection.holds(today)):
        kept = days.get(today, DayTotals(day=today))
        days[today] = replace(kept, sums=completed(kept.sums, energy.today))
    return replace(
        data,
        days=tuple(days.values()),
        months=_with(data.months, Period.MONTH.key(today), energy.month),
        years=_with(data.years, Period.YEAR.key(today), energy.year),
        total=completed(data.total, energy.total),
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


def month_spans(data: HistoryData, clock: StationClock) -> tuple[Span, ...]:
    """Return every month of which something is known."""
    spans = months_of(data.days, data.months, clock.today)
    return tuple(_told(it, data.months, Period.MONTH, clock) for it in spans)


def year_spans(data: HistoryData, clock: StationClock) -> tuple[Span, ...]:
    """Return every year of which something is known."""
    by_year: dict[int, list[DayTotals]] = {}
    for day in data.days:
        by_year.setdefault(day.day.year, []).append(day)
    told = {int(it.key[:4]) for it in (*data.years, *data.months)}
    return tuple(
        year_span(replace(data, days=tuple(by_year.get(year, ()))), year, clock)
        for year in sorted(told | set(by_year))
    )


def month_span(data: HistoryData, day: date, clock: StationClock) -> Span:
    """Return the month that holds a date."""
    span = month_of(data.days, data.months, day, clock.today)
    return _told(span, data.months, Period.MONTH, clock)


def year_span(data: HistoryData, year: int, clock: StationClock) -> Span:
    """Return a year."""
    span = year_of(data.days, data.months, data.years, year, clock.today)
    return _told(span, data.years, Period.YEAR, clock)


def _told(
    span: Span, totals: Iterable[PeriodTotals], period: Period, clock: StationClock
) -> Span:
    """Return a period under way as whole where the portal told all of its sums.

    It counts the days when this program was not there, too.
    """
    key = period.key(span.first)
    total = next((it for it in totals if it.key == key), None)
    if total is None or not span.partial or period.key(clock.today) != key:
        return span
    for name in AMOUNTS:
        said, summed = getattr(total.sums, name), getattr(span.sums, name)
        if summed is not None and said != summed:
            return span
    return replace(span, known_days=span.all_days)


# The figures below a chart: a period beside what it is fairly compared with.


_ONE_DAY = timedelta(days=1)
_SIGNS = {"EUR": "€", "GBP": "£", "USD": "$", "JPY": "¥", "CNY": "¥", "INR": "₹"}


@dataclass(frozen=True, slots=True, kw_only=True)
class TableColumn:
    """A period of the table; ``note`` names it, or says what is missing of it."""

    title: str
    note: str = ""
    sums: EnergySums = NO_SUMS


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureRow:
    """One figure of every period."""

    label: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureTable:
    """The table; every row has a cell for each column."""

    columns: tuple[TableColumn, ...] = ()
    rows: tuple[FigureRow, ...] = ()

    @property
    def text(self) -> str:
        """The table as lines with tabs, for a spreadsheet."""
        heads = [
            f"{column.title} ({column.note})" if column.note else column.title
            for column in self.columns
        ]
        lines = [("", *heads), *((it.label, *it.cells) for it in self.rows)]
        return "\n".join("\t".join(line) for line in lines)


def figure_table(
    selection: Selection, data: HistoryData, clock: StationClock, tariffs: Tariffs
) -> FigureTable:
    """Return the figures of a selection; a row is there if it is ever known."""
    facts = _facts(selection, data, clock)
    days = [it.sums for it in data.days]
    periods = [it.sums for it in (*data.months, *data.years)]
    ever = added([data.total, *days, *periods])
    amounts = [
        amount
        for amount in Amount
        if amount is Amount.PV or amount_of(ever, amount) is not None
    ]
    energy = formatting.energies(
        *(amount_of(fact.sums, it) for it in amounts for fact in facts)
    )
    rows = [
        FigureRow(
            label=amount.label,
            cells=tuple(energy(amount_of(fact.sums, amount)) for fact in facts),
        )
        for amount in amounts
    ]
    if ever.load_kwh is not None and ever.import_kwh is not None:
        shares = tuple(formatting.share(self_sufficiency(it.sums)) for it in facts)
        rows.append(FigureRow(label=tr("Self-powered"), cells=shares))
    return FigureTable(
        columns=facts,
        rows=(*rows, *_money(facts, tariffs)),
    )


def _facts(
    selection: Selection, data: HistoryData, clock: StationClock
) -> tuple[TableColumn, ...]:
    match selection.kind:
        case Period.DAY:
            return _of_day(selection.day, data, clock)
        case Period.MONTH:
            return _of_month(selection.day, data, clock)
        case Period.YEAR:
            return _of_year(selection.day.year, data, clock)
        case Period.TOTAL:
            return _of_lifetime(data, clock)
        case _:
            assert_never(selection.kind)


def _of_day(
    day: date, data: HistoryData, clock: StationClock
) -> tuple[TableColumn, ...]:
    found = {it.day: it for it in data.days}
    this, before = found.get(day), day - _ONE_DAY
    is_today = day == clock.today
    note = "" if this is None or this.final else tr("may be incomplete")
    month = [it for it in data.days if Period.MONTH.key(it.day) == day.isoformat()[:7]]
    return (
        TableColumn(
            title=tr("today") if is_today else tr("this day"),
            note=tr("so far") if is_today else note,
            sums=this.sums if this else NO_SUMS,
        ),
        TableColumn(
            title=tr("day before"),
            note=date_text(before),
            sums=found[before].sums if before in found else NO_SUMS,
        ),
        # Translators: the best day of a month: "best June day"
        _best(
            tr("best {month} day").format(month=month_name(day.month)),
            best_day(month),
            date_text,
        ),
    )


def _of_month(
    day: date, data: HistoryData, clock: StationClock
) -> tuple[TableColumn, ...]:
    this, before = month_span(data, day, clock), months_later(day, -1)
    year_ago, today = months_later(day, -12), clock.today
    under_way = Period.MONTH.key(today) == Period.MONTH.key(day)
    if under_way:
        then = so_far_last_year(data.days, today)
        name = _until(then.last)
    else:
        then, name = month_span(data, year_ago, clock), month_title(year_ago)
    return (
        _fact(tr("this month"), this, tr("so far") if under_way else ""),
        _fact(tr("month before"), month_span(data, before, clock), month_title(before)),
        _fact(tr("a year before"), then, name),
    )


def _of_year(
    year: int, data: HistoryData, clock: StationClock
) -> tuple[TableColumn, ...]:
    under_way = year == clock.today.year
    months = [it for it in month_spans(data, clock) if it.first.year == year]
    return (
        _fact(
            tr("this year"),
            year_span(data, year, clock),
            tr("so far") if under_way else "",
        ),
        _year_before(year, data, clock, under_way=under_way),
        _best(tr("best month"), best_month(months), lambda it: month_name(it.month)),
    )


def _year_before(
    year: int, data: HistoryData, clock: StationClock, *, under_way: bool
) -> TableColumn:
    """Return the year before, up to the same date if every one of its days is known."""
    if under_way:
        last = months_later(clock.today, -12)
        so_far = sum_of_days(data.days, date(year - 1, 1, 1), last)
        if not so_far.partial:
            return _fact(tr("year before"), so_far, _until(last))
    # Until it is known when the station began, more of that year may be found.
    known = data.first_month is not None
    whole = str(year - 1)
    if under_way and known:
        # Translators: a whole year, beside one that is not over
        whole = tr("all of {year}").format(year=year - 1)
    return _fact(tr("year before"), year_span(data, year - 1, clock), whole)


def _until(day: date) -> str:
    # Translators: from the beginning of a month or year to this date
    return tr("to {date}").format(date=date_with_year(day))


def _of_lifetime(data: HistoryData, clock: StationClock) -> tuple[TableColumn, ...]:
    summed = added(it.sums for it in year_spans(data, clock))
    # The first day that is kept is not the first that the portal's sum counts.
    since = data.first_month
    return (
        TableColumn(
            # Translators: the energy of all years
            title=trc("energy", "in all"),
            note=tr("since {month}").format(month=month_title(since)) if since else "",
            sums=_larger(summed, data.total),
        ),
        _best(tr("best month"), best_month(month_spans(data, clock)), month_title),
        _best(tr("best day"), best_day(data.days), date_with_year),
    )


def _best(
    title: str, best: DayTotals | Span | None, name: Callable[[date], str]
) -> TableColumn:
    """Return the best day or month as a column, by its name."""
    if best is None:
        return TableColumn(title=title)
    begun = best.day if isinstance(best, DayTotals) else best.first
    return TableColumn(title=title, note=name(begun), sums=best.sums)


def _fact(title: str, span: Span, name: str) -> TableColumn:
    """Return a span as a column; what is missing of it says more than its name."""
    counted = span.partial and span.known_days > 0
    note = days_known(span) if counted else name
    return TableColumn(title=title, note=note, sums=span.sums)


def _larger(one: EnergySums, other: EnergySums) -> EnergySums:
    """Return the larger of both sums: a lifetime's counter never runs backwards."""
    values: dict[str, float | None] = {}
    for name in AMOUNTS:
        known = [v for it in (one, other) if (v := getattr(it, name)) is not None]
        values[name] = max(known, default=None)
    told = other if other.income is not None else one
    values["income"] = told.income
    return EnergySums(**values, currency=told.currency)


def _money(facts: Sequence[TableColumn], tariffs: Tariffs) -> list[FigureRow]:
    """Return what the portal says was earned, else what the owner's prices say."""
    if any(it.sums.income is not None for it in facts):
        cells = [_amount(it.sums.income, it.sums.currency) for it in facts]
        return [FigureRow(label=trc("money", "Income"), cells=tuple(cells))]
    buys, sells = tariffs.import_price is not None, tariffs.export_price is not None
    if not buys and not sells:
        return []
    worth = [savings(it.sums, tariffs) for it in facts]
    if buys and sells:
        values = [it.total for it in worth]
    else:
        values = [it.saved if buys else it.earned for it in worth]
    cells = [_amount(it, tariffs.currency) for it in values]
    label = trc("money", "Saved") if buys else trc("money", "Earned")
    return [FigureRow(label=label, cells=tuple(cells))]


def _amount(value: float | None, currency: str | None) -> str:
    if value is None:
        return formatting.DASH
    code = formatting.name(currency or "")
    return f"{formatting.fixed(value, 2)} {_SIGNS.get(code.upper(), code)}".rstrip()
