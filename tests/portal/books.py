"""The simulator's own books, to compare totals of the past with."""

from calendar import monthrange
from datetime import date, timedelta

import pytest

from sems_tray.domain.energy import days_between

METERED = ("load_kwh", "import_kwh", "export_kwh", "self_use_kwh")
STORED = ("charge_kwh", "discharge_kwh")


def month_of(year, month):
    first = date(year, month, 1)
    return first, first.replace(day=monthrange(year, month)[1])


def agrees(sums, sim, first, last, *, station=None, only=None):
    """Compare with the books: what is fitted is told, and nothing else."""
    site = sim.books.site(station)
    true = sim.books.between(first, last, station)
    fitted = {"pv_kwh"}
    if site.has_load:
        fitted |= set(METERED)
    if site.spec.battery is not None:
        fitted |= set(STORED)
    slack = 0.1 if first == last else 0.2
    for name in ("pv_kwh", *METERED, *STORED):
        told = getattr(sums, name)
        if name in (only or fitted):
            assert told == pytest.approx(getattr(true, name), abs=slack), name
        else:
            assert told is None, name
    assert (sums.income is None) == (sums.currency is None)


def unsettled(sim, station=None):
    """Return the first date that may still change: yesterday's may until one."""
    zone = sim.books.site(station).spec.place.timezone
    return (sim.now() - timedelta(hours=1)).astimezone(zone).date()


def all_days(past, sim, first, last, station=None):
    site = sim.books.site(station)
    today = site.today(sim.now())
    began = max(first, site.ledger.first_day)
    assert [it.day for it in past.days] == list(days_between(began, min(last, today)))
    for it in past.days:
        agrees(it.sums, sim, it.day, it.day, station=station)
        assert it.final == (it.day < unsettled(sim, station))
