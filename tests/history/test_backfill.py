"""Fetching steps of the past: a disk that is full, and days without energy."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, date, datetime, timedelta

import pytest

from sems_tray.domain.energy import (
    CurveStep,
    DayTotals,
    MonthStep,
    Period,
    PeriodStatistics,
    PeriodTotals,
    YearStep,
    days_between,
    month_end,
)
from sems_tray.domain.model import EnergySums, Station
from sems_tray.history.backfill import Backfill, fetch_and_store
from sems_tray.history.plan import PastPart, pause_after
from sems_tray.history.recorder import HistoryRecorder
from sems_tray.storage.history.database import HistoryWriteError
from sems_tray.storage.paths import HISTORY
from sems_tray.window.transfer.view_model import past_words
from tests.kit.clock import Clock
from tests.kit.history_data import (
    HOME,
    NOON,
    ZONE,
    ZONE_NAME,
    filled,
    point,
    reading,
)

STATION = Station(id=HOME, name="Home", timezone=ZONE_NAME)


@pytest.fixture
def clock():
    return Clock(NOON)


@pytest.fixture
def recorder(tmp_path, clock):
    with closing(HistoryRecorder(tmp_path / HISTORY, now=clock)) as made:
        yield made


class Full:
    """A portal that counts what it is asked for."""

    def __init__(self):
        self.asked = 0

    def day_curve(self, day):
        self.asked += 1
        return (point(datetime(day.year, day.month, day.day, 12, tzinfo=UTC)),)

    def income(self, day):
        raise AssertionError(day)

    def month(self, first):
        self.asked += 1
        return PeriodStatistics(days=(DayTotals(day=first, sums=EnergySums(pv_kwh=1)),))

    def year(self, year):
        self.asked += 1
        return PeriodStatistics()


@pytest.fixture
def full(recorder, clock):
    recorder.record_reading(reading(NOON))
    filled(recorder.history, 300)
    recorder._save_backfill_state(STATION, first="2026-06-01")
    con = recorder.history.con
    assert con is not None
    pages = con.execute("PRAGMA page_count").fetchone()[0]
    con.execute(f"PRAGMA max_page_count={pages}")
    while recorder.history.add(reading(clock.at)):
        clock.at += timedelta(minutes=1)
    return recorder


@pytest.mark.parametrize(
    "step", [CurveStep(date(2026, 6, 1)), MonthStep(date(2026, 6, 1))]
)
def test_nothing_is_fetched_that_cannot_be_kept(full, step):
    portal = Full()
    with pytest.raises(HistoryWriteError, match="the disk is full"):
        fetch_and_store(full, portal, STATION, step)
    assert portal.asked == 0


def test_the_way_back_waits_for_room_on_the_disk_and_says_so(full):
    portal = Full()
    progress = Backfill(full, STATION).step(portal)
    assert portal.asked == 0
    assert not progress.finished
    wait = pause_after(progress, timedelta(seconds=5))
    assert wait == timedelta(minutes=5)
    said = past_words(progress, wanted=True, wait=wait)
    assert "the disk is full" in said
    assert said.endswith("Goes on in 5 min.")


def zeros(*days):
    nothing = EnergySums(pv_kwh=0.0)
    return tuple(DayTotals(day=it, sums=nothing, final=True) for it in days)


class Snow(Full):
    """A roof under snow from the first of March on."""

    def month(self, first):
        days = (DayTotals(day=date(2026, 3, 3), sums=EnergySums(pv_kwh=2), final=True),)
        return PeriodStatistics(
            days=days, zeros=zeros(date(2026, 3, 1), date(2026, 3, 2))
        )


def test_days_without_energy_are_true_only_once_the_station_was_there(recorder):
    march = MonthStep(date(2026, 3, 1))
    span = (HOME, date(2026, 3, 1), date(2026, 3, 31))
    fetch_and_store(recorder, Snow(), STATION, march)
    assert [it.day.day for it in recorder.reader.days(*span)] == [3]
    recorder.history.put_day(HOME, date(2026, 2, 20), EnergySums(pv_kwh=5))
    fetch_and_store(recorder, Snow(), STATION, march)
    assert [it.day.day for it in recorder.reader.days(*span)] == [1, 2, 3]


class Young(Full):
    """The portal of a station that was built on the 12th of May."""

    def __init__(self):
        super().__init__()
        self.curves = []

    def day_curve(self, day):
        self.curves.append(day)
        return super().day_curve(day)

    def month(self, first):
        days = days_between(max(first, date(2026, 5, 12)), month_end(first))
        some = EnergySums(pv_kwh=1.0)
        return PeriodStatistics(
            days=tuple(DayTotals(day=it, sums=some, final=True) for it in days)
        )

    def year(self, year):
        keys = ("2026-05", "2026-06") if year == 2026 else ()
        some = EnergySums(pv_kwh=30.0)
        return PeriodStatistics(
            months=tuple(PeriodTotals(key=it, sums=some, final=True) for it in keys)
        )


def test_of_an_old_wish_only_what_was_lived_is_fetched(recorder):
    """Ten years are wanted, and the station is forty days old."""
    portal = Young()
    part = PastPart(first=date(2016, 1, 1), last=NOON.date())
    walk = Backfill(recorder, STATION, part)
    while not walk.step(portal).finished:
        assert len(portal.curves) < 50
    lived = date(2026, 5, 12), NOON.date()
    assert sorted(portal.curves) == list(days_between(*lived))
    assert all(recorder.reader.day(HOME, day, ZONE) for day in portal.curves)
    assert (
        recorder.reader.gaps(HOME, lived[0], lived[1] - timedelta(days=1), ZONE) == ()
    )


class PolarNight(Full):
    """A roof without a meter at 69 degrees north."""

    def month(self, first):
        days = zeros(*days_between(first, month_end(first)))
        nothing = EnergySums(pv_kwh=0.0)
        month = PeriodTotals(key=Period.MONTH.key(first), sums=nothing, final=True)
        return PeriodStatistics(zeros=days, zero_months=(month,))

    def year(self, year):
        (first,) = self.month(date(year, 1, 1)).zero_months
        some = EnergySums(pv_kwh=40.0)
        later = PeriodTotals(key=f"{year}-03", sums=some, final=True)
        return PeriodStatistics(months=(later,), zero_months=(first,))


def test_a_month_of_polar_night_is_0_once_the_station_was_there(recorder):
    january = MonthStep(date(2026, 1, 1))

    def held():
        months = recorder.reader.periods(HOME, Period.MONTH, "2026-01", "2026-01")
        days = recorder.reader.days(HOME, date(2026, 1, 1), date(2026, 1, 31))
        return [(it.sums.pv_kwh, it.final) for it in months] + [
            (it.sums.pv_kwh, it.final) for it in days
        ]

    fetch_and_store(recorder, PolarNight(), STATION, january)
    fetch_and_store(recorder, PolarNight(), STATION, YearStep(2026))
    assert held() == []
    made = EnergySums(pv_kwh=300.0)
    recorder.history.put_period(HOME, Period.MONTH, "2025-09", made)
    fetch_and_store(recorder, PolarNight(), STATION, YearStep(2026))
    assert held() == [(0.0, True)]
    fetch_and_store(recorder, PolarNight(), STATION, january)
    assert held() == [(0.0, True)] * 32
