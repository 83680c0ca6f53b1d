"""What the history holds, as values; the store keeps them, the questions read them.

A total is *live* while it is only what the program last saw of a period under way, and
*final* once the portal's own statistic for the finished period is known.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, datetime, timedelta
from enum import IntEnum
from typing import TYPE_CHECKING, TypeAlias

from .model import NO_SUMS, EnergySums, Powers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import date, tzinfo

    from .model import Alarm

POWERS = ("pv_w", "load_w", "grid_w", "battery_w", "ev_w")

MINUTE_DATA_DAYS = 400
THINNED_MIN = 15
_LATE_H = 1.0
_MOST_KW = 1000.0  # of a plant that does not tell its capacity
AMOUNTS = tuple(it.name for it in fields(EnergySums) if it.name != "currency")


class ValueSource(IntEnum):
    """Where a value comes from; the numbers are the file's."""

    GUESSED = 1  # a reading that does not say when it was measured
    PORTAL = 2  # fetched later: day curves, statistics
    LIVE = 3  # a reading


class Period(IntEnum):
    """What a total spans; the numbers are the file's."""

    DAY = 1
    MONTH = 2
    YEAR = 3
    TOTAL = 4

    def key(self, day: date) -> str:
        """Return the name of the period that holds a date: "2026-06" for a month."""
        return day.isoformat()[: _KEY_LENGTH[self]]


_KEY_LENGTH = {Period.DAY: 10, Period.MONTH: 7, Period.YEAR: 4, Period.TOTAL: 0}


@dataclass(frozen=True, slots=True, kw_only=True)
class InverterSample:
    """One inverter at one time."""

    sn: str
    power_w: float | None = None
    temperature_c: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryRow:
    """Powers of one minute, or their means over ``span_min`` minutes from ``at``."""

    at: datetime
    span_min: int = 1
    power: Powers = field(default_factory=Powers)
    soc_percent: float | None = None
    inverters: tuple[InverterSample, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DayTotals:
    """One local date's energies."""

    day: date
    sums: EnergySums = NO_SUMS
    final: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodTotals:
    """A month's ("2026-06") or year's ("2026") energies as the portal gives them."""

    key: str
    sums: EnergySums = NO_SUMS
    final: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MissingDay:
    """A date of which the curve, the final totals or the income are not known."""

    day: date
    curve: bool
    totals: bool
    income: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmRecord:
    """An alarm as it was last seen, and when it was."""

    alarm: Alarm
    first_seen: datetime
    last_seen: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NotificationRecord:
    """A notification that was given, or kept silent."""

    station: str
    topic: str
    at: datetime
    level: str = ""
    title: str = ""
    text: str = ""
    silenced: bool = False
    closed_at: datetime | None = None


def day_span(day: date, where: tzinfo) -> tuple[datetime, datetime]:
    """Return the UTC start and end of a local date, 23 to 25 hours apart."""
    following = day + timedelta(days=1)
    start = datetime(day.year, day.month, day.day, tzinfo=where)
    end = datetime(following.year, following.month, following.day, tzinfo=where)
    return start.astimezone(UTC), end.astimezone(UTC)


def days_between(first: date, last: date) -> Iterable[date]:
    """Return the dates from first to last, both inclusive."""
    count = (last - first).days + 1
    return (first + timedelta(days=n) for n in range(count))


def believable(
    before: EnergySums,
    now: EnergySums,
    *,
    since_look_h: float | None,
    since_start_h: float | None,
    capacity_kwp: float | None,
) -> EnergySums:
    """Return what a look says without counters that grew more than any plant can.

    The hours are those since the look ``before``, and since the period began; None is
    no bound.  A counter that glitches once would otherwise stand for the whole day.
    """
    values: dict[str, float | None] = {}
    for name in AMOUNTS:
        old, new = getattr(before, name), getattr(now, name)
        hours = since_start_h if old is None else since_look_h
        if new is not None and hours is not None and name != "income":
            most = (old or 0.0) + most_kwh(name, hours, capacity_kwp)
            new = new if new <= most else None
        values[name] = new
    return EnergySums(**values, currency=now.currency)


def most_kwh(name: str, hours: float, capacity_kwp: float | None) -> float:
    """Return more energy than such a plant, or its house, ever has in some hours."""
    # The portal adds up late: an hour more than has passed.
    return _most_kw(name, capacity_kwp) * (max(hours, 0.0) + _LATE_H)


def _most_kw(name: str, capacity_kwp: float | None) -> float:
    """Return more power than such a plant, or its house, ever has."""
    if capacity_kwp is None or not capacity_kwp > 0:
        return _MOST_KW
    if name == "pv_kwh":  # the owner types the capacity in, and panels are added
        return 3 * capacity_kwp + 5
    return max(10 * capacity_kwp, 100.0)


def grown(before: EnergySums, now: EnergySums) -> EnergySums:
    """Return a live total after another look: counters grow, known beats unknown."""
    return _combined(before, now, max)


def completed(live: EnergySums, final: EnergySums) -> EnergySums:
    """Return the final values, and the live energies where those are unknown.

    Money is the finished period's or unknown: what it had earned when it was last
    looked at is no part of a final total.
    """
    live = replace(live, income=None, currency=None)
    return _combined(live, final, lambda _, later: later)


def known(sums: EnergySums) -> bool:
    """Say whether anything is known."""
    return any(getattr(sums, name) is not None for name in AMOUNTS)


def _combined(
    before: EnergySums, now: EnergySums, choose: Callable[[float, float], float]
) -> EnergySums:
    values: dict[str, float | None] = {}
    for name in AMOUNTS:
        old, new = getattr(before, name), getattr(now, name)
        values[name] = choose(old, new) if None not in (old, new) else _either(old, new)
    return EnergySums(**values, currency=now.currency or before.currency)


def _either(old: float | None, new: float | None) -> float | None:
    return old if new is None else new


# What can be fetched of a station's past, one polite request or two at a time.


# Counters are wrong for a while after midnight (facts, section 3, "Midnight").
_SETTLED = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class YearStep:
    """A year's totals and those of its months."""

    year: int


@dataclass(frozen=True, slots=True)
class MonthStep:
    """The totals of a month's days, and of the month; ``first`` is its first date."""

    first: date


@dataclass(frozen=True, slots=True)
class CurveStep:
    """The powers of one date."""

    day: date


@dataclass(frozen=True, slots=True)
class IncomeStep:
    """What a date earned, where its totals do not tell."""

    day: date


Step: TypeAlias = YearStep | MonthStep | CurveStep | IncomeStep


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodStatistics:
    """Totals as the portal tells them; final ones are of periods that are over.

    A period of which the portal knows nothing is left out.  ``zeros`` are a month's
    first days with no energy at all, ``zero_months`` such months, a year's first ones
    too: true if the station was there by then.
    """

    days: tuple[DayTotals, ...] = ()
    months: tuple[PeriodTotals, ...] = ()
    years: tuple[PeriodTotals, ...] = ()
    zeros: tuple[DayTotals, ...] = ()
    zero_months: tuple[PeriodTotals, ...] = ()


def month_end(day: date) -> date:
    """Return the last date of the month that holds a date."""
    return day.replace(day=monthrange(day.year, day.month)[1])


def settled_until(now: datetime, where: tzinfo) -> date:
    """Return the first local date whose totals may still change: today, mostly."""
    return (now.astimezone(where) - _SETTLED).date()


# Totals are asked for less often than powers: what has been added to them since.
#
# Every figure of a reading is then of the same time, that of its powers.


# Over more than that the powers at both ends say little of what was between them; the
# totals themselves are not older (design, section 3, "Politeness").
_LONGEST = timedelta(minutes=10)
_WH_PER_KWH = 1000


def energy_between(
    before: tuple[datetime | None, Powers], after: tuple[datetime | None, Powers]
) -> EnergySums:
    """Return the energy from one time to another, the powers changing evenly."""
    (start, was), (end, now) = before, after
    if start is None or end is None or not timedelta() < end - start <= _LONGEST:
        return EnergySums()
    hours = (end - start) / timedelta(hours=1)

    def mean_kwh(share: Callable[[Powers], float | None]) -> float | None:
        first, last = share(was), share(now)
        if first is None or last is None:
            return None
        return (first + last) / 2 * hours / _WH_PER_KWH

    return EnergySums(
        pv_kwh=mean_kwh(lambda power: _above(power.pv_w)),
        load_kwh=mean_kwh(lambda power: _above(power.load_w)),
        import_kwh=mean_kwh(lambda power: _above(power.grid_w, -1)),
        export_kwh=mean_kwh(lambda power: _above(power.grid_w)),
        charge_kwh=mean_kwh(lambda power: _above(power.battery_w, -1)),
        discharge_kwh=mean_kwh(lambda power: _above(power.battery_w)),
        self_use_kwh=mean_kwh(_own_use_w),
    )


def plus(sums: EnergySums, more: EnergySums) -> EnergySums:
    """Return the sums with what came on top; unknown stays unknown."""
    known = {
        name: round(value + extra, 3)
        for name in AMOUNTS
        if (value := getattr(sums, name)) is not None
        and (extra := getattr(more, name)) is not None
    }
    return replace(sums, **known)


def _above(watts: float | None, sign: int = 1) -> float | None:
    return None if watts is None else max(sign * watts, 0.0)


def _own_use_w(power: Powers) -> float | None:
    """Return what the house does not take from the grid."""
    if power.load_w is None or power.grid_w is None:
        return None
    return max(power.load_w - max(-power.grid_w, 0.0), 0.0)


# Was a day's power followed?  A night in which nothing is measured is no hole.
#
# An inverter without a meter or a battery is off in the dark: its day runs from the
# first light to the last.  A day that begins or ends in full light was not followed.


QUARTER_S = 900
# Of the quarters of an hour that count.
_ENOUGH = 0.9
# So little is made in the first and in the last light, as a share of the day's best.
_FAINT = 0.1
_FAINT_W = 50.0
# An inverter reports some minutes late, and a poll may fall in between.
_LATE = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Quarter:
    """What is held of a quarter of an hour: its most PV; was anything else measured?"""

    pv_w: float
    beside_pv: bool


def is_followed(quarters: Mapping[int, Quarter], count: int) -> bool:
    """Say whether ``count`` quarters of a day, by number, were followed.

    A meter or a battery is measured at night, too.
    """
    if covers(quarters, count):
        return True
    beside_pv = any(it.beside_pv for it in quarters.values())
    return not beside_pv and sun_is_followed(quarters, count)


def covers(quarters: Mapping[int, Quarter], count: int) -> bool:
    """Say whether nearly all quarters are held."""
    return len(quarters) >= count * _ENOUGH


def sun_is_followed(quarters: Mapping[int, Quarter], count: int) -> bool:
    """Say whether what the sun gave was followed, whatever is held of the night."""
    lit = sorted(number for number, it in quarters.items() if it.pv_w > 0)
    if not lit:
        return False
    first, last = lit[0], lit[-1]
    faint_w = max(_FAINT_W, _FAINT * max(it.pv_w for it in quarters.values()))

    def is_edge(number: int, beyond: int) -> bool:
        return quarters[number].pv_w <= faint_w or beyond in quarters

    begins = first == 0 or is_edge(first, first - 1)
    ends = last >= count - _LATE or is_edge(last, last + 1)
    held = sum(first <= number <= last for number in quarters)
    return begins and ends and held >= (last - first + 1) * _ENOUGH
