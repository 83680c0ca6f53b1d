"""The simulated portal as a fixture: import ``house`` and ``portal`` to have them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sems_tray.simulator.simulator import Simulator

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sems_tray.simulator.station.site import Site


@pytest.fixture(scope="session")
def house() -> tuple[Site, ...]:
    """Return a house whose books are written once: years of them take most of 1 s."""
    return Simulator().world.sites


@pytest.fixture
def portal(house: tuple[Site, ...]) -> Iterator[Simulator]:
    """Return a portal whose first station stands still, so that all know it."""
    with Simulator() as simulator:
        simulator.world.sites = house
        simulator.override(pv_w=3210, soc_percent=76, battery_w=-1200, load_w=800)
        yield simulator
        for site in house:  # the next test's house has had no trouble
            site.set_events(())
