"""A running simulator, and callers that are signed in."""

from contextlib import ExitStack
from datetime import UTC, datetime
from typing import Any

import pytest

from sems_tray.simulator.simulator import Simulator
from tests.simulator.callers import Old, Plus

# 12:52 in Madrid: sun, a battery that is still filling, and no midnight anywhere near.
NOON = datetime(2026, 4, 21, 10, 52, 30, tzinfo=UTC)


@pytest.fixture
def at_noon():
    """Start simulators whose clock stands still at a Madrid noon."""
    with ExitStack() as stack:

        def start(scenario="day", **options):
            settings: dict[str, Any] = {
                "now": lambda: NOON,
                "place": "Europe/Madrid",
                "limit_per_minute": None,
            } | options
            return stack.enter_context(Simulator(scenario, **settings))

        yield start


def _signed_in(kind):
    with ExitStack() as stack:

        def sign_in(sim, **who):
            caller = kind(sim.url, **who)
            stack.callback(caller.http.close)
            caller.sign_in()
            return caller

        yield sign_in


@pytest.fixture
def plus():
    """Sign in on SEMS+."""
    yield from _signed_in(Plus)


@pytest.fixture
def old():
    """Sign in on the classic portal."""
    yield from _signed_in(Old)
