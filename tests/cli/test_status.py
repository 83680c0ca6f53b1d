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
def test_a_reading_is_one_object_for_programs_and_a_page_for_people(
    dialect, here, portal
):
    done = here("status", "--json", "--dialect", dialect, portal=portal)
    assert (done.code, done.err, done.out.count("\n")) == (0, "", 1)
    got = done.json
    assert (got["dialect"], got["state"], got["trouble"]) == (dialect, "ok", None)
    assert list(got["power"].values()) == [3210, 800, 1210, -1200, None]
    assert (got["battery"]["soc_percent"], got["battery"]["state"]) == (76, "charging")
    assert got["station"]["name"] == "Demo House"
    age_s = datetime.now(UTC) - datetime.fromisoformat(got["measured_at"])
    assert got["age_s"] == pytest.approx(age_s.total_seconds(), abs=60)
    assert [it["model"] for it in got["inverters"]] == ["GW10K-ET", "GW5000-DNS"]
    assert all(it["strings"] and it["phases"] for it in got["inverters"])
    assert portal.sign_ins == 1
    page = here("status", "--dialect", dialect, portal=portal)
    assert (page.code, page.err) == (0, "")
    lines = page.out.splitlines()
    assert lines[0] == "Demo House"
    assert lines[2:4] == ["State     All well", "Solar     3.2 kW"]
    assert lines[-1].startswith("Measured ")


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


def test_the_chosen_station_is_shown(here, portals, monkeypatch):
    multi = portals("multi")
    wanted = multi.world.sites[1].spec
    monkeypatch.setenv("SEMS_TRAY_STATION", wanted.station_id)
    assert here("status", "--json", portal=multi).json["station"]["name"] == wanted.name
    monkeypatch.setenv("SEMS_TRAY_STATION", "not-this")
    option = ("--station", wanted.station_id)
    done = here("status", "--json", *option, portal=multi)
    assert done.json["station"]["name"] == wanted.name
    wrong = here("status", portal=multi)
    assert wrong.code == 3
    assert "has no station, or not the chosen one" in wrong.err


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_name_commands_no_terminal(dialect, here, portal):
    site = portal.world.sites[0]
    inverter = replace(site.spec.inverters[0], name=EVIL)
    site.spec = replace(
        site.spec, name=EVIL, inverters=(inverter, *site.spec.inverters[1:])
    )
    page, listed, one, many = (
        here(*it, "--dialect", dialect, portal=portal)
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
