"""Help, version, wrong usage, and ``simulate``."""

import json
import os
import signal
import urllib.request

import pytest

from sems_tray import __version__
from sems_tray.simulator.scenarios import SCENARIOS

from .conftest import at_once

EVERYTHING = (
    *("--demo", "--portal", "--dialect", "--station", "--profile", "--quit"),
    *("--refresh", "--verbose", "--version", "--help"),
    *("status", "stations", "export", "import", "diagnostics", "simulate"),
    *("SEMS_TRAY_ACCOUNT", "SEMS_TRAY_PASSWORD", "SEMS_TRAY_PORTAL"),
    *("SEMS_TRAY_STATION", "SEMS_TRAY_DIALECT", "auto", "semsplus", "classic"),
    "0 ok, 1 a file or the history",
    *SCENARIOS,
)
# What the help of each command names.
OPTIONS = {
    "status": ("--json", "--watch", "--demo", "--portal"),
    "diagnostics": ("--json",),
    "export": ("--from", "--to", "--every", "--format", "-o", "--no-fetch", "5min"),
    "simulate": ("--host", "--port", "--scenario", "--seed", "--speed"),
}


def test_the_help_mentions_everything(here, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    whole = here("--help")
    assert whole.code == 0
    assert [it for it in EVERYTHING if it not in whole.out] == []
    assert max(map(len, whole.out.splitlines())) <= 80
    for command, options in OPTIONS.items():
        done = here(command, "--help")
        assert (done.code, done.err) == (0, "")
        assert [it for it in options if it not in done.out] == []
        assert "--keyring-backend" not in done.out


def test_the_version_is_told_even_without_a_home(program):
    done = program.run("--version", HOME="unset")
    assert (done.code, done.out, done.err) == (0, f"SEMS Tray {__version__}\n", "")


WRONG = [
    ("bogus",),
    ("--bogus",),
    ("status", "--bogus"),
    ("status", "extra"),
    ("status", "--demo", "dawn"),
    ("stations", "--watch"),
    ("status", "--dialect", "modbus"),
    ("status", "--portal", "http://example.com"),
    ("status", "--portal", "garbage\n\x1b[2J"),
    ("status", "--profile", ""),
    ("status", "--station"),
    ("simulate", "--port", "http"),
    ("simulate", "--port", "99999"),
    ("simulate", "--speed", "0"),
    ("simulate", "--speed", "nan"),
    ("simulate", "--scenario", "dawn"),
    ("export", "--from", "2026-02-02", "--to", "2026-02-01", "--no-fetch"),
    ("export", "--from", "2198-01-01", "--no-fetch"),
    ("export", "--from", "1900-01-01", "--no-fetch"),
    ("export", "--to", "2026-02-30", "--no-fetch"),
    ("export", "--to", "20260201", "--no-fetch"),
    ("export", "--every", "hour", "--no-fetch"),
    ("export", "--every", "everything", "--format", "csv", "--no-fetch"),
    ("export", "--format", "xlsx", "--no-fetch"),
    ("export", "-o", "", "--no-fetch"),
    ("import",),
    ("import", ""),
    ("import", "a", "b"),
    ("--demo", "import", "a"),
    ("--quit", "--refresh"),
    ("--quit", "--demo"),
    ("--refresh", "status"),
    ("status", "--quit"),
    ("--quit", "--station"),
]


def test_wrong_usage_is_one_line_and_exit_code_2(here, tmp_path):
    for argv in WRONG:
        done = here(*argv)
        assert done.code == 2, argv
        assert done.out == "", argv
        assert done.err.count("\n") == 1, argv
        assert "\x1b" not in done.err, argv
        assert done.err.strip(), argv
    assert [*(tmp_path / "home").iterdir()] == []


def test_a_wrong_variable_is_named(program):
    done = program.run("status", SEMS_TRAY_PORTAL="http://example.com")
    assert done.code == 2
    assert done.err == (
        "sems-tray: SEMS_TRAY_PORTAL: http is allowed for this computer only;"
        " use https\n"
    )


def test_the_environment_names_the_portal_and_the_option_goes_first(program, portals):
    mine, other = portals(), portals()
    by_variable, by_option, demo = at_once(
        [
            lambda: program.run("status", "--json", SEMS_TRAY_PORTAL=mine.url),
            lambda: program.run(
                "status",
                "--json",
                "--dialect",
                "semsplus",
                portal=other,
                SEMS_TRAY_PORTAL="http://127.0.0.1:9",
                SEMS_TRAY_DIALECT="classic",
            ),
            lambda: program.run(
                "--demo", "status", "--json", SEMS_TRAY_PORTAL="http://127.0.0.1:9"
            ),
        ]
    )
    assert by_variable.json["power"]["pv_w"] == 3210
    assert by_option.json["dialect"] == "semsplus"
    assert demo.json["station"]["name"] == "Demo House"
    assert (mine.sign_ins, other.sign_ins) == (1, 1)


@pytest.mark.skipif(os.name == "nt", reason="signals are POSIX's")
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM"])
def test_the_simulator_serves_until_it_is_told_to_stop(name, program):
    with program.popen("simulate", "--scenario", "pv-only", "--seed", "7") as child:
        line = child.stdout.readline()
        assert line.startswith("listening on http://127.0.0.1:")
        url = line.split()[-1]
        done = program.run("status", "--json", "--portal", url)
        refused = program.run("status", "--portal", url, SEMS_TRAY_PASSWORD="wrong")
        with pytest.raises(OSError, match="404"):
            urllib.request.urlopen(f"{url}/elsewhere", timeout=5)  # noqa: S310
        child.send_signal(getattr(signal, name))
        rest, err = child.communicate(timeout=10)
    assert json.loads(done.out)["station"]["name"] == "Demo Roof"
    assert refused.code == 3
    assert (child.returncode, rest, err) == (0, "", "")
    assert program.traces() == []


def test_an_address_that_is_taken_is_told(program, portal):
    port = portal.url.rpartition(":")[2]
    done = program.run("simulate", "--port", port)
    assert (done.code, done.out) == (4, "")
    assert f"cannot listen on 127.0.0.1:{port}" in done.err
    assert done.err.count("\n") == 1
