import math
from datetime import UTC, date, datetime, time, timedelta, timezone

import pytest

from sems_tray.domain.energy import DayTotals, PeriodTotals, days_between
from sems_tray.domain.model import CurvePoint, EnergySums, Powers, Tariffs
from sems_tray.domain.statistics import (
    Savings,
    added,
    best_day,
    best_month,
    month_of,
    months_of,
    savings,
    self_sufficiency,
    so_far_last_year,
    usual_charge,
    usual_power,
    working_days,
    year_of,
)

JUNE = date(2026, 6, 1)
NOON = datetime(2026, 6, 21, 12, tzinfo=UTC)


def totals(day, pv_kwh=1.0, **more):
    return DayTotals(day=day, sums=EnergySums(pv_kwh=pv_kwh, **more))


def june(*skipped):
    days = days_between(JUNE, date(2026, 6, 30))
    return [totals(day, day.day) for day in days if day.day not in skipped]


@pytest.mark.parametrize(
    ("days", "until", "kwh", "known_days", "all_days"),
    [
        ([*june(), totals(date(2026, 7, 1), 99)], None, 465, 30, 30),
        (june(5, 6), None, 454, 28, 30),
        (june(*range(11, 31)), None, 55, 10, 30),
        (june(*range(11, 31)), date(2026, 6, 10), 55, 10, 10),
        ([], None, None, 0, 30),
    ],
)
def test_a_month_is_the_sum_of_its_days(days, until, kwh, known_days, all_days):
    found = month_of(days, (), JUNE, until)
    assert found.sums == EnergySums(pv_kwh=kwh)
    assert (found.known_days, found.all_days) == (known_days, all_days)
    assert found.partial is (known_days < all_days)


def test_an_income_that_lacks_finished_days_is_unknown():
    """The portal told the month's energies once, and only some days' income."""
    paid = [
        DayTotals(
            day=it.day,
            sums=EnergySums(pv_kwh=it.day.day, income=2.0 if it.day.day > 16 else None),
            final=True,
        )
        for it in june()
    ]
    whole = PeriodTotals(key="2026-06", sums=EnergySums(pv_kwh=465.0), final=True)
    found = month_of(paid, (whole,), JUNE)
    assert (found.sums.pv_kwh, found.sums.income, found.partial) == (465.0, None, False)
    assert month_of(paid[16:], (), JUNE).sums.income == 28.0  # and said to be partial
    dark = DayTotals(day=JUNE, sums=EnergySums(pv_kwh=0.0), final=True)
    today = totals(date(2026, 6, 30), 0.2)  # of which more will come
    assert month_of([dark, *paid[16:-1], today], (), JUNE).sums.income == 26.0


def test_the_portals_month_counts_for_what_it_knows():
    portal = PeriodTotals(key="2026-06", sums=EnergySums(pv_kwh=500), final=True)
    days = [totals(JUNE, 1, load_kwh=7)]
    found = month_of(days, (portal,), JUNE)
    assert (found.sums.pv_kwh, found.sums.load_kwh) == (500, 7)
    assert not found.partial


def test_a_months_live_counter_knows_of_days_nobody_saw():
    live = PeriodTotals(key="2026-06", sums=EnergySums(pv_kwh=400))
    assert month_of(june(5, 6), (live,), JUNE).sums.pv_kwh == 465 - 11
    assert month_of(june(29, 30), (live,), JUNE).sums.pv_kwh == 406
    found = month_of([totals(JUNE, 3)], (live,), JUNE)
    assert (found.sums.pv_kwh, found.partial) == (400, True)


def test_a_year_is_the_portals_or_the_sum_of_its_months():
    may = PeriodTotals(key="2026-05", sums=EnergySums(pv_kwh=300), final=True)
    found = year_of(june(), (may,), (), 2026, until=date(2026, 6, 30))
    assert found.sums.pv_kwh == 765
    assert (found.known_days, found.all_days) == (61, 181)
    whole = PeriodTotals(key="2026", sums=EnergySums(pv_kwh=5000), final=True)
    assert year_of(june(), (may,), (whole,), 2026).sums.pv_kwh == 5000


def test_the_best_day_and_month_are_the_first_of_equals():
    days = [totals(JUNE, 5), totals(date(2026, 6, 3), 9), totals(date(2026, 7, 3), 9)]
    assert best_day([*days, DayTotals(day=date(2026, 6, 9))]) == days[1]
    months = months_of(days, (PeriodTotals(key="2025-01"),))
    assert [it.first for it in months] == [date(2025, 1, 1), JUNE, date(2026, 7, 1)]
    assert best_month(months) == months[1]
    assert (best_day(()), best_month(())) == (None, None)


def test_the_same_month_last_year_goes_as_far_as_this_one():
    assert so_far_last_year(june(), date(2027, 6, 10)).sums.pv_kwh == 55
    assert so_far_last_year((), date(2028, 2, 29)).last == date(2027, 2, 28)


@pytest.mark.parametrize(
    ("load", "bought", "share"),
    [
        (10, 2.5, 0.75),
        (10, 0, 1),
        (10, 12, 0),
        (10, -1, 1),
        (0, 0, None),
        (None, 1, None),
        (10, None, None),
    ],
)
def test_self_sufficiency_is_the_share_not_bought(load, bought, share):
    assert self_sufficiency(EnergySums(load_kwh=load, import_kwh=bought)) == share


def test_savings_follow_two_tariffs_where_the_portal_has_no_figure():
    sums = EnergySums(load_kwh=10, import_kwh=4, export_kwh=20)
    tariffs = Tariffs(import_price=0.3, export_price=0.1, currency="EUR")
    found = savings(sums, tariffs)
    assert found.saved == pytest.approx(1.8)
    assert found.earned == pytest.approx(2)
    assert found.total == pytest.approx(3.8)
    half = savings(sums, Tariffs(import_price=0.3))
    assert (half.earned, half.total) == (None, None)
    own = savings(EnergySums(self_use_kwh=5), tariffs)
    assert own.saved == pytest.approx(1.5)
    said = EnergySums(load_kwh=10, import_kwh=4, income=9, currency="SEK")
    assert savings(said, tariffs) == Savings(total=9, currency="SEK")


def test_money_of_two_currencies_is_not_added():
    rows = [EnergySums(income=1, currency=it) for it in ("EUR", "SEK")]
    assert added(rows).income is None
    assert added([rows[0], rows[0], EnergySums(pv_kwh=1)]).income == 2


def elevation(at):
    return 60 * math.sin((at.hour * 60 + at.minute - 360) / 1440 * 2 * math.pi)


def test_usual_power_is_known_by_the_height_of_the_sun():
    minutes = [NOON + timedelta(minutes=n) for n in range(1440 * 3)]
    points = [
        CurvePoint(
            at=at,
            power=Powers(pv_w=max(elevation(at), 0) * 100 * (1 + at.minute % 10 / 10)),
        )
        for at in minutes
    ]
    usual = usual_power([*points, CurvePoint(at=NOON)], elevation)
    found = usual.at_or_below(51)
    assert found is not None
    assert found.low_w == pytest.approx(5125 * 1.05, rel=0.05)
    assert found.middle_w == pytest.approx(5125 * 1.45, rel=0.05)
    assert found.high_w == pytest.approx(5125 * 1.8, rel=0.05)
    assert usual_power(points[:5], elevation).at_or_below(59) is None


def sunny(day, share=1.0):
    """Return a day's curve; a share of what is clear."""
    start = datetime.combine(day, time(), UTC)
    times = [start + timedelta(minutes=15 * n) for n in range(96)]
    return [
        CurvePoint(at=at, power=Powers(pv_w=max(elevation(at), 0) * 80 * share))
        for at in times
    ]


def two_months(dead=(), dull=()):
    shares = {**dict.fromkeys(dead, 0.0), **dict.fromkeys(dull, 0.04)}
    days = days_between(JUNE, date(2026, 7, 30))
    return [it for day in days for it in sunny(day, shares.get(day, 1.0))]


def test_days_of_an_outage_teach_nothing():
    dead = tuple(days_between(date(2026, 7, 1), date(2026, 7, 21)))
    points = two_months(dead=dead)
    assert usual_power(points, elevation).bins[16].low_w == 0
    usual = usual_power(working_days(points, elevation, UTC), elevation)
    assert usual == usual_power(
        [it for it in points if it.at.date() not in dead], elevation
    )
    assert usual.bins[16].low_w > 3000


def test_the_dullest_days_teach_what_may_be_and_dead_ones_alone_that_it_is_nothing():
    dull = days_between(date(2026, 7, 1), date(2026, 7, 12))
    usual = usual_power(working_days(two_months(dull=dull), elevation, UTC), elevation)
    assert usual.bins[16].low_w < 200
    days = days_between(JUNE, date(2026, 7, 30))
    usual = usual_power(working_days(two_months(days), elevation, UTC), elevation)
    assert usual.bins[16].high_w == 0


def test_a_higher_sun_gives_no_less_than_what_is_known_below():
    usual = usual_power(two_months(), elevation)
    assert usual.at_or_below(75) == usual.bins[max(usual.bins)]
    assert usual.at_or_below(-5) is None


def test_the_usual_charge_is_that_of_the_stations_hour():
    where = timezone(timedelta(hours=2))
    points = [
        CurvePoint(at=NOON + timedelta(hours=n), soc_percent=10.0 + n % 24)
        for n in range(24 * 70)
    ]
    found = usual_charge(points, where)
    assert (found[14], found[15]) == (10, 11)
    assert 14 not in usual_charge(points[:100], where)
    odd = [*points[:-24], CurvePoint(at=points[-24].at, soc_percent=0.0)]
    assert usual_charge(odd, where)[14] == pytest.approx(10, abs=5)
