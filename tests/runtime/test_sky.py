"""Where the one ``Sky`` takes a station to stand."""

from datetime import UTC, datetime, timedelta

import pytest

from sems_tray.daylight.roof_place import RoofPlace
from sems_tray.daylight.sun import HORIZON_DEG
from sems_tray.daylight.waking import Habits
from sems_tray.domain.model import Dialect, Reading, Station
from sems_tray.history.learned_habits import learned
from sems_tray.history.recorder import HistoryRecorder
from sems_tray.runtime.context import connected
from sems_tray.runtime.network_services import NetworkServices
from sems_tray.runtime.options import Options
from sems_tray.runtime.sky import Sky
from sems_tray.simulator.station.ledger import Ledger
from sems_tray.simulator.station.places import Place as Site
from sems_tray.simulator.station.specs import roof
from sems_tray.simulator.station.sun import elevation_deg
from sems_tray.storage.history.reader import HistoryReader
from sems_tray.storage.settings import Settings
from tests.kit.history_data import point
from tests.kit.services import context_in

NOW = datetime(2026, 9, 21, 3, tzinfo=UTC)
HOUR = timedelta(hours=1)
AHEAD = [NOW + HOUR / 6 * n for n in range(6 * 48)]
FAR_WEST = Site("Asia/Shanghai", 44.0, 80.0)
STATIONS = {
    "44N in the far west of China": (FAR_WEST, "Asia/Shanghai"),
    "Denver told as UTC": (Site("America/Denver", 39.7, -105.0), "UTC+00:00"),
    "no zone at all": (Site("Australia/Sydney", -33.9, 151.2), None),
}


def reading(station):
    return Reading(dialect=Dialect.SEMSPLUS, station=station, received_at=NOW)


def lived(path, site, station, days=6):
    """Fill a history with what such a roof really makes, and return its recorder."""
    recorder = HistoryRecorder(path, now=lambda: NOW)
    ledger = Ledger(roof(site, NOW, no=2, name="Roof", age_days=days + 2), seed=3)
    first = NOW - timedelta(days=days)
    times = (first + n * timedelta(minutes=5) for n in range(days * 288))
    points = [point(at, float(ledger.powers(at).pv_w)) for at in times]
    recorder.history.add_curve(station.id, points)
    return recorder


@pytest.mark.parametrize("name", STATIONS)
def test_a_roof_is_dark_when_its_own_sun_is_down_after_a_few_days(name, tmp_path):
    site, zone = STATIONS[name]
    station = Station(id="s", timezone=zone)
    sky = Sky(Settings())
    recorder = lived(tmp_path / "history.sqlite", site, station)
    habits = recorder.learn_habits(sky.at_told_place(station))
    recorder.close()
    assert habits is not None
    assert habits.power is not None
    sky.learn(station.id, habits)
    dark_at = sky.dark_at(reading(station))
    for at in AHEAD:
        true = elevation_deg(site.latitude_deg, site.longitude_deg, at)
        if abs(true - 3) > 3:  # a quarter of an hour
            assert dark_at(at) is (true < 3), at
        if abs(true - HORIZON_DEG) > 3:
            assert sky.dark(station, at) is (true < HORIZON_DEG), at


def test_a_fresh_process_learns_the_same_from_the_history_alone(tmp_path):
    site, zone = STATIONS["44N in the far west of China"]
    station = Station(id="s", timezone=zone)
    recorder = lived(tmp_path / "history.sqlite", site, station)
    habits = recorder.learn_habits(station)
    recorder.close()
    with HistoryReader(tmp_path / "history.sqlite") as reader:
        assert learned(reader, station, NOW).place == habits.place


PLACE = RoofPlace(latitude=35.7, longitude=139.7, days=4, within_min=10)
OWNER = Settings(latitude=-33.9, longitude=151.2)
DENVER = {"latitude": 39.7, "longitude": -105.0}
NOON = {"Sydney": 2, "Denver": 19, "Tokyo": 3, "Amsterdam": 11.7}


@pytest.mark.parametrize(
    ("where", "settings", "told", "place"),
    [
        ("Denver", OWNER, DENVER, PLACE),
        ("Sydney", OWNER, {}, PLACE),
        ("Tokyo", Settings(), {}, PLACE),
        ("Amsterdam", Settings(), {}, None),
    ],
)
def test_the_portal_goes_before_the_owner_the_roof_and_the_zone(
    where, settings, told, place
):
    sky = Sky(settings)
    station = Station(id="s", timezone="Europe/Amsterdam", **told)
    sky.learn("s", Habits(place=place))
    height_at = sky.height_at(reading(station))
    times = [NOW + n * HOUR / 4 for n in range(96)]
    highest = max(times, key=lambda it: height_at(it) or 0.0)
    assert abs(highest.hour + highest.minute / 60 - NOON[where]) < 0.7


def test_what_was_learned_is_kept_under_a_midnight_sun():
    sky = Sky(Settings())
    station = Station(id="s")
    sky.learn("s", Habits(place=PLACE))
    sky.learn("s", Habits())
    assert sky.dark(station, NOW) is False


def test_the_client_asks_the_sky_that_has_learned(tmp_path):
    # The network thread's client judges an empty reply by it.
    run = context_in(tmp_path)
    services = NetworkServices(run)
    station = Station(id="s", timezone="UTC")
    services.sky.learn("s", Habits(place=PLACE))
    client = services.portal._make(run, run.vault(), None)
    assert client._dark(station, NOW) is False
    services.close()


def test_a_command_and_its_client_judge_by_one_sky(tmp_path):
    options = Options(portal="http://127.0.0.1:9", account="a", password="b")
    run = context_in(tmp_path, options=options)
    sky, station = Sky(Settings()), Station(id="s", timezone="UTC")
    with connected(run, sky) as client:
        sky.learn("s", Habits(place=PLACE))
        assert client._dark(station, NOW) is False
