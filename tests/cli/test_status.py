"""``status`` and ``stations`` against a portal that behaves."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from sems_tray.domain.lifetime_counters import LIFETIMES, to_json
from sems_tray.domain.model import Counter, Lifetimes
from sems_tray.storage.history.store import History
from sems_tray.storage.paths import profile_paths

from .conftest import at_once

DIALECTS = ("semsplus", "classic")
HARMLESS = "屋顶 [2J ]0;owned Roof 31m"
EVIL = "屋顶 \x1b[2J\x1b]0;owned\x07\n\u202eRoof\x9b31m"


@pytest.mark.parametrize("dialect", DIALECTS)
def test_the_json_holds_what_the_portal_shows(dialect, program, portal):
    done = program.run("status", "--json", "--dialect", dialect, portal=portal)
    assert (done.code, done.err) == (0, "")
    assert done.out.count("\n") == 1
    got = done.json
    assert got["schema"] == 1
    assert got["dialect"] == dialect
    assert got["state"] == "ok"
    assert got["trouble"] is None
    assert got["stale"] == []
    assert got["power"] == {
        "pv_w": 3210,
        "load_w": 800,
        "grid_w": 1210,
        "battery_w": -1200,
        "ev_w": None,
    }
    assert got["battery"]["soc_percent"] == 76
    assert got["battery"]["state"] == "charging"
    assert got["station"]["name"] == "Demo House"
    assert got["station"]["capacity_kwp"] == 10.1
    taken = datetime.fromisoformat(got["measured_at"])
    assert taken.tzinfo is not None
    age_s = (datetime.now(UTC) - taken).total_seconds()
    assert got["age_s"] == pytest.approx(age_s, abs=60)
    assert [it["model"] for it in got["inverters"]] == ["GW10K-ET", "GW5000-DNS"]
    assert all(it["strings"] and it["phases"] for it in got["inverters"])
    assert got["energy"]["today"]["pv_kwh"] > 0
    assert portal.sign_ins == 1


def test_both_dialects_tell_the_same_story(program, portal):
    plus, classic = at_once(
        lambda it=it: program.run("status", "--json", "--dialect", it, portal=portal)
        for it in DIALECTS
    )
    for part in ("power", "battery", "state", "alarms"):
        assert plus.json[part] == classic.json[part]
    for key in ("id", "name", "capacity_kwp"):
        assert plus.json["station"][key] == classic.json["station"][key]


@pytest.mark.parametrize("dialect", [*DIALECTS, "auto"])
def test_the_page_is_for_people(dialect, here, portal):
    done = here("status", "--dialect", dialect, portal=portal)
    assert (done.code, done.err) == (0, "")
    lines = done.out.splitlines()
    assert lines[0] == "Demo House"
    assert "State     All well" in lines
    assert "Solar     3.2 kW" in lines
    assert "Battery   76 %, charging 1.2 kW" in lines
    assert "House     0.8 kW" in lines
    assert "Grid      exporting 1.2 kW" in lines
    assert lines[-1].startswith("Measured ")
    assert "\x1b" not in done.out


def test_auto_speaks_sems_plus_first_and_classic_where_that_is_gone(program, portals):
    both, old = portals(), portals()
    old.fail("/auth/cross-login", "404")
    first, second = at_once(
        lambda it=it: program.run("status", "--json", portal=it) for it in (both, old)
    )
    assert (first.json["dialect"], both.sign_ins) == ("semsplus", 1)
    assert (second.json["dialect"], old.sign_ins) == ("classic", 2)
    assert second.json["power"] == first.json["power"]
    chosen = program.run("status", "--json", "--dialect", "semsplus", portal=old)
    assert (chosen.code, chosen.json["trouble"]) == (5, "portal_changed")


@pytest.mark.parametrize(
    ("scenario", "state", "words"),
    [
        ("night", "night", "Night"),
        ("pv-only", "ok", "All well"),
        ("fault", "fault", "Fault: Isolation Failure"),
        ("grid-lost", "grid_lost", "Grid lost"),
        ("silent", "silent", "No report since "),
    ],
)
def test_every_scenario_has_its_state(scenario, state, words, here, tmp_path):
    page = here("status", "--demo", scenario)
    data = here("status", "--demo", scenario, "--json", "--dialect", "classic")
    assert f"State     {words}" in page.out
    assert (data.code, data.err) == (0, "")
    assert data.json["state"] == state
    assert (data.json["battery"] is None) is (scenario == "pv-only")
    active = [it["name"] for it in data.json["alarms"] if it["active"]]
    assert bool(active) is (scenario in {"fault", "grid-lost"})
    assert [*(tmp_path / "home").iterdir()] == []


def test_stations_are_listed_a_line_each(here):
    page = here("stations", "--demo", "multi")
    listed = here("stations", "--demo", "multi", "--json")
    assert (page.code, page.err, listed.code) == (0, "", 0)
    rows = [line.split("\t") for line in page.out.splitlines()]
    assert all(len(row) == 3 for row in rows)
    assert "Demo House" in [row[1] for row in rows]
    assert [list(it.values()) for it in listed.json] == rows
    assert [list(it) for it in listed.json] == [["id", "name", "state"]] * len(rows)


def test_the_chosen_station_is_shown(program, portals):
    multi = portals("multi")
    wanted = multi.world.sites[1].spec
    option, variable, wrong = at_once(
        [
            lambda: program.run(
                "status",
                "--json",
                "--station",
                wanted.station_id,
                portal=multi,
                SEMS_TRAY_STATION="not-this",
            ),
            lambda: program.run(
                "status", "--json", portal=multi, SEMS_TRAY_STATION=wanted.station_id
            ),
            lambda: program.run("status", "--station", "elsewhere", portal=multi),
        ]
    )
    assert option.json["station"]["name"] == wanted.name
    assert variable.json["station"]["name"] == wanted.name
    assert wrong.code == 3
    assert "has no station, or not the chosen one" in wrong.err


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_name_commands_no_terminal(dialect, program, portal):
    site = portal.world.sites[0]
    inverter = replace(site.spec.inverters[0], name=EVIL)
    site.spec = replace(
        site.spec, name=EVIL, inverters=(inverter, *site.spec.inverters[1:])
    )
    page, listed, one, many = at_once(
        lambda it=it: program.run(*it, "--dialect", dialect, portal=portal)
        for it in (
            ("status",),
            ("stations",),
            ("status", "--json"),
            ("stations", "--json"),
        )
    )
    for done in (page, listed, one, many):
        assert done.code == 0
        assert "屋顶" in done.out
        assert not set(done.out) & set("\x1b\x07\x9b\u202e")
    assert page.out.splitlines()[0] == HARMLESS
    assert listed.out.count("\n") == 1
    # Nor does a program get what it may print or write to a file.
    assert one.json["station"]["name"] == many.json[0]["name"] == HARMLESS
    assert {it["name"] for it in one.json["inverters"]} > {HARMLESS}


def test_without_unicode_nothing_crashes_and_json_loses_nothing(program, portal):
    site = portal.world.sites[0]
    site.spec = replace(site.spec, name="屋顶 ▲")
    terminals = (
        {"PYTHONUTF8": "0", "LC_ALL": "C", "PYTHONCOERCECLOCALE": "0"},
        {"PYTHONIOENCODING": "ascii:strict", "LANG": "C"},
        {"PYTHONIOENCODING": "cp437"},
    )
    pages = at_once(
        lambda it=it: program.run("status", portal=portal, **it) for it in terminals
    )
    for page in pages:
        assert (page.code, page.out.splitlines()[0]) == (0, "?? ?")
        assert "Solar     3.2 kW" in page.out
    data, listed = at_once(
        lambda it=it: program.run(*it, portal=portal, **terminals[0])
        for it in (("status", "--json"), ("stations",))
    )
    assert json.loads(data.out)["station"]["name"] == "屋顶 ▲"
    assert "\t?? ?\t" in listed.out


def test_a_lifetime_counts_on_from_what_the_tray_has_kept(here, portal, tmp_path):
    """The inverter was replaced: its counter began anew, the roof's past did not."""
    station = portal.books.station_ids[0]
    sold = ("status", "--json", "--profile", str(tmp_path))
    first = here(*sold, portal=portal).json["energy"]["total"]["pv_kwh"]
    now = datetime.now(UTC)
    before = Counter(kwh=first - 1, seen_at=now, base_kwh=5000.0)
    with History(profile_paths(tmp_path).history) as history:
        kept = to_json(Lifetimes(station={"pv_kwh": before}))
        history.put_state(station, LIFETIMES, kept)
    later = here(*sold, portal=portal).json["energy"]["total"]["pv_kwh"]
    assert later == pytest.approx(first + 5000, abs=0.5)
