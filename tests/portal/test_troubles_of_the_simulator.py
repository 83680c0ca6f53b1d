"""Everything that the simulator can do wrong, and the trouble that it means."""

import pytest

from sems_tray.domain.model import Dialect
from sems_tray.domain.poll_result import PollFailed, Trouble
from sems_tray.portal.poll_plan import PollRequest
from tests.portal.scripted import reading

# 12:52 in Madrid, as in tests/simulator.
FLOW, MONITOR = "/stations/flow", "/GetMonitorDetailByPowerstationId"
LOGIN = {Dialect.SEMSPLUS: "/auth/cross-login", Dialect.CLASSIC: "/Common/CrossLogin"}
LIVE = {Dialect.SEMSPLUS: FLOW, Dialect.CLASSIC: MONITOR}
BOTH = pytest.mark.parametrize("dialect", Dialect)


SIGN_IN_TROUBLES = [
    ("html", Trouble.UNREACHABLE),
    ("empty", Trouble.UNREACHABLE),
    ("500", Trouble.UNREACHABLE),
    ("503", Trouble.UNREACHABLE),
    ("hang", Trouble.UNREACHABLE),
    ("drip", Trouble.UNREACHABLE),
    ("redirect", Trouble.PORTAL_CHANGED),
    ("404", Trouble.PORTAL_CHANGED),
    ("throttle", Trouble.THROTTLED),
    ("429", Trouble.THROTTLED),
    ("expired", Trouble.SIGN_IN),
    ("broken-json", Trouble.UNREADABLE),
    ("not-an-object", Trouble.UNREADABLE),
    ("no-code", Trouble.UNREADABLE),
    ("empty-data", Trouble.PORTAL_CHANGED),
    ("null-data", Trouble.PORTAL_CHANGED),
    ("100005", Trouble.REFUSED),
    ("100004", Trouble.PORTAL_CHANGED),
    ("big", Trouble.UNREADABLE),
]


@BOTH
@pytest.mark.parametrize(("how", "trouble"), SIGN_IN_TROUBLES)
def test_what_goes_wrong_at_sign_in(start, dialect, how, trouble):
    sim, client, _ = start("day", dialect, hurry=how in {"hang", "drip"})
    sim.fail(LOGIN[dialect], how)
    for _ in range(3):
        failed = client.fetch(PollRequest())
        assert isinstance(failed, PollFailed)
        assert failed.trouble is trouble
    walked = 3 if how == "404" and dialect is Dialect.CLASSIC else 1
    assert sim.sign_ins == walked


CALL_TROUBLES = {
    **dict(SIGN_IN_TROUBLES),
    "100005": Trouble.UNREADABLE,
    "100025": Trouble.NO_STATION,
    "100001": Trouble.SIGN_IN,
}


WITHOUT_DATA = {"empty-data", "null-data"}


@BOTH
@pytest.mark.parametrize(("how", "trouble"), CALL_TROUBLES.items())
def test_what_goes_wrong_with_live_power(start, dialect, how, trouble):
    hurry = how in {"hang", "drip"}
    sim, client, clock = start("day", dialect, hurry=hurry)
    reading(client.fetch(PollRequest()))
    sim.fail(LIVE[dialect], how)
    for _ in range(1 if hurry else 3):
        clock.add(seconds=10)
        failed = client.fetch(PollRequest())
        if how in WITHOUT_DATA and dialect is Dialect.SEMSPLUS:
            reading(failed)  # the device states vouch for it
            continue
        assert isinstance(failed, PollFailed)
        assert failed.trouble is trouble
    assert sim.sign_ins == (2 if trouble is Trouble.SIGN_IN else 1)
    sim.heal()
    clock.add(hours=1)
    reading(client.fetch(PollRequest()))
    assert sim.sign_ins <= 3
