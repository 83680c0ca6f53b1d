import os
import stat
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from sems_tray.domain.energy import (
    DayTotals,
    InverterSample,
    NotificationRecord,
    Period,
    ValueSource,
)
from sems_tray.domain.model import Alarm, AlarmLevel, Energy, EnergySums
from sems_tray.domain.time_zones import zone
from sems_tray.storage.history.reader import HistoryReader
from sems_tray.storage.history.store import History
from sems_tray.storage.paths import HISTORY
from tests.kit.history_data import (
    EVER,
    HOME,
    MINUTE,
    NOON,
    ZONE,
    filled,
    inverter,
    minutes_of,
    point,
    reading,
)

TODAY = date(2026, 6, 21)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "data" / HISTORY


@pytest.fixture
def history(path):
    with History(path) as opened:
        assert not opened.message
        yield opened
        assert not opened.message


def only_row(history):
    (row,) = history.reader.iter_rows(HOME, *EVER)
    return row


def test_nothing_is_touched_before_it_is_opened(path):
    history = History(path)
    assert not path.parent.exists()
    assert history.reader.day(HOME, TODAY, ZONE) == ()
    history.close()


def test_nothing_is_known_where_there_is_no_file(path):
    with HistoryReader(path) as reader:
        assert reader.stations() == ()
        assert reader.day(HOME, TODAY, ZONE) == ()
        assert reader.days(HOME, TODAY, TODAY) == ()
        assert reader.first_day(HOME, ZONE) is None
        assert list(reader.iter_rows(HOME, *EVER)) == []
        assert len(reader.gaps(HOME, TODAY, TODAY, ZONE)) == 1
    assert not path.exists()


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX's")
def test_only_the_owner_can_read_it(history, path):
    history.add(reading())
    for it in path.parent.iterdir():
        assert stat.S_IMODE(it.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_a_reading_is_kept_and_read_back_elsewhere(history, path):
    inverters = (inverter("A", 1999.6, 41.26), inverter("B", None), inverter("C", -3))
    assert history.add(reading(grid_w=2500.4, soc=76.44, inverters=inverters))
    with HistoryReader(path) as reader:
        (at_noon,) = reader.day(HOME, TODAY, ZONE)
        assert reader.stations()[0].timezone == "Europe/Amsterdam"
        (row,) = reader.iter_rows(HOME, *EVER)
    assert at_noon.at == NOON
    assert (at_noon.power.pv_w, at_noon.power.grid_w) == (3000, 2500)
    assert at_noon.power.battery_w is None
    assert at_noon.soc_percent == 76.4
    assert row.inverters == (
        InverterSample(sn="A", power_w=2000, temperature_c=41.3),
        InverterSample(sn="C", power_w=-3),
    )


def test_the_later_look_at_a_minute_wins_and_known_beats_unknown(history):
    later = reading(NOON + timedelta(seconds=40), pv_w=3100, load_w=None)
    history.add(later)
    history.add(reading(NOON + timedelta(seconds=5), pv_w=2900, load_w=450))
    assert only_row(history).power.pv_w == 3100
    assert only_row(history).power.load_w == 450


def test_a_reading_without_a_time_never_wins(history):
    history.add(reading(None, pv_w=1))
    assert only_row(history).power.pv_w == 1
    history.add_curve(HOME, [point(NOON, 2)])
    assert only_row(history).power.pv_w == 2
    history.add(reading(None, pv_w=1))
    assert only_row(history).power.pv_w == 2


def test_old_parts_of_a_reading_are_not_kept_as_new(history):
    history.add(
        reading(
            stale=("devices", "alarms", "energy"),
            inverters=(inverter("A", 5),),
            alarms=(Alarm(id="a", name="Fan"),),
            today=5,
        )
    )
    assert only_row(history).inverters == ()
    assert history.reader.alarms(HOME) == ()
    assert history.reader.days(HOME, TODAY, TODAY) == ()
    today = Energy(today=EnergySums(pv_kwh=5, income=2.0, currency="EUR"))
    history.add(reading(stale=("income",), energy=today))
    (day,) = history.reader.days(HOME, TODAY, TODAY)
    assert day.sums == EnergySums(pv_kwh=5)


@pytest.mark.parametrize(
    ("day", "hours"), [(date(2026, 3, 29), 23), (date(2025, 10, 26), 25)]
)
def test_days_are_as_long_as_the_clock_makes_them(history, day, hours):
    start = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(hours=3)
    filled(history, 30 * 60, start)
    points = history.reader.day(HOME, day, ZONE)
    assert len(points) == hours * 60
    assert {it.at.astimezone(ZONE).date() for it in points} == {day}


def test_a_station_that_changes_its_zone_keeps_every_instant(history):
    tokyo = zone("Asia/Tokyo")
    assert tokyo is not None
    history.add(reading(today=10))
    history.add(reading(NOON + 8 * 60 * MINUTE, timezone="Asia/Tokyo", today=1))
    assert len(minutes_of(history.reader)) == 2
    assert history.reader.stations()[0].timezone == "Asia/Tokyo"
    assert len(history.reader.day(HOME, TODAY, tokyo)) == 1
    assert len(history.reader.day(HOME, TODAY, ZONE)) == 2
    found = history.reader.days(HOME, TODAY, TODAY + timedelta(days=1))
    assert [it.sums.pv_kwh for it in found] == [10, 1]


def test_totals_of_a_day_only_grow_until_the_portal_has_the_last_word(history):
    for kwh in (5, 7.25, 6, None):
        history.add(reading(today=kwh))
    first = DayTotals(day=TODAY, sums=EnergySums(pv_kwh=7.25))
    assert history.reader.days(HOME, TODAY, TODAY) == (first,)
    history.put_day(HOME, TODAY, EnergySums(load_kwh=3), ValueSource.LIVE)
    history.put_day(HOME, TODAY, EnergySums(pv_kwh=7.1, income=1.5, currency="EUR"))
    history.add(reading(today=9))
    (last,) = history.reader.days(HOME, TODAY, TODAY)
    assert last.final
    final = EnergySums(pv_kwh=7.1, load_kwh=3, income=1.5, currency="EUR")
    assert last.sums == final


@pytest.mark.parametrize(
    ("hour", "minute", "kept"),
    [(21, 57, True), (21, 58, False), (22, 19, False), (22, 20, True)],
)
def test_counters_are_not_believed_around_midnight(history, hour, minute, kept):
    at = NOON.replace(hour=hour, minute=minute)  # two hours later there
    history.add(reading(at, today=3))
    found = history.reader.days(HOME, TODAY, TODAY + timedelta(days=1))
    assert len(found) == kept


def test_a_counter_of_today_is_not_filed_under_a_silent_stations_last_day(history):
    at = NOON - timedelta(days=1)
    history.add(reading(at, received_at=NOON, today=3))
    assert history.reader.days(HOME, at.date(), TODAY) == ()


def test_months_and_years_are_kept_as_the_portal_gives_them(history):
    month = EnergySums(pv_kwh=300, export_kwh=120.5)
    history.add(reading(energy=Energy(month=month, year=EnergySums(pv_kwh=900))))
    history.put_period(HOME, Period.MONTH, "2026-05", EnergySums(pv_kwh=410))
    found = history.reader.periods(HOME, Period.MONTH)
    assert [(it.key, it.sums.pv_kwh, it.final) for it in found] == [
        ("2026-05", 410, True),
        ("2026-06", 300, False),
    ]
    assert history.reader.periods(HOME, Period.MONTH, "2026-06")[0].sums == month
    assert history.reader.periods(HOME, Period.YEAR)[0].key == "2026"


def test_an_alarm_is_kept_once_from_first_to_last_sight(history):
    fan = Alarm(id="a1", name="Fan Fault", level=AlarmLevel.FAULT, code="F1")
    history.add(reading(alarms=(replace(fan, happened_at=NOON),)))
    end = NOON + 5 * MINUTE
    over = replace(fan, active=False, happened_at=NOON, recovered_at=end)
    history.add(reading(end, alarms=(over,)))
    history.add(reading(NOON + MINUTE, alarms=(replace(fan, device_sn="S"),)))
    (seen,) = history.reader.alarms(HOME)
    assert seen.alarm.recovered_at == end
    assert not seen.alarm.active
    assert seen.alarm.device_sn == "S"
    assert seen.alarm.level is AlarmLevel.FAULT
    assert seen.last_seen - seen.first_seen == 5 * MINUTE
    assert history.reader.alarms(HOME, NOON + timedelta(days=1)) == ()


def test_notices_and_state_are_kept(history):
    given = NotificationRecord(
        station=HOME, topic="fault:S", at=NOON, level="fault", title="T", silenced=True
    )
    history.add_notice(given)
    history.close_notices(HOME, "fault:S", NOON + MINUTE)
    history.close_notices(HOME, "fault:S", NOON + 2 * MINUTE)
    (found,) = history.reader.notices(HOME)
    assert found.closed_at == NOON + MINUTE
    assert (found.topic, found.title, found.silenced) == ("fault:S", "T", True)
    history.put_state(HOME, "alerts", {"open": ["x"]})
    assert history.reader.state(HOME, "alerts") == {"open": ["x"]}
    history.put_state(HOME, "alerts", None)
    assert history.reader.state(HOME, "alerts") is None


def test_gaps_end_when_they_are_filled_or_the_portal_had_nothing(history):
    days = [TODAY + timedelta(days=n) for n in range(4)]
    start = datetime(2026, 6, 20, 22, tzinfo=UTC)
    history.add_curve(HOME, [point(start + 5 * MINUTE * n) for n in range(288)])
    history.put_day(HOME, days[1], EnergySums(pv_kwh=1))
    history.add_curve(HOME, [], day=days[2])
    history.record_asked(HOME, "curve", days[3])
    history.record_asked(HOME, "totals", days[3])
    gaps = history.reader.gaps(HOME, days[0], days[-1], ZONE)
    assert [(it.day, it.curve, it.totals) for it in gaps] == [
        (days[0], False, True),
        (days[1], True, False),
        (days[2], False, True),
    ]
    assert history.reader.first_day(HOME, ZONE) == TODAY


def test_rows_can_be_streamed_in_any_width(history):
    start = NOON - timedelta(days=700)
    filled(history, 60, start)
    filled(history, 120, NOON)
    every = list(history.reader.iter_rows(HOME, *EVER, every_min=15))
    assert [it.at for it in every[:4]] == [start + 15 * MINUTE * n for n in range(4)]
    assert [it.power.pv_w for it in every[:2]] == [7, 22]
    assert len(every) == 4 + 8
    part = history.reader.iter_rows(HOME, NOON + MINUTE, NOON + 3 * MINUTE)
    assert [it.power.pv_w for it in part] == [1, 2]


def test_forgetting_leaves_nothing(history, path):
    history.add(reading())
    (path.parent / f"{HISTORY}.damaged-20260101-000000").write_bytes(b"x")
    (path.parent / f"{HISTORY}.v1-backup").write_bytes(b"x")
    with HistoryReader(path) as reader:
        assert reader.stations()
        history.forget()
        assert list(path.parent.iterdir()) == []
        assert reader.stations() == ()
        assert history.add(reading())
        assert reader.stations()


def test_nonsense_is_not_kept(history):
    history.add(reading(pv_w=float("nan"), load_w=1e15, soc=6553.5))
    history.add(reading(datetime(1970, 1, 1, tzinfo=UTC)))
    history.add_curve(HOME, [point(datetime(9999, 1, 1, tzinfo=UTC))])
    assert list(history.reader.iter_rows(HOME, *EVER)) == []


@pytest.mark.parametrize("odd", [float("nan"), float("inf"), -float("inf"), 1e300])
def test_numbers_that_cannot_be_are_not_kept_and_stop_nothing(history, odd):
    sums = EnergySums(pv_kwh=odd, load_kwh=2.5, income=odd, currency="EUR")
    assert history.put_period(HOME, Period.MONTH, "2026-05", sums)
    assert history.put_day(HOME, TODAY, sums)
    (month,) = history.reader.periods(HOME, Period.MONTH)
    assert (month.sums.pv_kwh, month.sums.load_kwh) == (None, 2.5)
