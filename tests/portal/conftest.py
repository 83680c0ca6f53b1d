"""Fixtures of the portal client's tests."""

import gc
import threading
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta

import pytest

from sems_tray.portal.client import SemsClient
from sems_tray.portal.http import failures
from sems_tray.portal.http.transport import HttpTransport
from sems_tray.portal.http.trusted_hosts import Hosts
from sems_tray.simulator.simulator import Simulator
from tests.kit.clock import Clock
from tests.portal.networks import Authority, bare
from tests.portal.scripted import Vault

# 12:52 in Madrid, as in tests/simulator.
AT = datetime(2026, 4, 21, 10, 52, 30, tzinfo=UTC)


def nobody_knows(station, at):
    """Know nothing of sun and darkness."""


@pytest.fixture
def quick():
    """Return a transport with little patience, and check what it leaves behind."""
    before = set(threading.enumerate())
    made = HttpTransport(timeouts_s=(0.5, 0.3), deadline_s=0.5)
    yield made
    made.rest()
    del made
    gc.collect()  # a socket left open would be a ResourceWarning, which is an error
    assert set(threading.enumerate()) <= before


@pytest.fixture(scope="session")
def simulators():
    """Keep each simulator for all tests: the plant's years take half a second."""
    with ExitStack() as stack:
        made = {}

        def get(scenario, **more):
            key = (scenario, *more.items())
            if key not in made:
                clock = Clock(AT)
                place = None if scenario == "night" else "Europe/Madrid"
                fixed = {"limit_per_minute": None, "now": clock, "place": place}
                options = fixed | more
                sim = stack.enter_context(Simulator(scenario, **options))
                sim.books.total()
                made[key] = sim, clock
            return made[key]

        yield get


@pytest.fixture
def start(simulators):
    """Return a simulator that behaves, and a new client of it."""
    with ExitStack() as stack:

        def begin(
            scenario="day", dialect=None, *, hurry=False, dark=nobody_knows, **more
        ):
            sim, clock = simulators(scenario, **more)
            clock.at = AT
            for site in sim.world.sites:  # the last test's trouble never was
                site.set_events(())
                site.clock_behind, site.told_zone = timedelta(), None
            sim.set_scenario(scenario)
            sim.heal()
            sim.override()
            sim.expire_tokens()
            sim.login_reply, sim.foreign_api = "ok", None
            sim._recorded.clear()
            hurried = HttpTransport(timeouts_s=(1.0, 0.3), deadline_s=0.5)
            transport = hurried if hurry else HttpTransport()
            stack.callback(transport.rest)
            client = SemsClient(
                transport=transport,
                hosts=Hosts(sim.url),
                vault=Vault(password="demo"),
                dialect=dialect,
                now=clock,
                dark=dark,
            )
            return sim, client, clock

        yield begin


@pytest.fixture
def plain_network(monkeypatch):
    """Take this computer's proxies and certificates away, and give it a network."""
    bare(monkeypatch)
    monkeypatch.setattr(failures, "has_route", lambda: True)


@pytest.fixture(scope="session")
def authority(tmp_path_factory):
    """Return somebody who makes certificates."""
    return Authority(tmp_path_factory.mktemp("tls"))
