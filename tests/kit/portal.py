"""The simulated portal as a fixture: import ``house`` and ``portal`` to have them."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest

from sems_tray.simulator.simulator import Simulator

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sems_tray.simulator.station.site import Site


@pytest.fixture(scope="session")
def house() -> tuple[Site, ...]:
    """Return a house whose books are written once: years of them take most of 1 s."""
    return Simulator().world.sites


@contextmanager
def still_portal(house: tuple[Site, ...], **options: Any) -> Iterator[Simulator]:
    """Run a portal whose first station stands still, so that all know it."""
    with Simulator(**options) as simulator:
        simulator.world.sites = house
        simulator.override(pv_w=3210, soc_percent=76, battery_w=-1200, load_w=800)
        yield simulator
        for site in house:  # the next test's house has had no trouble
            site.set_events(())


@pytest.fixture
def portal(house: tuple[Site, ...]) -> Iterator[Simulator]:
    with still_portal(house) as simulator:
        yield simulator
