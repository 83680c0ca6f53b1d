"""What steers a terminal or turns a line around ends at the border."""

import copy
import json

import pytest

from sems_tray.domain.model import Dialect
from sems_tray.domain.poll_result import PollFailed
from sems_tray.i18n.formatting import UNSAFE
from tests.portal.odd import MARKS, words_of
from tests.portal.scripted import (
    CLASSIC_LOGIN,
    EVERYTHING,
    PLUS_LOGIN,
    Desk,
    alarm,
    classic_portal,
    device,
    monitor,
    ok,
    plus_portal,
    reading,
)

LOGINS = {PLUS_LOGIN, CLASSIC_LOGIN}


def marked(value):
    """Put marks around and behind every text of a reply that is a person's to read."""
    if isinstance(value, dict):
        return {key: marked(it) for key, it in value.items()}
    if isinstance(value, list):
        return [marked(it) for it in value]
    plain = isinstance(value, str) and any(it.isalpha() for it in value)
    return f"{MARKS}{value}{MARKS}" if plain else value


def spoilt(script):
    script = copy.deepcopy(script)
    return {
        path: answer if path in LOGINS else answer | {"data": marked(answer["data"])}
        for path, answer in script.items()
    }


def plus():
    devices = [
        device("INVERTER", "INV", subtype="store"),
        device("SMART_METER", "MET"),
        device("BATTERY_RACK", "BAT"),
        device("DONGLE", "DON"),
    ]
    return plus_portal(
        **{
            "*/device/all-status": ok({"deviceDetailList": devices}),
            "*/alarm/page": ok(
                {"dataList": [alarm("A") | {"devicesn": "INV", "warning_code": "E-1"}]}
            ),
        }
    )


def classic():
    entry = {"sn": "INV", "name": "Roof", "type": "GW5000-NS", "status": 2}
    entry |= {"fault_message": "Isolation Failure", "invert_full": {"hasmeter": True}}
    rows = [{"sn": "INV", "warning": [{"warning_code": "E-G3-0-18"}]}]
    return classic_portal(
        **{
            "*/GetMonitorDetailByPowerstationId": monitor(
                inverter=[entry], homKit={"sn": "HOME"}, kpi={"currency": "EUR"}
            ),
            "*/PowerstationWarningsQuery": {"code": 0, "data": rows},
        }
    )


@pytest.mark.parametrize(
    ("dialect", "script"), [(Dialect.SEMSPLUS, plus()), (Dialect.CLASSIC, classic())]
)
def test_no_mark_of_any_field_of_any_reply_gets_in(dialect, script):
    desk = Desk(spoilt(script), dialect=dialect)
    found = reading(desk.fetch(EVERYTHING))
    words = [*words_of(found), *words_of(desk.client.stations())]
    assert not [it for it in words if UNSAFE.search(it)]
    (inverter,) = found.inverters
    assert "INV" in inverter.sn
    assert any("INV" in (it.device_sn or "") for it in found.alarms)


def test_clean_names_are_what_they_were():
    station = {"name": "Müller屋顶\u202e ☀", "zoneId": "Europe/Amsterdam"}
    desk = Desk(plus_portal(**{"*/stations/basic/info": ok(station)}))
    assert reading(desk.fetch()).station.name == "Müller屋顶 ☀"


@pytest.mark.parametrize("dialect", Dialect)
@pytest.mark.parametrize("key", ["msg", "description", "errorMsg", "translationCode"])
def test_the_words_of_a_refusal_are_one_clean_line(key, dialect):
    login = PLUS_LOGIN if dialect is Dialect.SEMSPLUS else CLASSIC_LOGIN
    body = {"code": "C0501", key: f"Wrong{MARKS}\n password"}
    failed = Desk({login: json.dumps(body).encode()}, dialect=dialect).fetch()
    assert isinstance(failed, PollFailed)
    assert not UNSAFE.search(failed.detail)
    assert failed.detail.startswith("Wrong")
    assert failed.detail.endswith("password")
