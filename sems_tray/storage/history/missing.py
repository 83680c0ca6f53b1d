"""Which dates the portal is to be asked for: what it did not know may come later.

A data logger that was cut off uploads when it is back, and a reply may lack an item
once.  So what was not whole is asked for again once a day for a fortnight, and much
later only where the owner asks.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from sems_tray.domain.energy import (
    AMOUNTS,
    MissingDay,
    Period,
    Quarter,
    day_span,
    days_between,
    is_followed,
    sun_is_followed,
)

from .samples import minute_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import tzinfo

    from sems_tray.domain.energy import DayTotals

    from .database import HistoryConnection


_QUARTER = timedelta(minutes=15)
_YOUNG = timedelta(days=14)
# The owner's own wish asks the portal again, but not with every export.
_ANEW_AFTER = timedelta(days=30)
_LONG_AGO = date.min


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryPolicy:
    """When to ask again; ``anew_since`` is the first date that is asked anew."""

    today: date
    anew_since: date = date.max

    def is_young(self, day: date, asked: date) -> bool:
        """Say whether more may have come since a date was asked for."""
        return asked < self.today and self.today - day <= _YOUNG

    def is_anew(self, day: date, asked: date) -> bool:
        """Say whether to try again what the portal knew nothing of."""
        return day >= self.anew_since and self.today - asked >= _ANEW_AFTER


class Gaps:
    """Looks for the gaps of one station."""

    def __init__(
        self,
        ask: HistoryConnection,
        station: str,
        where: tzinfo,
        again: RetryPolicy | None,
        is_dull: Callable[[date], bool],
    ) -> None:
        self._ask, self._station, self._where = ask, station, where
        self._again, self._is_dull = again, is_dull
        rows = ask.of_station(station, "SELECT day, what, at FROM asked", "what <> ''")
        self._asked = {(str(day), what): self._date(at) for day, what, at in rows}
        months = "SELECT DISTINCT substr(key, 1, 7) FROM sums"
        earned = "period IN (?, ?) AND income <> 0"
        self._earning = {
            str(month)
            for (month,) in ask.of_station(
                station, months, earned, Period.DAY, Period.MONTH
            )
        }

    def find(
        self, first: date, last: date, held: Iterable[DayTotals]
    ) -> tuple[MissingDay, ...]:
        """Return the dates that lack something, oldest first."""
        totals = {it.day: it for it in held}
        made = (self._gap(day, totals.get(day)) for day in days_between(first, last))
        return tuple(it for it in made if it.curve or it.totals or it.income)

    def _gap(self, day: date, held: DayTotals | None) -> MissingDay:
        return MissingDay(
            day=day,
            curve=self._lacks_curve(day),
            totals=self._lacks_totals(day, held),
            income=self._lacks_income(day, held),
        )

    def _lacks_curve(self, day: date) -> bool:
        asked, again = self._asked.get((day.isoformat(), "curve")), self._again
        if asked is None or (again is not None and again.is_young(day, asked)):
            return not self._followed(day)
        anew = again is not None and again.is_anew(day, asked)
        return anew and not self._quarters(day)

    def _lacks_totals(self, day: date, held: DayTotals | None) -> bool:
        final = held is not None and held.final
        asked, again = self._asked.get((day.isoformat(), "totals")), self._again
        if asked is None:
            return not final
        if again is not None and again.is_young(day, asked):
            # The totals of a day with holes in its curve may have holes, too.
            return not (final and _whole(held) and self._followed(day))
        return again is not None and again.is_anew(day, asked) and held is None

    def _lacks_income(self, day: date, held: DayTotals | None) -> bool:
        """Say whether to ask what a date earned: once its energies are there."""
        if held is None or not held.final or held.sums.income is not None:
            return False
        asked = (day.isoformat(), "income") in self._asked
        return not asked and Period.MONTH.key(day) in self._earning

    def _followed(self, day: date) -> bool:
        """Say whether a day's curve is whole.

        What the portal does not tell of a night, after it was asked, it does not know.
        """
        start, end = day_span(day, self._where)
        quarters, count = self._quarters(day), round((end - start) / _QUARTER)
        asked = (day.isoformat(), "curve") in self._asked
        if is_followed(quarters, count) or (asked and sun_is_followed(quarters, count)):
            return True
        lit = any(it.pv_w > 0 for it in quarters.values())
        return not lit and bool(asked or quarters) and self._is_dull(day)

    def _quarters(self, day: date) -> dict[int, Quarter]:
        """Return what is held, by the number of the quarter of an hour."""
        start, end = day_span(day, self._where)
        rows = self._ask.of_station(
            self._station,
            "SELECT minute / 15, max(pv), count(load) + count(grid) + count(battery)"
            " FROM readings",
            "minute >= ? AND minute < ? GROUP BY 1",
            minute_of(start),
            minute_of(end),
        )
        first = minute_of(start) // 15
        return {
            number - first: Quarter(
                pv_w=pv_w if isinstance(pv_w, int) else 0, beside_pv=bool(others)
            )
            for number, pv_w, others in rows
            if isinstance(number, int)
        }

    def _date(self, at: object) -> date:
        """Return the local date; a time that is damaged is long ago."""
        if not isinstance(at, int):
            return _LONG_AGO
        try:
            return datetime.fromtimestamp(at, UTC).astimezone(self._where).date()
        except (ValueError, OverflowError, OSError):
            return _LONG_AGO


def _whole(held: DayTotals | None) -> bool:
    """Say whether no energy is unknown."""
    return held is not None and None not in (
        getattr(held.sums, name) for name in AMOUNTS if name != "income"
    )
