"""What helpers are told: of any profile, by any desktop, within seconds."""

import json
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from sems_tray.diagnostics import report
from sems_tray.diagnostics.report import diagnose, diagnostics_text, to_json
from sems_tray.log import handlers
from sems_tray.log.handlers import log_path
from sems_tray.runtime.context import prepared
from sems_tray.runtime.options import Options
from sems_tray.storage.history.store import History
from tests.kit.readings import reading

START = datetime(2026, 6, 21, 10, tzinfo=UTC)


@pytest.fixture(autouse=True)
def nothing_hidden(monkeypatch):
    monkeypatch.setattr(handlers, "_hidden", set())


@pytest.fixture(autouse=True)
def no_child(monkeypatch):
    """Leave the keyring's child out; tests/cli starts it."""
    monkeypatch.setattr(report, "_backend", lambda: "none")


@pytest.fixture
def profile(tmp_path):
    return tmp_path / "profile"


def line(number, said, name="ui.poller"):
    at = (START + timedelta(minutes=number)).strftime("%Y-%m-%dT%H:%M:%SZ")
    return f"{at} INFO [12] sems_tray.{name}: {said}"


def write_log(profile, lines):
    profile.mkdir(exist_ok=True)
    (profile / "sems-tray.log").write_text("\n".join([*lines, ""]))


def facts(found):
    return {
        f"{section}/{label}": fact
        for section, facts in found.sections.items()
        for label, fact in facts.items()
    }


def look(profile, **options):
    with prepared(Options(profile=profile, **options)) as run:
        return diagnose(run)


def test_an_empty_profile_is_told_of_and_left_empty(profile):
    told = facts(look(profile))
    assert told["Files/Settings"] == "none yet"
    assert told["Files/History"] == "none yet"
    assert told["Files/History holds"] == "nothing"
    assert told["Files/Log"] == "none yet"
    assert told["Portal/Account"] == "not set"
    assert told["Portal/Dialect"] == "auto"
    assert told["Program/Qt"].startswith("6.")
    assert not profile.exists()


def test_names_ids_and_accounts_are_masked_wherever_they_are(profile):
    mine = reading()
    station = replace(mine.station, id="plant seven", name="House of the Lindens")
    with History(profile / "history.sqlite3") as history:
        history.add(replace(mine, station=station))
    (profile / "settings.json").write_text(
        json.dumps({"version": 1, "account": "linden", "station": "plant seven"})
    )
    private = "linden at House of the Lindens, plant seven, 9010KETU22100001"
    write_log(profile, [line(1, private)])
    with prepared(Options(profile=profile, password="hunter2")) as run:
        text = diagnostics_text(run)
    for secret in ("inden", "plant seven", "9010", "hunter2", str(profile)):
        assert secret not in text
    assert "1 station, 20" in text
    assert "••• at •••, •••, •••" in text


def test_the_last_hundred_lines_of_the_log_are_shown(profile):
    write_log(profile, [line(number, "no reading: offline") for number in range(200)])
    found = look(profile)
    assert len(found.log) == 100
    assert found.log[-1] == line(199, "no reading: offline")
    with prepared(Options(profile=profile)) as run:
        assert f"  {found.log[0]}\n" in diagnostics_text(run)


@pytest.mark.parametrize("name", ["settings.json", "history.sqlite3", "sems-tray.log"])
@pytest.mark.parametrize("kind", ["folder", "garbage"])
def test_a_broken_profile_is_told_of(profile, name, kind, caplog):
    profile.mkdir()
    if kind == "folder":
        (profile / name).mkdir()
    else:
        (profile / name).write_bytes(b"\x00garbage\xff" * 500)
    found = look(profile)
    told = facts(found)
    match name, kind:
        case "settings.json", "garbage":
            assert told["Files/Settings"].startswith("The settings file was damaged")
            assert told["Files/Set aside"] == "1 damaged file"
        case "settings.json", "folder":
            assert "cannot be read" in told["Files/Settings"]
        case "history.sqlite3", _:
            assert told["Files/History holds"].startswith("it cannot be read: ")
        case "sems-tray.log", "folder":
            assert found.log[0].startswith("the log cannot be read (")
        case _:
            assert found.log
    assert json.dumps(to_json(found))


def test_a_file_where_the_profile_should_be_is_told_of(profile, caplog):
    profile.write_text("mine")
    assert "cannot be read" in facts(look(profile))["Files/Settings"]
    assert profile.read_text() == "mine"


def test_a_question_that_fails_says_why_and_the_rest_is_answered(profile, monkeypatch):
    def fails():
        raise ZeroDivisionError("of owner@example.com")

    monkeypatch.setattr(report, "_display", fails)
    told = facts(look(profile))
    assert told["Desktop/Display"] == "unknown (ZeroDivisionError: of •••)"
    assert told["Portal/Dialect"] == "auto"


def test_proxies_are_told_of_without_their_addresses(profile, monkeypatch):
    monkeypatch.setenv("https_proxy", "http://linden:pw@proxy.example.com:3128")
    monkeypatch.setenv("linden_proxy", "x")
    found = look(profile)
    assert "https" in facts(found)["Portal/Proxies"]
    text = json.dumps(to_json(found))
    assert "proxy.example.com" not in text
    assert "linden" not in text


def test_odd_variables_stay_one_line(profile, monkeypatch):
    monkeypatch.setenv("XDG_CURRENT_DESKTOP", "GN\x1b[2J\nOME" + "x" * 5_000)
    told = facts(look(profile))["Desktop/Desktop"]
    assert "\n" not in told
    assert "\x1b" not in told
    assert len(told) <= 60


@pytest.mark.parametrize("address", ["unix:path=/nowhere", "garbage", "autolaunch:"])
@pytest.mark.skipif(sys.platform != "linux", reason="needs D-Bus")
def test_a_bus_that_is_not_there_is_told_of(address, profile, monkeypatch):
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
    told = facts(look(profile))
    for name in ("Desktop/Tray", "Desktop/Notifications", "Secrets/Keyring"):
        assert told[name] == "unknown (the session bus does not answer)"


def test_a_demo_has_a_profile_of_its_own_and_leaves_none():
    with prepared(Options(demo="day")) as run:
        text = diagnostics_text(run)
        assert not log_path(run.paths.log).exists()
    assert "in memory (a demo)" in text
    assert "demo@example.com" not in text
