"""Totals of the past from a portal that misbehaves half-way."""

from datetime import date, timedelta

import pytest

from sems_tray.domain.energy import PeriodStatistics
from sems_tray.domain.model import Dialect
from sems_tray.domain.poll_result import PollFailed, Trouble
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

BOTH = pytest.mark.parametrize("dialect", Dialect)
PLUS, CLASSIC = Dialect
CHART = "/v2/Charts/GetChartByPlant"


@pytest.mark.parametrize("path", ["/stations/statistics", "/stations/production"])
@pytest.mark.parametrize("how", ["throttle", "429"])
def test_a_pause_asked_for_half_way_stops_all(start, path, how):
    sim, client, _ = start("day", PLUS)
    for ask in (lambda: client.month(date(2026, 3, 1)), lambda: client.year(2025)):
        sim.fail(path, how)
        failed = ask()
        assert isinstance(failed, PollFailed)
        assert failed.trouble is Trouble.THROTTLED
        assert failed.retry_after is not None
        assert failed.retry_after > timedelta(0)
        sim.heal()
        assert isinstance(ask(), PeriodStatistics)


@BOTH
@pytest.mark.parametrize("times", [1, 2])
def test_a_token_that_expires_half_way_is_renewed(start, dialect, times):
    sim, client, _ = start("day", dialect)
    client.day_curve(date(2026, 4, 20))
    whole = client.month(date(2026, 3, 1)), client.year(2025)
    path = "/stations/production" if dialect is PLUS else CHART
    sim.fail(path, "expired", times=times)
    signed = sim.sign_ins
    found = client.month(date(2026, 3, 1))
    assert sim.sign_ins == signed + 1
    if times == 1:
        assert found == whole[0]
    elif dialect is PLUS:  # it never got the income; the energies are there
        assert found.days == whole[0].days
        assert found.months[0].sums.income is None
    else:
        assert found.trouble is Trouble.SIGN_IN
    sim.heal()
    assert client.year(2025) == whole[1]


@pytest.mark.parametrize("how", ["500", "404", "empty-data", "broken-json", "P0214"])
def test_without_production_only_the_income_is_unknown(start, how):
    sim, client, _ = start("day", PLUS)
    sim.fail("/stations/production", how)
    first, last = month_of(2026, 3)
    month, year = client.month(first), client.year(2025)
    for whole in (month.months[0], year.years[0]):
        assert (whole.sums.income, whole.sums.currency) == (None, None)
    agrees(month.months[0].sums, sim, first, last)
    assert len(month.days) == 31


@BOTH
@pytest.mark.parametrize(
    ("how", "trouble"),
    [
        ("500", Trouble.UNREACHABLE),
        ("broken-json", Trouble.UNREADABLE),
        ("100025", Trouble.NO_STATION),
    ],
)
def test_totals_that_could_not_be_had_are_a_failure(start, dialect, how, trouble):
    sim, client, _ = start("day", dialect)
    sim.fail("/stations/statistics" if dialect is PLUS else CHART, how)
    assert client.month(date(2026, 3, 1)).trouble is trouble
    assert client.year(2025).trouble is trouble


def test_classic_totals_whose_path_is_gone(start):
    sim, client, _ = start("day", CLASSIC)
    sim.fail(CHART, "404")
    assert client.month(date(2026, 3, 1)).trouble is Trouble.PORTAL_CHANGED
    assert client.year(2025).trouble is Trouble.PORTAL_CHANGED


@pytest.mark.parametrize("how", ["404", "null-data"])
def test_a_classic_curve_comes_from_the_older_path(start, how):
    sim, client, _ = start("day", CLASSIC)
    sim.fail("/GetPlantPowerChart", how)
    day = date(2026, 4, 20)
    points = client.day_curve(day)
    assert len(points) == 288
    books = dict(sim.books.minutes(day))
    for it in points:
        assert it.power.pv_w == pytest.approx(books[it.at].pv_w, abs=1)
        assert it.power.load_w is None
    sim.fail("/GetPowerStationPacByDayForApp", "empty-data")
    assert client.day_curve(day) == ()
    sim.fail("/GetPowerStationPacByDayForApp", "404")
    if how == "404":
        assert client.day_curve(day).trouble is Trouble.PORTAL_CHANGED
    else:
        assert client.day_curve(day) == ()


@pytest.mark.parametrize("refusing", [STATISTICS, PRODUCTION])
def test_a_dialect_that_changes_half_way_is_asked_anew(refusing):
    bars = chart(PVGeneration=may([3.0] * 31))
    parts = {
        STATISTICS: statistics(**{PV: may([1.0] * 31)}),
        PLUS_LOGIN: [plus_login(), Reply(status=404, body=b"")],
        refusing: EXPIRED,
        "*/GetChartByPlant": bars,
    }
    desk = Desk(classic_portal() | plus_portal() | parts, dialect=None)
    past = desk.client.month(MAY)
    assert isinstance(past, PeriodStatistics)
    assert past.months[0].sums.pv_kwh == 93.0
    assert desk.script.sign_ins == 3  # the second, on SEMS+, was in vain
