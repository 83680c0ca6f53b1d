import threading
import time

import pytest
import requests

from sems_tray.simulator.simulator import Simulator
from tests.simulator.callers import FLOW, LOGIN, MONITOR, Old, Plus


@pytest.fixture
def sim(at_noon):
    return at_noon()


def raw(sim, path=FLOW, **how):
    return requests.get(
        f"{sim.url}/web/sems/{path}", timeout=5, allow_redirects=False, **how
    )


@pytest.mark.parametrize(("how", "status"), [("429", 429), ("503", 503), ("500", 500)])
def test_a_failure_may_say_how_long_to_wait(sim, how, status):
    """What each kind of failure looks like, the client's own tests show."""
    sim.fail("stations/flow", how, retry_after=7)
    reply = raw(sim)
    assert reply.status_code == status
    assert reply.headers.get("Retry-After") == (None if how == "500" else "7")
    sim.heal()
    assert raw(sim).json()["code"] == "C0602"


def test_a_failure_can_be_for_some_times_and_some_paths(sim):
    sim.fail("auth/cross-login", "503", times=2)
    caller = Plus(sim.url)
    codes = [caller.send("POST", LOGIN, json={}).status_code for _ in range(3)]
    assert codes == [503, 503, 200]
    sim.fail("", "empty", times=1)
    assert raw(sim, "anything").content == b""
    assert raw(sim).content


def test_a_failure_can_be_for_one_station(at_noon):
    sim = at_noon("multi")
    first, second = sim.books.station_ids[:2]
    sim.fail("stations/flow", "503", about=second)
    assert raw(sim, f"{FLOW}?stationId={first}").status_code == 200
    assert raw(sim, f"{FLOW}?stationId={second}").status_code == 503


def test_a_hanging_request_hangs_until_the_simulator_stops():
    sim = Simulator()
    sim.start()
    sim.fail("stations/flow", "hang")
    ended = threading.Event()

    def ask():
        with pytest.raises(requests.RequestException):
            raw(sim)
        ended.set()

    thread = threading.Thread(target=ask)
    thread.start()
    assert not ended.wait(0.3)
    began = time.perf_counter()
    sim.stop()
    assert time.perf_counter() - began < 0.5
    assert ended.wait(2)
    thread.join()


def test_too_many_requests_a_minute_are_throttled(at_noon, plus):
    sim = at_noon(limit_per_minute=3)
    caller = plus(sim)
    assert [caller.get(FLOW)["code"] for _ in range(3)][-1] == "GY0429"
    reply = Old(sim.url).send("v3/Common/CrossLogin", json={})
    assert (reply.status_code, reply.headers["Retry-After"]) == (429, "300")


def test_throttled_throttles_data_from_the_start_but_not_signing_in(at_noon, plus, old):
    sim = at_noon("throttled")
    caller = plus(sim)
    assert caller.token["token"]
    assert caller.get(FLOW)["code"] == "GY0429"
    assert caller.post("sems-plant/api/portal/stations/page")["code"] == "GY0429"
    reply = old(sim).send(f"v3/{MONITOR}", json={})
    assert (reply.status_code, reply.headers["Retry-After"]) == (429, "300")


def test_requests_are_recorded_and_counted(sim, plus):
    caller = plus(sim)
    caller.get(FLOW, stationId="x")
    last = sim.requests[-1]
    assert (last.method, last.path) == ("GET", f"/web/sems/{FLOW}")
    assert (last.query, last.dialect) == ("stationId=x", "semsplus")
    assert last.at == sim.now()
    assert sim.count("stations/flow") == 1
    assert sim.sign_ins == 1


def test_a_connection_is_kept_alive(sim, plus):
    caller = plus(sim)
    before = threading.active_count()
    for _ in range(5):
        caller.get(FLOW, stationId="x")
    assert threading.active_count() == before
    assert len(sim._server._open) == 1


def test_an_absurd_body_is_refused(sim):
    reply = requests.post(
        f"{sim.url}/web/sems/{LOGIN}",
        data=b"",
        headers={"Content-Length": "99999999"},
        timeout=5,
    )
    assert reply.status_code == 400
