"""A real history, filled from the simulator's books, and the way to look at it."""

from datetime import UTC, date, datetime, timedelta, tzinfo
from pathlib import Path

from sems_tray.domain.energy import DayTotals, Period, ValueSource, days_between
from sems_tray.domain.model import CurvePoint, EnergySums, Powers
from sems_tray.history.local_reader import LocalHistory
from sems_tray.history.query import HistoryData, HistoryQuery
from sems_tray.storage.history.store import History

STORED = ("charge_kwh", "discharge_kwh")
METERED = ("load_kwh", "import_kwh", "export_kwh", "self_use_kwh")


class CountingHistory(LocalHistory):
    """The program's own reader, which counts, and can be out of order."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.reads = 0
        self.trouble = ""

    def read(self, station: str, where: tzinfo, query: HistoryQuery) -> HistoryData:
        self.reads += 1
        if self.trouble:
            return HistoryData(trouble=self.trouble)
        return super().read(station, where, query)


def fitted(site) -> tuple[str, ...]:
    """Return the names of the sums that a station has."""
    names = ["pv_kwh"]
    if site.has_load:
        names += METERED
    if site.spec.battery is not None:
        names += STORED
    return tuple(names)


def sums_of(sim, first: date, last: date, station: str | None = None) -> EnergySums:
    """Return the books' energies of local dates."""
    true = sim.books.between(first, last, station)
    names = fitted(sim.books.site(station))
    return EnergySums(**{it: round(getattr(true, it), 2) for it in names})


def put_curve(history: History, sim, day: date, *, skip=lambda _: False) -> None:
    """Keep a day's minutes up to now, without those to skip."""
    site = sim.books.site()
    stores, metered = site.spec.battery is not None, site.has_load
    now = sim.now()
    points = [
        CurvePoint(
            at=at,
            power=Powers(
                pv_w=power.pv_w,
                load_w=power.load_w if metered else None,
                grid_w=power.grid_w if metered else None,
                battery_w=power.battery_w if stores else None,
            ),
            soc_percent=power.soc_percent if stores else None,
        )
        for at, power in sim.books.minutes(day)
        if at <= now and not skip(at)
    ]
    over = day < site.today(now)
    history.add_curve(site.spec.station_id, points, day=day if over else None)


def put_days(history: History, sim, first: date, last: date) -> tuple[DayTotals, ...]:
    """Keep the totals of dates; today's are live."""
    site = sim.books.site()
    today = site.today(sim.now())
    found = []
    for day in days_between(first, last):
        final = day < today
        sums = sums_of(sim, day, day)
        source = ValueSource.PORTAL if final else ValueSource.LIVE
        history.put_day(site.spec.station_id, day, sums, source)
        found.append(DayTotals(day=day, sums=sums, final=final))
    return tuple(found)


def put_months(history: History, sim, first: date) -> None:
    """Keep the totals of months and years from a date's until now."""
    site = sim.books.site()
    today = site.today(sim.now())
    month = first.replace(day=1)
    while month <= today:
        following = (month + timedelta(days=32)).replace(day=1)
        last = min(following - timedelta(days=1), today)
        _put(history, sim, Period.MONTH, month, last, final=following <= today)
        month = following
    for year in range(first.year, today.year + 1):
        begins, ends = date(year, 1, 1), date(year, 12, 31)
        final = ends < today
        _put(history, sim, Period.YEAR, begins, min(ends, today), final=final)


def _put(history, sim, period, first, last, *, final):
    station = sim.books.site().spec.station_id
    source = ValueSource.PORTAL if final else ValueSource.LIVE
    history.put_period(
        station, period, period.key(first), sums_of(sim, first, last), source
    )


def noon(year: int = 2026, month: int = 6, day: int = 21) -> datetime:
    return datetime(year, month, day, 10, 42, tzinfo=UTC)
