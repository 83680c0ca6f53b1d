"""The simulated portal as a fixture: import ``portal`` to have it."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest

from sems_tray.simulator.simulator import Simulator

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def still_portal(**options: Any) -> Iterator[Simulator]:
    """Run a portal whose first station stands still, so that all know it."""
    with Simulator(**options) as simulator:
        simulator.override(pv_w=3210, soc_percent=76, battery_w=-1200, load_w=800)
        yield simulator


@pytest.fixture
def portal() -> Iterator[Simulator]:
    with still_portal() as simulator:
        yield simulator
