"""A status number that nobody knows is told as it is, and is never a fault."""

import pytest

from sems_tray.domain.model import DeviceState, Dialect
from sems_tray.domain.wording import Seen, inverter_sign
from tests.portal.scripted import (
    NOON,
    Desk,
    classic_portal,
    device,
    flow,
    monitor,
    ok,
    plus_portal,
    reading,
)


def plus(status):
    devices = ok({"deviceDetailList": [device("INVERTER", "INV", status=status)]})
    script = plus_portal(
        **{"*/device/all-status": devices, "*/stations/flow": flow(status=status)}
    )
    return reading(Desk(script).fetch())


def classic(status):
    info = {"stationname": "Roof", "status": status, "time_span": -2.0}
    body = monitor(info=info, inverter=[{"sn": "INV", "status": status}])
    script = classic_portal(**{"*/GetMonitorDetailByPowerstationId": body})
    return reading(Desk(script, dialect=Dialect.CLASSIC).fetch())


@pytest.mark.parametrize("station", [plus, classic])
@pytest.mark.parametrize("status", [42, "42", -7, 4294967295])
def test_an_unknown_number_is_shown_as_that_number(station, status):
    found = station(status)
    (inverter,) = found.inverters
    assert (inverter.state, inverter.status) == (DeviceState.UNKNOWN, int(status))
    assert f"unknown ({status})" in inverter_sign(inverter, (), Seen(now=NOON)).word
    assert found.station.state is DeviceState.UNKNOWN
    assert found.alarms == ()
