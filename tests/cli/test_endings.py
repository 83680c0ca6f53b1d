"""How the program ends: interrupted, with nobody reading, with nowhere to write."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from .conftest import at_once

posix = pytest.mark.skipif(os.name == "nt", reason="signals and pipes are POSIX's")
linux = pytest.mark.skipif(sys.platform != "linux", reason="/dev/full is Linux's")


@posix
@pytest.mark.parametrize("name", ["SIGTERM", "SIGINT", "SIGHUP"])
def test_a_watch_ends_quietly_when_told_so(name, program):
    with program.popen("status", "--watch", "--json", "--demo") as child:
        first = child.stdout.readline()
        assert program.traces() != []  # its profile
        child.send_signal(getattr(signal, name))
        rest, err = child.communicate(timeout=10)
    assert json.loads(first)["state"] == "ok"
    assert (child.returncode, rest, err) == (0, "", "")
    assert program.traces() == []


@posix
def test_nohup_is_respected(program, portal):
    script = "import signal, runpy; signal.signal(signal.SIGHUP, signal.SIG_IGN);"
    script += "import sys; sys.argv[1:] = ['status', '--watch', '--portal', {!r}];"
    script += "runpy.run_module('sems_tray', run_name='__main__')"
    with subprocess.Popen(
        [sys.executable, "-c", script.format(portal.url)],
        stdout=subprocess.PIPE,
        env=program.environment(),
    ) as child:
        assert child.stdout is not None
        child.stdout.readline()
        child.send_signal(signal.SIGHUP)
        time.sleep(0.3)
        assert child.poll() is None
        child.terminate()
        child.communicate(timeout=10)
    assert child.returncode == 0


@posix
@pytest.mark.parametrize("name", ["SIGTERM", "SIGINT"])
def test_one_reading_that_was_interrupted_is_no_success(name, program, portal):
    portal.fail("/stations/flow", "hang")
    with program.popen("status", "--json", portal=portal) as child:
        until = time.monotonic() + 20
        while not portal.count("/stations/flow") and time.monotonic() < until:
            time.sleep(0.02)
        child.send_signal(getattr(signal, name))
        out, err = child.communicate(timeout=10)
    assert (child.returncode, out, err) == (130, "", "")


@posix
@pytest.mark.parametrize("argv", [("status",), ("stations", "--json")])
def test_a_reader_that_left_is_no_error(argv, program):
    with program.popen(*argv, "--demo", "pv-only") as child:
        child.stdout.close()
        child.stdout = None
        _, err = child.communicate(timeout=70)
    assert (child.returncode, err) == (0, "")
    assert program.traces() == []


@linux
@pytest.mark.parametrize(
    "argv", [("status", "--demo"), ("stations", "--demo"), ("--version",)]
)
def test_a_full_disk_is_told_in_one_line(argv, program):
    with (
        Path("/dev/full").open("w", encoding="utf-8") as full,
        program.popen(*argv, stdout=full) as child,
    ):
        _, err = child.communicate(timeout=20)
    assert (child.returncode, err) == (1, "sems-tray: No space left on device\n")
    assert program.traces() == []


@posix
@pytest.mark.parametrize("closing", [">&-", "2>&-", ">&- 2>&-", ">&- 2>&- <&-"])
def test_closed_streams_are_no_error(closing, program, portal):
    command = f'exec "{sys.executable}" -m sems_tray status --portal {portal.url}'
    done = subprocess.run(  # noqa: S602 (the shell closes the streams)
        f"{command} {closing}",
        shell=True,
        env=program.environment(),
        capture_output=True,
        timeout=20,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, b"")


def test_without_a_usable_home_it_runs_on_what_it_is_given(program, portal):
    (program.folder / "file").write_text("")
    homes = {
        "none": {"HOME": "unset"},
        "not there": {"HOME": "/nonexistent/home"},
        "a file": {"HOME": program.folder / "file"},
        "relative": {"HOME": "somewhere"},
        "no rights": {"HOME": "/proc"},
    }
    found = at_once(
        lambda it=it: program.run("status", portal=portal, **it)
        for it in homes.values()
    )
    assert {it.code for it in found} == {0}
    assert all("Solar     3.2 kW" in it.out for it in found)


@pytest.fixture
def watch(here, monkeypatch):
    """Watch in this process, interrupted in the n-th wait; return the waits too."""

    def run(*argv, portal, rounds):
        waits = []

        def sleep(seconds):
            waits.append(seconds)
            if len(waits) == rounds:
                raise KeyboardInterrupt

        monkeypatch.setattr(time, "sleep", sleep)
        return here("status", "--watch", *argv, portal=portal), waits

    return run


def test_a_watch_prints_one_object_a_line_each_minute(watch, portal):
    done, waits = watch("--json", portal=portal, rounds=3)
    lines = done.out.splitlines()
    assert [json.loads(it)["power"]["pv_w"] for it in lines] == [3210] * 3
    assert (done.code, done.err, waits) == (0, "", [60.0] * 3)
    assert portal.sign_ins == 1


def test_a_watch_for_people_leaves_a_line_between_the_pages(watch, portal):
    done, _ = watch(portal=portal, rounds=2)
    first, second, rest = done.out.split("\n\n")
    assert first.startswith("Demo House\n")
    assert second.startswith("Demo House\n")
    assert rest == ""


def test_a_watch_goes_on_after_a_trouble_and_tells_it(watch, portal):
    portal.fail("/stations/flow", "500", times=1)
    done, waits = watch("--json", portal=portal, rounds=2)
    first, second = map(json.loads, done.out.splitlines())
    assert (first["trouble"], second["trouble"], done.code) == ("unreachable", None, 0)
    assert done.err.count("\n") == 1
    assert 60 <= waits[0] <= 75


@pytest.mark.parametrize(("password", "sign_ins"), [("wrong", 1), (None, 0)])
def test_a_watch_ends_where_only_the_owner_can_help(
    password, sign_ins, watch, portal, monkeypatch
):
    if password is None:
        monkeypatch.delenv("SEMS_TRAY_ACCOUNT")
        monkeypatch.delenv("SEMS_TRAY_PASSWORD")
    else:
        monkeypatch.setenv("SEMS_TRAY_PASSWORD", password)
    done, waits = watch(portal=portal, rounds=1)
    assert (done.code, waits, portal.sign_ins) == (3, [], sign_ins)
    assert done.err.count("\n") == 1


def test_a_mistake_of_ours_is_told_without_a_traceback(
    here, portal, monkeypatch, caplog
):
    def stumble(*_):
        raise ZeroDivisionError("secret words")

    monkeypatch.setattr("sems_tray.portal.client.SemsClient.fetch", stumble)
    done = here("status", portal=portal)
    assert done.code == 5
    assert "(an error in SEMS Tray itself)" in done.err
    assert "ZeroDivisionError" in done.err
    assert "Traceback" not in done.err
    assert "secret words" not in done.err
