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
from tests.kit.readings import by_day
from tests.portal.scripted import EVERYTHING, Vault, reading

# 12:52 in Madrid, as in tests/simulator.
AT = datetime(2026, 4, 21, 10, 52, 30, tzinfo=UTC)
BOTH = pytest.mark.parametrize("dialect", Dialect)


@pytest.fixture
def fetched():
    """Return a function that fetches a scenario with telemetry."""
    with ExitStack() as stack:

        def fetch(scenario, dialect):
            clock, place = Clock(AT), "Europe/Madrid"
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


@BOTH
def test_a_day_shows_two_inverters_with_strings_and_phases(fetched, dialect):
    hybrid, garage, *others = devices_view(fetched("day", dialect), AT, by_day).cards
    assert (hybrid.title, hybrid.model) == ("Hybrid", "GW10K-ET")
    assert (garage.title, garage.model) == ("Garage", "GW5000-DNS")
    assert [len(it.rows) for it in hybrid.grids] == [2, 3]
    assert any(it.key.startswith("battery") for it in others)


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
def test_a_silent_station_keeps_its_values_and_their_time(fetched, dialect):
    card = devices_view(fetched("silent", dialect), AT, by_day).cards[0]
    assert card.old
    assert card.grids
    assert card.notes[0].startswith("As of 11:15, ")


@BOTH
def test_pv_alone_has_no_battery_and_no_meter(fetched, dialect):
    cards = devices_view(fetched("pv-only", dialect), AT, by_day).cards
    assert {it.key.partition(" ")[0] for it in cards} - {"other"} == {"inverter"}
