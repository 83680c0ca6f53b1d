"""A classic month and year: rounded once, and as new as the day."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from sems_tray.domain.model import Dialect, EnergySums
from tests.portal.scripted import Desk, classic_portal, monitor, reading
from tests.portal.totals import chart

NOW = datetime(2026, 6, 21, 10, tzinfo=UTC)
MONITOR, CHART = "*/GetMonitorDetailByPowerstationId", "*/GetChartByPlant"
DAYS, MONTHS, YEARS = 2, 3, 4


def told(at=NOW, *, counters=((5.0, 300.0, 900.0),), kpi=None, charts=None):
    """Return a monitor reply; counters are of the day, of the month before it, all."""
    full = {"last_time": at.timestamp() * 1000}
    entries = [
        {"sn": f"S{n}", "status": 1, "eday": day, "emonth": month, "etotal": total}
        | {"invert_full": full}
        for n, (day, month, total) in enumerate(counters)
    ]
    parts = {"hasEnergeStatisticsCharts": True, "energeStatisticsCharts": charts}
    return monitor(kpi=kpi or {}, inverter=entries, **(parts if charts else {}))


def bars(by_range):
    """Answer by the range that is asked for."""

    def answer(request):
        return chart(**by_range.get(json.loads(request.body)["range"], {}))

    return answer


def desk(by_range, **parts):
    made = Desk(
        classic_portal(**{CHART: bars(by_range), MONITOR: told(**parts)}),
        dialect=Dialect.CLASSIC,
    )
    made.clock.at = NOW
    return made


# Twenty-one days of 10.04 kWh, five months of 300.04 and this one of 210.84.
BY_DAY = {f"2026-06-{n:02d}": 10.0 for n in range(1, 22)}
BY_MONTH = {f"2026-{n:02d}": 300.0 for n in range(1, 6)} | {"2026-06": 210.8}


def lines(rows):
    return {"PVGeneration": rows, "Buy": rows}


def test_a_month_and_a_year_have_bars_of_their_own():
    by_range = {
        DAYS: lines(BY_DAY),
        MONTHS: lines(BY_MONTH),
        YEARS: lines({"2025": 4000.0, "2026": 1711.04}),
    }
    energy = reading(desk(by_range).fetch()).energy
    assert (energy.month.import_kwh, energy.year.import_kwh) == (210.8, 1711.04)
    assert energy.year.pv_kwh == 1711.04


@pytest.mark.parametrize(
    "years", [{}, {"2025": 4000.0}, {"2026": 0.0}, BY_MONTH, {"2026": 17_110.4}]
)
def test_a_year_that_its_months_do_not_bear_out_is_their_sum(years):
    by_range = {MONTHS: lines(BY_MONTH), YEARS: lines(years)}
    energy = reading(desk(by_range).fetch()).energy
    assert energy.year.pv_kwh == energy.year.import_kwh == 1710.8


def test_a_portal_without_bars_of_years_is_no_trouble():
    made = desk({MONTHS: lines(BY_MONTH)})

    def answer(request):
        if json.loads(request.body)["range"] == YEARS:
            return {"code": "100000", "msg": "no such range", "data": None}
        return chart(**lines(BY_MONTH))

    made.script.answers[CHART] = answer
    found = reading(made.fetch())
    assert (found.energy.year.pv_kwh, found.stale) == (1710.8, ())


ONE, TWO = [(5.0, 300.0, 900.0)], [(5.0, 300.0, 900.0)] * 2


@pytest.mark.parametrize(
    ("kpi", "counters", "expected"),
    [
        # Both agree: the portal's is rounded less.
        ((5.04, 305.04, 900.04), ONE, (5.04, 305.04, 900.04)),
        # The station's stand at an old value: the inverters' are the true ones.
        ((0.0, 300.0, 895.0), ONE, (5.0, 305.0, 900.0)),
        ((None, None, None), ONE, (5.0, 305.0, 900.0)),
        # Two inverters, each rounded to 0.1 kWh.
        ((10.09, 610.18, 1800.09), TWO, (10.09, 610.18, 1800.09)),
    ],
)
def test_the_finest_of_what_a_reply_offers_is_taken(kpi, counters, expected):
    names = ("power", "month_generation", "total_power")
    told = dict(zip(names, kpi, strict=True))
    energy = reading(desk({}, kpi=told, counters=counters).fetch()).energy
    found = (energy.today.pv_kwh, energy.month.pv_kwh, energy.total.pv_kwh)
    assert found == expected


def test_between_two_looks_month_and_year_grow_with_the_day():
    def at(minutes, pv_kwh, buy_kwh):
        charts = {"sum": pv_kwh, "buy": buy_kwh, "sell": 0.0, "consumptionOfLoad": 1.0}
        return told(
            NOW + timedelta(minutes=minutes),
            counters=[(pv_kwh, 205.8, 900.0)],
            charts=charts,
        )

    by_range = {MONTHS: lines(BY_MONTH), YEARS: lines({"2026": 1710.8})}
    made = desk(by_range)
    made.script.answers[MONITOR] = at(0, 5.0, 2.0)
    made.fetch()
    made.script.answers[MONITOR] = at(8, 5.6, 2.5)
    made.clock.add(minutes=8)
    energy = reading(made.fetch()).energy
    assert energy.today == EnergySums(
        pv_kwh=5.6, import_kwh=2.5, export_kwh=0.0, load_kwh=1.0
    )
    assert (energy.month.pv_kwh, energy.month.import_kwh) == (211.4, 211.3)
    assert (energy.year.pv_kwh, energy.year.import_kwh) == (1711.4, 1711.3)
    made.clock.add(minutes=3)  # what is asked for again takes their place
    energy = reading(made.fetch()).energy
    assert (energy.year.pv_kwh, energy.year.import_kwh) == (1710.8, 1710.8)
