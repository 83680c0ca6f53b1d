"""The plants of the simulator on the pages "Devices" and "Alarms", over real HTTP."""

from contextlib import ExitStack
from datetime import UTC, datetime

import pytest

from sems_tray.domain.model import Dialect
from sems_tray.domain.wording import zone_of
from sems_tray.portal.client import SemsClient
from sems_tray.portal.http.transport import HttpTransport
from sems_tray.portal.http.trusted_hosts import Hosts
from sems_tray.simulator.simulator import Simulator
from sems_tray.window.alarms.view_model import alarms_view
from sems_tray.window.devices.view_model import devices_view
from tests.kit.clock import Clock
from tests.kit.readings import by_day, by_night
from tests.portal.scripted import EVERYTHING, Vault, reading

# 12:52 in Madrid, as in tests/simulator.
AT = datetime(2026, 4, 21, 10, 52, 30, tzinfo=UTC)
BOTH = pytest.mark.parametrize("dialect", Dialect)


@pytest.fixture
def fetched():
    """Return a function that fetches a scenario with telemetry."""
    with ExitStack() as stack:

        def fetch(scenario, dialect):
            clock = Clock(AT)
            place = None if scenario == "night" else "Europe/Madrid"
            sim = stack.enter_context(
                Simulator(scenario, limit_per_minute=None, now=clock, place=place)
            )
            transport = HttpTransport()
            stack.callback(transport.rest)
            client = SemsClient(
                transport=transport,
                hosts=Hosts(sim.url),
                vault=Vault(password="demo"),
                dialect=dialect,
                now=clock,
            )
            return reading(client.fetch(EVERYTHING))

        yield fetch


def states(found, dark):
    view = devices_view(found, AT, dark)
    return {it.title: it.sign.word for it in view.cards if it.sign}


@BOTH
def test_a_day_shows_two_inverters_with_strings_and_phases(fetched, dialect):
    view = devices_view(fetched("day", dialect), AT, by_day)
    hybrid, garage = view.cards[:2]
    assert (hybrid.title, hybrid.model) == ("Hybrid", "GW10K-ET")
    assert (garage.title, garage.model) == ("Garage", "GW5000-DNS")
    assert [it.head for it in hybrid.grids] == [
        ("String", "V", "A", "W"),
        ("Phase", "V", "A", "Hz"),
    ]
    assert [len(it.rows) for it in hybrid.grids] == [2, 3]
    assert any(it.key.startswith("battery") for it in view.cards)


@BOTH
def test_a_night_has_an_inverter_that_sleeps_and_no_fault(fetched, dialect):
    found = fetched("night", dialect)
    assert states(found, by_night)["Garage"] == "asleep"
    assert not any(it.trouble for it in devices_view(found, AT, by_night).cards)
    assert alarms_view(found, (), (), AT, zone_of(found)).active == ()


@BOTH
def test_a_fault_is_on_both_pages(fetched, dialect):
    found = fetched("fault", dialect)
    garage = devices_view(found, AT, by_day).cards[1]
    assert garage.sign is not None
    assert garage.sign.word == "fault since 12:25"
    assert garage.trouble.lower().startswith("isolation failure. the inverter has")
    (row,) = alarms_view(found, (), (), AT, zone_of(found)).active
    assert row.line == "Garage · since 12:25 · 27 min"
    assert f"Serial number: {garage.serial}" in row.installer_text


@BOTH
def test_a_lost_grid_says_that_it_clears_by_itself(fetched, dialect):
    found = fetched("grid-lost", dialect)
    (row,) = alarms_view(found, (), (), AT, zone_of(found)).active
    assert "clears by itself when the grid is back" in row.explanation


@BOTH
def test_a_silent_station_keeps_its_values_and_their_time(fetched, dialect):
    found = fetched("silent", dialect)
    card = devices_view(found, AT, by_day).cards[0]
    assert card.old
    assert card.grids
    assert card.notes[0].startswith("As of 11:15, ")


@BOTH
def test_pv_alone_has_no_battery_and_no_meter(fetched, dialect):
    keys = {it.key.partition(" ")[0] for it in _cards(fetched("pv-only", dialect))}
    assert "inverter" in keys
    assert keys <= {"inverter", "other"}


def _cards(found):
    return devices_view(found, AT, by_day).cards
