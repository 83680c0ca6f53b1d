"""What a station usually does, from a history on disk."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from sems_tray.daylight.sun import height
from sems_tray.domain.model import Station
from sems_tray.history.learned_habits import learned
from sems_tray.storage.history.store import History
from tests.kit.history_data import HOME, ZONE, ZONE_NAME, point

NOW = datetime(2026, 6, 21, 10, tzinfo=UTC)
QUARTER = timedelta(minutes=15)
STATION = Station(id=HOME, timezone=ZONE_NAME)


def _curve(day, *, dead):
    """Return a day's curve; the battery is full at noon and low at six."""
    for n in range(96):
        at = day + QUARTER * n
        high = max(height(STATION, at) or 0.0, 0.0)
        hour = at.astimezone(ZONE).hour
        yield point(at, 0 if dead else 80 * high, soc=100 - 5 * abs(12 - hour))


def test_an_outage_of_three_weeks_is_not_usual(tmp_path):
    first = NOW.replace(hour=0) - timedelta(days=60)
    with History(tmp_path / "history.sqlite3") as history:
        for n in range(60):
            day = first + timedelta(days=n)
            assert history.add_curve(HOME, list(_curve(day, dead=20 <= n < 41)))
        habits = learned(history.reader, STATION, NOW)
    assert habits.power is not None
    usual = habits.power.at_or_below(40)
    assert usual is not None
    assert usual.low_w > 2500
    assert habits.charge is not None
    assert (habits.charge[12], habits.charge[6]) == (100, 70)


def test_a_roof_is_learned_to_wake_with_the_sun(tmp_path):
    with History(tmp_path / "history.sqlite3") as history:
        for n in range(20):
            day = NOW.replace(hour=0) - timedelta(days=20 - n)
            assert history.add_curve(HOME, list(_curve(day, dead=False)))
        waking = learned(history.reader, STATION, NOW).waking
    assert waking is not None
    assert 3 <= waking.height_deg < 7
    assert waking.dozing_w is not None
    assert waking.last_awake is not None


def test_under_a_midnight_sun_earlier_months_tell_where_the_roof_stands(tmp_path):
    tromso = replace(STATION, timezone="Europe/Oslo", latitude=69.65, longitude=18.96)
    now = datetime(2026, 7, 20, 10, tzinfo=UTC)
    with History(tmp_path / "history.sqlite3") as history:
        for since in (*range(75, 85), *range(1, 11)):
            day = now.replace(hour=0) - timedelta(days=since)
            times = (day + QUARTER * n for n in range(96))
            curve = [
                point(at, 80 * max(height(tromso, at) or 0.0, 0.0)) for at in times
            ]
            assert history.add_curve(HOME, curve)
        nowhere = replace(tromso, latitude=None, longitude=None)
        place = learned(history.reader, nowhere, now).place
    assert place is not None
    assert abs(place.latitude - 69.65) < 3
    assert abs(place.longitude - 18.96) < 3


def test_a_history_of_nothing_teaches_nothing(tmp_path):
    with History(tmp_path / "history.sqlite3") as history:
        habits = learned(history.reader, STATION, NOW)
    assert habits.power is not None
    assert not habits.power.bins
    assert habits.charge == {}
