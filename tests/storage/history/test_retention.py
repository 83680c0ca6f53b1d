from datetime import timedelta

import pytest

from sems_tray.domain.model import EnergySums
from sems_tray.storage.history.reader import HistoryReader
from sems_tray.storage.history.store import History
from sems_tray.storage.paths import HISTORY
from tests.kit.history_data import (
    EVER,
    HOME,
    MINUTE,
    NOON,
    inverter,
    minutes_of,
    point,
    reading,
)

OLD = NOON - timedelta(days=500)
DAY_MIN = 24 * 60


@pytest.fixture
def history(tmp_path):
    with History(tmp_path / HISTORY, now=lambda: NOON) as opened:
        yield opened


def rows_of(history):
    return list(history.reader.iter_rows(HOME, *EVER))


def lived(history, start, minutes):
    history.add_curve(HOME, [point(start + MINUTE * n, n) for n in range(minutes)])


def test_old_minutes_become_quarter_hours_and_new_ones_stay(history):
    lived(history, OLD, 60)
    lived(history, NOON, 60)
    assert history.thin() == 56
    rows = rows_of(history)
    assert [(it.span_min, it.power.pv_w) for it in rows[:4]] == [
        (15, 7),
        (15, 22),
        (15, 37),
        (15, 52),
    ]
    assert [it.span_min for it in rows[4:]] == [1] * 60
    assert history.thin() == 0


def test_means_are_of_what_is_known(history):
    parts = ((100, None, 10.0), (None, 40, 20.0), (300, 60, None))
    for n, (pv_w, inverter_w, heat) in enumerate(parts):
        history.add(
            reading(
                OLD + MINUTE * n,
                pv_w=pv_w,
                load_w=None,
                inverters=(inverter("A", inverter_w, heat),),
            )
        )
    lived(history, NOON, 1)
    history.thin()
    row = rows_of(history)[0]
    assert row.power.pv_w == 200
    assert row.power.load_w is None
    assert (row.inverters[0].power_w, row.inverters[0].temperature_c) == (50, 15)


def test_what_comes_late_for_thinned_days_joins_their_means(history):
    lived(history, OLD, 10)
    lived(history, NOON, 1)
    history.thin()
    points = [point(OLD + MINUTE * n, 100 + n, load_w=n) for n in range(30)]
    history.add_curve(HOME, points)
    history.add_curve(HOME, points)
    rows = rows_of(history)[:2]
    assert [it.span_min for it in rows] == [15, 15]
    assert [it.at - OLD for it in rows] == [0 * MINUTE, 15 * MINUTE]
    assert [it.power.load_w for it in rows] == [7, 22]
    assert rows[1].power.pv_w == 122


def test_it_can_be_stopped_after_any_day_and_goes_on(history):
    for n in range(6):
        lived(history, OLD + timedelta(days=2 * n), 30)
    lived(history, NOON, 1)
    rounds = 0
    while True:
        asked = iter((False, True, True))
        if history.thin(lambda asked=asked: next(asked)) == 0:
            break
        rounds += 1
        assert len(minutes_of(history.reader)) == 6 * 30 + 1 - 28 * rounds
    assert rounds == 6


@pytest.mark.parametrize(("year", "gone"), [(2040, 56), (2010, 0)])
def test_a_clock_years_off_thins_nothing_new(tmp_path, year, gone):
    with History(tmp_path / HISTORY, now=lambda: NOON.replace(year=year)) as history:
        lived(history, OLD, 60)
        lived(history, NOON, 60)
        assert history.thin() == gone
        history.add(reading(NOON - MINUTE))
        assert len(rows_of(history)) == 121 - gone


def test_thinning_gives_the_disk_back_and_readers_go_on(tmp_path):
    path = tmp_path / HISTORY
    with History(path, now=lambda: NOON) as history:
        for n in range(40):
            lived(history, OLD - timedelta(days=n), DAY_MIN)
        lived(history, NOON, 1)
        history.put_day(HOME, OLD.date(), EnergySums(pv_kwh=5))
    before = path.stat().st_size
    with History(path, now=lambda: NOON) as history, HistoryReader(path) as reader:
        seen = reader.iter_rows(HOME, *EVER)
        first = next(seen)
        history.thin()
        assert sum(1 for _ in seen) > 96
        assert first.span_min == 1
        assert len(minutes_of(reader)) == pytest.approx(40 * 96, abs=2)
        assert reader.days(HOME, OLD.date(), OLD.date())[0].sums.pv_kwh == 5
    assert path.stat().st_size < before


def test_thinning_an_empty_or_closed_history_is_nothing(history):
    assert history.thin() == 0
    history.close()
    assert history.thin() == 0
