"""Totals of the past, from the simulator: by its own books, and when it misbehaves."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from sems_tray.domain.energy import PeriodStatistics
from sems_tray.domain.model import Dialect
from sems_tray.domain.poll_result import Trouble
from sems_tray.portal.http.transport import Reply
from tests.portal.books import agrees, all_days, month_of, unsettled
from tests.portal.scripted import (
    EXPIRED,
    PLUS_LOGIN,
    Desk,
    classic_portal,
    plus_login,
    plus_portal,
)
from tests.portal.totals import MAY, PRODUCTION, PV, STATISTICS, chart, may, statistics

BOTH = pytest.mark.parametrize("dialect", Dialect)
PLUS, CLASSIC = Dialect


@BOTH
@pytest.mark.parametrize("scenario", ["day", "pv-only", "night"])
@pytest.mark.parametrize("month", [(2026, 4), (2026, 1), (2025, 9)])
def test_a_months_days_are_those_of_the_books(start, dialect, scenario, month):
    sim, client, _ = start(scenario, dialect)
    first, last = month_of(*month)
    past = client.month(first)
    all_days(past, sim, first, last)
    (whole,) = past.months
    assert whole.key == first.isoformat()[:7]
    agrees(whole.sums, sim, first, last)
    assert whole.sums.income > 0
    assert whole.sums.currency == "EUR"
    assert whole.final == (last < unsettled(sim))
    assert past.years == ()


@BOTH
@pytest.mark.parametrize("scenario", ["day", "pv-only"])
@pytest.mark.parametrize("year", [2025, 2026])
def test_a_years_months_are_those_of_the_books(start, dialect, scenario, year):
    sim, client, _ = start(scenario, dialect)
    past = client.year(year)
    site = sim.books.site()
    began, today = site.ledger.first_day, site.today(sim.now())
    spans = [month_of(year, n) for n in range(1, 13)]
    months = [it for it in spans if it[1] >= began and it[0] <= today]
    assert [it.key for it in past.months] == [a.isoformat()[:7] for a, _ in months]
    for (first, last), it in zip(months, past.months, strict=True):
        agrees(it.sums, sim, first, last)
        assert it.final == (last < today)
    (whole,) = past.years
    agrees(whole.sums, sim, date(year, 1, 1), date(year, 12, 31))
    assert (whole.key, whole.final) == (str(year), year < 2026)
    assert whole.sums.income > 0
    assert past.days == ()


@BOTH
def test_every_station_with_and_without_battery_meter_and_tariff(start, dialect):
    sim, client, _ = start("multi", dialect)
    first, last = month_of(2026, 4)
    for station in sim.books.station_ids:
        client.choose(station)
        past, year = client.month(first), client.year(2026)
        all_days(past, sim, first, last, station)
        agrees(year.years[0].sums, sim, date(2026, 1, 1), last, station=station)
        tariff = sim.books.site(station).spec.tariff
        for it in (*past.days, *past.months, *year.months, *year.years):
            assert tariff or it.sums.income is None
        assert not tariff or year.years[0].sums.income is not None


@BOTH
def test_a_station_that_was_built_in_mid_month(start, dialect):
    sim, client, _ = start("pv-only", dialect)
    first, last = month_of(2024, 12)
    assert first < sim.books.site().ledger.first_day < last
    past = client.month(first)
    all_days(past, sim, first, last)
    (whole,) = past.months
    if dialect is CLASSIC:  # bars of 0 before: the sum is whole
        agrees(whole.sums, sim, first, last)
    else:  # no rows before: a sum of what is there might be too little
        assert whole.sums.pv_kwh is None
        assert whole.sums.income > 0
    year = client.year(2024)
    assert [it.key for it in year.months] == ["2024-12"]
    agrees(year.months[0].sums, sim, first, last)
    agrees(year.years[0].sums, sim, first, last)


def believed(past):
    """Return the past without the zeros that may be of no station at all."""
    return replace(past, zeros=(), zero_months=())


@BOTH
def test_of_the_time_before_the_station_and_after_today_nothing_is_known(
    start, dialect
):
    sim, client, _ = start("day", dialect)
    for month in (date(2025, 8, 1), date(1995, 1, 1)):
        assert believed(client.month(month)) == PeriodStatistics()
    for year in (2024, 1990):
        assert believed(client.year(year)) == PeriodStatistics()
    asked = len(sim.requests)  # what follows is not even asked for
    for month in (date(2026, 5, 1), date(9999, 12, 31), date(1, 1, 1)):
        assert client.month(month) == PeriodStatistics()
    for year in (2027, 9999, 10_000, 1, 0, -5):
        assert client.year(year) == PeriodStatistics()
    assert len(sim.requests) == asked


@pytest.mark.parametrize(("dialect", "month", "year"), [(PLUS, 2, 3), (CLASSIC, 1, 1)])
def test_few_requests_are_made_and_counted(start, dialect, month, year):
    sim, client, _ = start("day", dialect)
    client.day_curve(date(2026, 4, 20))
    before = len(sim.requests)
    client.month(date(2026, 3, 1))
    assert len(sim.requests) - before == month
    client.year(2026)
    assert len(sim.requests) - before == month + year
    sim.fail("", "500")
    assert client.month(date(2026, 3, 1)).requests_today == len(sim.requests)


# A year's end on both sides of the date line: local midnight, in UTC.
NEW_YEARS = {
    "Pacific/Auckland": datetime(2026, 12, 31, 11, tzinfo=UTC),
    "Pacific/Honolulu": datetime(2027, 1, 1, 10, tzinfo=UTC),
}


@BOTH
@pytest.mark.parametrize("place", NEW_YEARS)
@pytest.mark.parametrize(
    ("minutes", "final"),
    # Around midnight "today" may already be 0, and yesterday's comes back twice.
    [(-30, False), (-1, None), (5, None), (30, False), (61, True)],
)
def test_a_year_is_final_an_hour_after_its_end_where_the_station_is(
    start, dialect, place, minutes, final
):
    sim, client, clock = start("day", dialect, place=place)
    clock.at = NEW_YEARS[place] + timedelta(minutes=minutes)
    first, last = month_of(2026, 12)
    month, year = client.month(first), client.year(2026)
    found = [it for it in month.days if it.day == last]
    found += [*month.months, *year.years]
    assert [it.final for it in found] == ([] if final is None else [final] * 3)
    if final:
        agrees(year.years[0].sums, sim, date(2026, 1, 1), last)
        january = client.month(date(2027, 1, 1)).days
        assert [(it.day, it.final) for it in january] in (
            [],
            [(date(2027, 1, 1), False)],
        )


CHART = "/v2/Charts/GetChartByPlant"
MARCH, DAY = date(2026, 3, 1), date(2026, 4, 20)


@pytest.mark.parametrize("path", ["/stations/statistics", "/stations/production"])
@pytest.mark.parametrize("how", ["throttle", "429"])
def test_a_pause_asked_for_half_way_stops_all(start, path, how):
    sim, client, _ = start("day", PLUS)
    for ask in (lambda: client.month(MARCH), lambda: client.year(2025)):
        sim.fail(path, how)
        failed = ask()
        assert failed.trouble is Trouble.THROTTLED
        assert failed.retry_after > timedelta(0)
        sim.heal()
        assert isinstance(ask(), PeriodStatistics)


@pytest.mark.parametrize(
    ("dialect", "path"), [(PLUS, "/stations/production"), (CLASSIC, CHART)]
)
@pytest.mark.parametrize("times", [1, 2])
def test_a_token_that_expires_half_way_is_renewed(start, dialect, path, times):
    sim, client, _ = start("day", dialect)
    client.day_curve(DAY)
    whole = client.month(MARCH)
    sim.fail(path, "expired", times=times)
    signed = sim.sign_ins
    found = client.month(MARCH)
    assert sim.sign_ins == signed + 1
    if times == 1:
        assert found == whole
    elif dialect is PLUS:  # it never got the income; the energies are there
        assert found.days == whole.days
        assert found.months[0].sums.income is None
    else:
        assert found.trouble is Trouble.SIGN_IN
    sim.heal()
    assert client.month(MARCH) == whole


@pytest.mark.parametrize("how", ["500", "404", "empty-data", "P0214"])
def test_without_production_only_the_income_is_unknown(start, how):
    sim, client, _ = start("day", PLUS)
    sim.fail("/stations/production", how)
    first, last = month_of(2026, 3)
    month, year = client.month(first), client.year(2025)
    for whole in (month.months[0], year.years[0]):
        assert (whole.sums.income, whole.sums.currency) == (None, None)
    agrees(month.months[0].sums, sim, first, last)
    assert len(month.days) == 31


@pytest.mark.parametrize(
    ("dialect", "path", "how", "trouble"),
    [
        (PLUS, "/stations/statistics", "500", Trouble.UNREACHABLE),
        (PLUS, "/stations/statistics", "broken-json", Trouble.UNREADABLE),
        (CLASSIC, CHART, "500", Trouble.UNREACHABLE),
        (CLASSIC, CHART, "broken-json", Trouble.UNREADABLE),
        (CLASSIC, CHART, "404", Trouble.PORTAL_CHANGED),
    ],
)
def test_totals_that_could_not_be_had_are_a_failure(start, dialect, path, how, trouble):
    sim, client, _ = start("day", dialect)
    sim.fail(path, how)
    assert client.month(MARCH).trouble is trouble
    assert client.year(2025).trouble is trouble


@pytest.mark.parametrize("how", ["404", "null-data"])
def test_a_classic_curve_comes_from_the_older_path(start, how):
    sim, client, _ = start("day", CLASSIC)
    sim.fail("/GetPlantPowerChart", how)
    points = client.day_curve(DAY)
    assert len(points) == 288
    books = dict(sim.books.minutes(DAY))
    for it in points:
        assert it.power.pv_w == pytest.approx(books[it.at].pv_w, abs=1)
        assert it.power.load_w is None
    sim.fail("/GetPowerStationPacByDayForApp", "empty-data")
    assert client.day_curve(DAY) == ()
    sim.fail("/GetPowerStationPacByDayForApp", "404")
    if how == "404":
        assert client.day_curve(DAY).trouble is Trouble.PORTAL_CHANGED
    else:
        assert client.day_curve(DAY) == ()


@pytest.mark.parametrize("refusing", [STATISTICS, PRODUCTION])
def test_a_dialect_that_changes_half_way_is_asked_anew(refusing):
    parts = {
        STATISTICS: statistics(**{PV: may([1.0] * 31)}),
        PLUS_LOGIN: [plus_login(), Reply(status=404, body=b"")],
        refusing: EXPIRED,
        "*/GetChartByPlant": chart(PVGeneration=may([3.0] * 31)),
    }
    desk = Desk(classic_portal() | plus_portal() | parts, dialect=None)
    past = desk.client.month(MAY)
    assert isinstance(past, PeriodStatistics)
    assert past.months[0].sums.pv_kwh == 93.0
    assert desk.script.sign_ins == 3  # the second, on SEMS+, was in vain
