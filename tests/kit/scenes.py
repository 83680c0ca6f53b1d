"""Readings of every scenario, as the client takes them from the simulator."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING

from sems_tray.daylight.sun import is_dark
from sems_tray.domain.poll_result import PollSucceeded
from sems_tray.portal.client import SemsClient
from sems_tray.portal.http.transport import HttpTransport
from sems_tray.portal.http.trusted_hosts import Hosts
from sems_tray.portal.poll_plan import PollRequest
from sems_tray.simulator.simulator import Simulator
from sems_tray.window.now.view_model import now_view
from tests.kit.clock import Clock
from tests.portal.scripted import Vault

if TYPE_CHECKING:
    from sems_tray.domain.model import Reading
    from sems_tray.domain.poll_result import PollOutcome
    from sems_tray.window.now.view_model import NowView

AT = datetime(2026, 4, 21, 10, 52, 30, tzinfo=UTC)


@lru_cache(maxsize=16)
def outcome(name: str) -> PollOutcome:
    """Return what the first poll brings in a scenario."""
    clock = Clock(AT)
    place = None if name == "night" else "Europe/Madrid"
    transport = HttpTransport()
    with Simulator(name, limit_per_minute=None, now=clock, place=place) as portal:
        client = SemsClient(
            transport=transport,
            hosts=Hosts(portal.url),
            vault=Vault(password="demo"),
            now=clock,
        )
        found = client.fetch(PollRequest(everything=True))
        transport.rest()
    return found


def scene(name: str) -> Reading:
    """Return the reading of a scenario in which the portal answers."""
    found = outcome(name)
    assert isinstance(found, PollSucceeded), found
    return found.reading


def page(name: str, **more) -> NowView:
    """Return the page of a scenario."""
    reading = scene(name)
    return now_view(reading, AT, lambda at: is_dark(reading.station, at), **more)
