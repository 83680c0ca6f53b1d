"""Totals of the past from a portal that misbehaves half-way."""

from datetime import date, timedelta

import pytest

from sems_tray.domain.energy import PeriodStatistics
from sems_tray.domain.model import Dialect
from sems_tray.domain.poll_result import Trouble
from sems_tray.portal.http.transport import Reply
from tests.portal.books import agrees, month_of
from tests.portal.scripted import (
    EXPIRED,
    PLUS_LOGIN,
    Desk,
    classic_portal,
    plus_login,
    plus_portal,
)
from tests.portal.totals import MAY, PRODUCTION, PV, STATISTICS, chart, may, statistics

PLUS, CLASSIC = Dialect
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
