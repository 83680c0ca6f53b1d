"""What the history holds, as values; the store keeps them, the questions read them.

A total is *live* while it is only what the program last saw of a period under way, and
*final* once the portal's own statistic for the finished period is known.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from datetime import UTC, datetime, timedelta
from enum import IntEnum
from typing import TYPE_CHECKING

from .model import NO_SUMS, EnergySums, Powers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date, tzinfo

    from .model import Alarm

MINUTE_DATA_DAYS = 400
THINNED_MIN = 15
_LATE_H = 1.0
_MOST_KW = 1000.0  # of a plant that does not tell its capacity
AMOUNTS = tuple(it.name for it in fields(EnergySums) if it.name != "currency")


class Source(IntEnum):
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
class Gap:
    """A date of which the curve, the final totals or the income are not known."""

    day: date
    curve: bool
    totals: bool
    income: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenAlarm:
    """An alarm as it was last seen, and when it was."""

    alarm: Alarm
    first_seen: datetime
    last_seen: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenNotice:
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
