"""Which dates the portal is to be asked for: what it did not know may come later.

A data logger that was cut off uploads when it is back, and a reply may lack an item
once.  So what was not whole is asked for again once a day for a fortnight, and much
later only where the owner asks.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from sems_tray.core.history import AMOUNTS, Gap, day_span, days_between

from .history_sample import minute_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import tzinfo

    from sems_tray.core.history import DayTotals

    from .history_ask import Asked

# A day of which this share of quarter-hours is held needs no fetching.
_ENOUGH = 0.9
_QUARTER = timedelta(minutes=15)
_YOUNG = timedelta(days=14)
# The owner's own wish asks the portal again, but not with every export.
_ANEW_AFTER = timedelta(days=30)
_LONG_AGO = date.min


@dataclass(frozen=True, slots=True, kw_only=True)
class Again:
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
        self, ask: Asked, station: str, where: tzinfo, again: Again | None
    ) -> None:
        self._ask, self._station, self._where = ask, station, where
        self._again = again
        rows = ask.of_station(station, "SELECT day, what, at FROM asked", "what <> ''")
        self._asked = {(str(day), what): self._date(at) for day, what, at in rows}

    def find(
        self, first: date, last: date, held: Iterable[DayTotals]
    ) -> tuple[Gap, ...]:
        """Return the dates that lack something, oldest first."""
        totals = {it.day: it for it in held}
        made = (
            Gap(
                day=day,
                curve=self._lacks_curve(day),
                totals=self._lacks_totals(day, totals.get(day)),
            )
            for day in days_between(first, last)
        )
        return tuple(it for it in made if it.curve or it.totals)

    def _lacks_curve(self, day: date) -> bool:
        asked, again = self._asked.get((day.isoformat(), "curve")), self._again
        if asked is None or (again is not None and again.is_young(day, asked)):
            return not self._covered(day)
        anew = again is not None and again.is_anew(day, asked)
        return anew and not self._quarters(day)

    def _lacks_totals(self, day: date, held: DayTotals | None) -> bool:
        final = held is not None and held.final
        asked, again = self._asked.get((day.isoformat(), "totals")), self._again
        if asked is None:
            return not final
        if again is not None and again.is_young(day, asked):
            # The totals of a day with holes in its curve may have holes, too.
            return not (final and _whole(held) and self._covered(day))
        return again is not None and again.is_anew(day, asked) and held is None

    def _covered(self, day: date) -> bool:
        start, end = day_span(day, self._where)
        return self._quarters(day) >= (end - start) / _QUARTER * _ENOUGH

    def _quarters(self, day: date) -> int:
        start, end = day_span(day, self._where)
        found = self._ask.number(
            self._station,
            "SELECT count(DISTINCT minute / 15) FROM readings",
            "minute >= ? AND minute < ?",
            minute_of(start),
            minute_of(end),
        )
        return found or 0

    def _date(self, at: object) -> date:
        """Return the local date; an older version did not note it."""
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
