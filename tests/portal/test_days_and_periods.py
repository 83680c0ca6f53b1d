"""What is told of today, this month and this year, by night and between two looks."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest

from sems_tray.domain.energy import Period
from sems_tray.domain.model import Dialect, EnergySums
from sems_tray.portal.classic.calls import DAYS, MONTHS, YEARS
from sems_tray.portal.poll_plan import PollRequest
from sems_tray.storage.history.store import History
from sems_tray.storage.paths import HISTORY
from tests.portal.scripted import (
    STATION,
    Desk,
    classic_portal,
    device,
    factors,
    flow,
    monitor,
    ok,
    plus_portal,
    reading,
)
from tests.portal.totals import chart

NOW = datetime(2026, 6, 21, 10, tzinfo=UTC)
MONITOR, CHART = "*/GetMonitorDetailByPowerstationId", "*/GetChartByPlant"


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


DUSK = datetime(2026, 1, 31, 15, 50, tzinfo=UTC)  # the station is at UTC+2


def dark(_, at):
    return not 6 <= at.hour < 15


def entry(sn="INV", at=DUSK, **counters):
    full = {"last_time": at.timestamp() * 1000}
    told = {"eday": 3.5, "emonth": 36.5, "etotal": 900.0, "status": -1} | counters
    return {"sn": sn, "invert_full": full, **told}


def asleep(*entries, kpi=None, **parts):
    told = {"power": 3.5, "month_generation": 40.0, "total_power": 900.0}
    rows = list(entries or [entry()])
    night = {"pv": "0(W)", "load": "300(W)", "grid": "300(W)"}
    return monitor(kpi=told | (kpi or {}), inverter=rows, powerflow=night, **parts)


def metered(bought, sun=0.0):
    """Return what the charts of a reply tell of the day."""
    sums = {"sum": sun, "buy": bought, "sell": 0.0, "consumptionOfLoad": bought}
    return {"hasEnergeStatisticsCharts": True, "energeStatisticsCharts": sums}


def classic(**parts):
    return Desk(classic_portal(**parts), dialect=Dialect.CLASSIC, dark=dark)


def test_a_classic_morning_knows_nothing_of_today_until_the_inverter_wakes(tmp_path):
    desk = classic(**{MONITOR: asleep()})
    with History(tmp_path / HISTORY) as history:
        told = []
        for hour in (-6, 0, 4, 6, 9):
            desk.clock.at = DUSK.replace(hour=0) + timedelta(days=1, hours=hour)
            found = reading(desk.fetch())
            history.add(found)
            roof = found.inverters[0]
            told.append((found.energy.today.pv_kwh, roof.today_kwh))
            assert found.energy.total.pv_kwh == 900.0
        assert told == [(3.5, 3.5), (0.0, 0.0), (0.0, 0.0), (None, None), (None, None)]
        morning = desk.clock.at
        desk.script.answers[MONITOR] = asleep(
            entry(at=morning, eday=0.2, emonth=0.0, etotal=900.2, status=1),
            kpi={"power": 0.2, "month_generation": 0.2, "total_power": 900.2},
        )
        found = reading(desk.fetch())
        history.add(found)
        assert found.energy.today.pv_kwh == found.inverters[0].today_kwh == 0.2
        days = history.reader.days(STATION, date(2026, 1, 30), date(2026, 2, 2))
        assert {it.day.day: it.sums.pv_kwh for it in days} == {31: 3.5, 1: 0.2}
        months = history.reader.periods(STATION, Period.MONTH)
        assert {it.key: it.sums.pv_kwh for it in months} == {
            "2026-01": 40.0,
            "2026-02": 0.2,
        }


def test_a_classic_month_that_has_just_begun_is_not_the_last_one():
    desk = classic(**{MONITOR: asleep()})
    desk.clock.at = DUSK
    assert reading(desk.fetch()).energy.month.pv_kwh == 40.0
    bars = chart(PVGeneration={"2026-01": 40.0, "2026-02": 0.0})
    desk.script.answers[CHART] = bars
    desk.clock.at = DUSK.replace(day=1, month=2, hour=2)
    assert reading(desk.fetch()).energy.month.pv_kwh == 0.0
    assert reading(desk.fetch(PollRequest(everything=True))).energy.month.pv_kwh == 0.0


def test_a_portal_that_has_begun_the_month_is_believed_before_the_inverter_wakes():
    begun = asleep(kpi={"power": 0.0, "month_generation": 0.0}, **metered(2.1))
    desk = classic(**{MONITOR: begun})
    desk.clock.at = DUSK.replace(day=1, month=2, hour=4)
    energy = reading(desk.fetch()).energy
    assert (energy.today.pv_kwh, energy.month.pv_kwh) == (0.0, 0.0)


def test_a_meter_that_goes_on_at_night_tells_of_today():
    desk = classic(**{MONITOR: asleep(**metered(2.1))})
    desk.clock.at = DUSK + timedelta(hours=12)
    today = reading(desk.fetch()).energy.today
    assert (today.pv_kwh, today.import_kwh, today.load_kwh) == (0.0, 2.1, 2.1)
    paid = {"day_income": 1.2, "total_income": 300.0, "yield_rate": 0.3}
    desk.script.answers[MONITOR] = asleep(kpi=paid, **metered(2.1))
    today = reading(desk.fetch()).energy.today
    assert (today.import_kwh, today.income) == (2.1, None)  # it is yesterday's
    desk.script.answers[MONITOR] = asleep(**metered(2.1, sun=3.5))
    today = reading(desk.fetch()).energy.today
    assert (today.pv_kwh, today.import_kwh, today.load_kwh) == (0.0, None, None)


BARS = {
    "PVGeneration": {"2026-02": 0.0, "2026-01": 40.0},
    "Buy": {"2026-02": 0.0, "2026-01": 99.0},
}
NIGHTS = {"Buy": {"2026-01-30": 7.0, "2026-01-31": 9.5, "2026-02-01": 0.4}}


def behind_a_sleeper(bought, *, sun=0.0, **counters):
    """Return a reply of a meter whose inverter slept at dusk, with 8 kWh that day."""
    row = entry(**counters)
    meter = {"hasmeter": True, "buy": 8.0, "seller": 1.0}
    row["invert_full"] |= meter | {"total_buy": 508.0, "total_sell": 71.0}
    return asleep(row, **metered(bought, sun))


def by_range(days):
    return bars({DAYS: days, MONTHS: BARS, YEARS: BARS})


def test_a_meter_goes_on_for_a_lifetime_while_its_inverter_sleeps():
    desk = classic(**{MONITOR: behind_a_sleeper(8.6, sun=3.5), CHART: by_range(NIGHTS)})
    desk.clock.at = DUSK + timedelta(hours=3)
    assert reading(desk.fetch()).energy.total.import_kwh == 508.6
    fresh = classic(**{MONITOR: behind_a_sleeper(0.4), CHART: by_range(NIGHTS)})
    for it in (desk, fresh):
        it.clock.at = DUSK + timedelta(hours=12)
        it.script.answers[MONITOR] = behind_a_sleeper(0.4)
        assert reading(it.fetch()).energy.total.import_kwh == 509.9
        asked = len(it.script.asked)
        it.clock.add(minutes=2)
        it.script.answers[MONITOR] = behind_a_sleeper(0.5)
        assert reading(it.fetch()).energy.total.import_kwh == 510.0
        assert len(it.script.asked) == asked + 1  # a night is asked for once


def test_a_whole_month_of_a_polar_night_is_not_added_up_from_its_rounded_days():
    february = {f"2026-02-{day:02}": 1.0 for day in range(1, 29)}
    days = {"Buy": NIGHTS["Buy"] | february | {"2026-03-01": 2.0}}
    months = {"Buy": {"2026-03": 2.4, "2026-02": 28.14, "2026-01": 99.0}}

    told = bars({DAYS: days, MONTHS: months, YEARS: months})
    desk = classic(**{MONITOR: behind_a_sleeper(0.4), CHART: told})
    desk.clock.at = datetime(2026, 3, 2, 5, tzinfo=UTC)
    total = reading(desk.fetch()).energy.total
    assert total.import_kwh == pytest.approx(500 + 9.5 + 28.14 + 2.0 + 0.4)


def test_without_the_days_since_it_slept_a_lifetime_is_unknown():
    desk = classic(**{MONITOR: behind_a_sleeper(0.4), CHART: by_range({})})
    desk.clock.at = DUSK + timedelta(hours=12)
    total = reading(desk.fetch()).energy.total
    assert (total.import_kwh, total.pv_kwh) == (None, 900.0)


def test_a_month_that_stands_is_not_the_new_one_although_the_meter_has_begun():
    desk = classic(**{MONITOR: behind_a_sleeper(8.6, sun=3.5), CHART: by_range(NIGHTS)})
    desk.clock.at = DUSK + timedelta(hours=3)
    assert reading(desk.fetch()).energy.month.pv_kwh == 40.0
    desk.script.answers[MONITOR] = behind_a_sleeper(0.4)
    for hours in (12, 13):
        desk.clock.at = DUSK + timedelta(hours=hours)
        assert reading(desk.fetch()).energy.month.pv_kwh == 0.0


@pytest.mark.parametrize("eday", [0.1, 0.0, None])
def test_a_last_day_with_hardly_any_sun_does_not_hide_the_meters_day(eday):
    """In the polar night: more is bought by noon than on the last day of sun."""
    desk = classic(**{MONITOR: asleep()})
    told = []
    for hours, bought in ((12, 0.4), (16, 8.4)):
        desk.script.answers[MONITOR] = behind_a_sleeper(bought, eday=eday)
        desk.clock.at = DUSK + timedelta(hours=hours)
        told.append(reading(desk.fetch()).energy.today.import_kwh)
    assert told == [0.4, 8.4]


def test_the_classic_day_is_that_of_the_inverters_that_are_awake():
    morning = DUSK + timedelta(hours=16)
    awake = entry("A", at=morning, eday=0.4, status=1)
    desk = classic(**{MONITOR: asleep(awake, entry("B"), kpi={"power": 3.9})})
    desk.clock.at = morning
    found = reading(desk.fetch())
    assert found.energy.today.pv_kwh == 0.4
    assert [it.today_kwh for it in found.inverters] == [0.4, None]


def plus(**parts):
    told = {"*/telecounting": factors(proPvStatsToday="3.5", proPvStatsTotal="900")}
    devices = [device("INVERTER", "INV", status=0), device("SMART_METER", "MET")]
    night = {
        "*/stations/flow": flow(refreshTime="2026-02-01T05:00:00", pSystem=0, pGrid=-1),
        "*/device/all-status": ok({"deviceDetailList": devices}),
    }
    return Desk(plus_portal(**(told | night | parts)), dark=dark)


@pytest.mark.parametrize("statistics", [{"dataList": []}, {"dataList": None}])
def test_a_semsplus_night_does_not_take_the_counters_of_yesterday_for_today(
    tmp_path, statistics
):
    desk = plus(**{"*/stations/statistics": ok(statistics)})
    desk.clock.at = datetime(2026, 2, 1, 4, 0, tzinfo=UTC)
    found = reading(desk.fetch())
    assert (found.energy.today.pv_kwh, found.inverters[0].today_kwh) == (0.0, 0.0)
    with History(tmp_path / HISTORY) as history:
        history.add(found)
        (day,) = history.reader.days(STATION, date(2026, 2, 1), date(2026, 2, 1))
        assert day.sums.pv_kwh == 0.0


@pytest.mark.parametrize(("made", "midnight_h"), [(plus, 23), (classic, 22)])
def test_the_hold_around_midnight_is_marked(made, midnight_h):
    desk = made()
    start = datetime(2026, 1, 31, midnight_h - 1, 50, tzinfo=UTC)
    for minutes, old in ((0, False), (7, False), (9, True), (29, True), (31, False)):
        desk.clock.at = start + timedelta(minutes=minutes)
        assert ("energy" in reading(desk.fetch()).stale) is old
