"""``export`` and ``import`` as commands."""

import csv
import io
import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from sems_tray.domain.energy import Period
from sems_tray.domain.model import EnergySums, Station
from sems_tray.storage.history.store import History
from sems_tray.storage.paths import HISTORY
from tests.kit.history_data import HOME, MINUTE, NOON, inverter, point, reading

from .conftest import at_once

FULL = Path("/dev/full")
OFFLINE = {"SEMS_TRAY_ACCOUNT": "unset", "SEMS_TRAY_PASSWORD": "unset"}


def keep(folder, station=HOME, days=3):
    """Fill a profile's history."""
    with History(folder / HISTORY) as history:
        for n in range(days):
            at = NOON - timedelta(days=n)
            heard = (inverter("SN1", 900 + n, 40.5),)
            history.add(reading(at, id=station, inverters=heard, today=20.0 + n))
            history.add_curve(
                station, [point(at + MINUTE * k, pv_w=k) for k in range(1, 30)]
            )
        history.put_day(station, date(2026, 6, 19), EnergySums(pv_kwh=33.1))
        history.put_period(station, Period.MONTH, "2026-05", EnergySums(pv_kwh=400))
    return folder


@pytest.fixture
def profile(program):
    return keep(program.folder / "p")


@pytest.fixture
def run(program, profile):
    def go(*argv, folder=profile, **changes):
        return program.run(*argv, "--profile", folder, **OFFLINE | changes)

    return go


def table(text):
    return list(csv.DictReader(io.StringIO(text), strict=True))


def test_days_are_the_default(run):
    done = run("export", "--no-fetch")
    assert (done.code, done.err) == (0, "")
    rows = table(done.out)
    assert [it["Date"] for it in rows] == ["2026-06-19", "2026-06-20", "2026-06-21"]
    assert [it["PV (kWh)"] for it in rows] == ["33.1", "21", "20"]
    assert [it["Final"] for it in rows] == ["yes", "no", "no"]
    assert {it["House (kWh)"] for it in rows} == {""}


def test_each_kind_and_the_range(run):
    span = ("--from", "2026-06-20", "--to", "2026-06-20", "--no-fetch")
    minutes, months, as_json, everything = at_once(
        lambda it=it: run("export", *it)
        for it in (
            ("--every", "5min", *span),
            ("--every", "month", "--no-fetch"),
            ("--every", "5min", "--format", "json", "-o", "-", *span),
            ("--every", "everything", "--no-fetch"),
        )
    )
    rows = table(minutes.out)
    assert [it["Time"] for it in rows][:2] == [
        "2026-06-20T12:00:00+02:00",
        "2026-06-20T12:05:00+02:00",
    ]
    assert rows[0]["Inverter SN1 power (W)"] == "901"
    assert len(rows) == 6
    assert [it["Month"] for it in table(months.out)] == ["2026-05", "2026-06"]
    assert [it["Days known"] for it in table(months.out)] == ["31", "3"]
    assert [it["time"] for it in as_json.json["rows"]] == [it["Time"] for it in rows]
    assert as_json.json["station"] == {
        "id": HOME,
        "name": "Home",
        "timezone": "Europe/Amsterdam",
        "capacity_kwp": None,
    }
    assert len(everything.json["rows"]) == 90
    assert [it["month"] for it in everything.json["months"]] == ["2026-05"]
    assert {it.err for it in (minutes, months, as_json)} == {""}
    # The month of May is known, its days are not.
    assert everything.err == (
        "sems-tray: 49 days are missing: 1 May 2026 to 18 June 2026\n"
    )


def test_a_file_is_written_and_imported_into_another_profile(program, run):
    out, other = program.folder / "all.json", program.folder / "q"
    wrote = run("export", "--every", "everything", "-o", out, "--no-fetch")
    assert (wrote.code, wrote.out) == (0, "")
    assert wrote.err == (
        f"sems-tray: {out}: 94 rows; 49 days are missing: 1 May 2026 to 18 June 2026\n"
    )
    for new in (94, 0):
        read = run("import", out, folder=other)
        assert (read.code, read.out) == (0, "")
        assert read.err == f"sems-tray: {out}: 94 rows, {new} of them new\n"
    for every in ("5min", "day", "month", "everything"):
        argv = ("export", "--every", every, "--no-fetch")
        assert run(*argv).out == run(*argv, folder=other).out


def test_of_a_range_that_is_named_all_that_nobody_knows_is_missing(here, tmp_path):
    """The portal was asked, and knew nothing before the fifth."""
    with History(tmp_path / HISTORY) as history:
        for day in range(1, 9):
            history.record_asked(HOME, "totals", date(2026, 6, day))
        for day in range(5, 9):
            history.put_day(HOME, date(2026, 6, day), EnergySums(pv_kwh=1.0))
    argv = ("export", "--no-fetch", "--to", "2026-06-08", "--profile", str(tmp_path))
    named = here(*argv, "--from", "2026-06-01")
    assert named.err == "sems-tray: 4 days are missing: 1 June 2026 to 4 June 2026\n"
    assert here(*argv).err == ""


def test_nothing_known_is_told_and_no_error(program, run):
    empty, beyond = at_once(
        [
            lambda: run("export", "--no-fetch", folder=program.folder / "none"),
            lambda: run("export", "--to", "2020-01-01", "--no-fetch"),
        ]
    )
    for done in (empty, beyond):
        assert done.code == 0
        assert done.out.startswith("Date,PV (kWh),")
        assert done.out.count("\n") == 1
        assert done.err.startswith("sems-tray: nothing is known of ")
        assert done.err.count("\n") == 1
    assert not (program.folder / "none").exists()


def test_the_station_is_the_one_that_is_asked_for(program, run, profile):
    keep(profile, "plant-2", days=1)
    first, second, nobody = at_once(
        lambda it=it: run("export", *it, "--format", "json", "--no-fetch")
        for it in ((), ("--station", "plant-2"), ("--station", "plant-3"))
    )
    assert first.json["station"]["id"] == HOME
    assert second.json["station"]["id"] == "plant-2"
    assert len(second.json["rows"]) == 2
    assert nobody.json["rows"] == []
    assert nobody.err.count("\n") == 1


def test_a_bad_file_is_one_line_and_changes_nothing(program, run, profile):
    file = program.folder / "bad.json"
    before = run("export", "--no-fetch").out
    good = run("export", "--no-fetch", "--format", "json").out
    for text, words in (
        (good.replace('"day"', '"\x1b[2J"'), "line 1: it is no export of SEMS Tray"),
        (good[:-10], "it is cut short"),
        (before, "a CSV file cannot be imported; export everything as JSON"),
    ):
        file.write_text(text, encoding="utf-8")
        done = run("import", file)
        assert (done.code, done.out) == (1, "")
        assert words in done.err
        assert done.err.endswith("; nothing is imported\n")
        assert done.err.count("\n") == 1
        assert "\x1b" not in done.err
    for path in (program.folder / "none", program.folder):
        done = run("import", path)
        assert (done.code, done.err.count("\n")) == (1, 1)
    assert run("export", "--no-fetch").out == before


def test_a_file_of_another_station_is_refused_where_one_is_named(program, run):
    file = program.folder / "days.json"
    run("export", "--format", "json", "-o", file, "--no-fetch")
    done = run("import", file, SEMS_TRAY_STATION="plant-7")
    assert (done.code, done.out) == (2, "")
    assert "the file is of station plant-1" in done.err


def test_an_unwritable_file_is_one_line_and_exit_code_1(program, run):
    places = [program.folder / "none" / "x.csv", program.folder]
    if FULL.exists():
        places.append(FULL)
    for place in places:
        done = run("export", "-o", place, "--no-fetch")
        assert (done.code, done.out) == (1, ""), place
        assert done.err.count("\n") == 1
        assert str(place) in done.err
    assert not list(program.folder.glob(".sems*"))


@pytest.mark.skipif(not FULL.exists(), reason="there is no /dev/full")
def test_standard_output_may_be_full(program, profile):
    argv = ("export", "--every", "5min", "--no-fetch", "--profile", str(profile))
    with (
        FULL.open("wb") as full,
        program.popen(*argv, stdout=full, **OFFLINE) as child,
    ):
        _, err = child.communicate(timeout=60)
    assert (child.returncode, err) == (1, "sems-tray: No space left on device\n")


def test_a_history_that_cannot_be_kept_is_told(program, run):
    file, folder = program.folder / "d.json", program.folder / "broken"
    run("export", "--format", "json", "-o", file, "--no-fetch")
    (folder / HISTORY).mkdir(parents=True)
    done = run("import", file, folder=folder)
    assert (done.code, done.out) == (1, "")
    assert done.err.startswith("sems-tray: The history cannot be kept: ")
    assert done.err.count("\n") == 1


@pytest.mark.skipif(os.name == "nt", reason="limits are POSIX's")
def test_a_disk_that_fills_up_during_an_import_is_told(program, run):
    """What fitted is kept, and importing again does the rest."""
    file, folder = program.folder / "all.json", program.folder / "full"
    run("export", "--every", "everything", "-o", file, "--no-fetch")
    limited = (
        "import resource, signal, sys\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))\n"
        "from sems_tray.cli.main import main\n"
        "sys.exit(main(sys.argv[1:]))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", limited, "import", file, "--profile", folder],
        env=program.environment(**OFFLINE),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("sems-tray: The history cannot be kept: ")
    assert done.stderr.count("\n") == 1
    assert run("import", file, folder=folder).code == 0
    argv = ("export", "--every", "everything", "--no-fetch")
    assert run(*argv, folder=folder).out == run(*argv).out


def test_without_a_time_zone_the_times_are_in_utc_and_it_is_said(program, run):
    folder = program.folder / "z"
    with History(folder / HISTORY) as history:
        history.add(replace(reading(NOON), station=Station(id=HOME)))
    done = run("export", "--every", "5min", "--no-fetch", folder=folder)
    assert table(done.out)[0]["Time"] == "2026-06-21T10:00:00+00:00"
    assert done.err == (
        "sems-tray: the station's time zone is not known; the times are in UTC\n"
    )


def test_without_a_choice_the_accounts_first_station_is_exported(program, portals):
    portal = portals("multi")
    folder = keep(program.folder / "moved", station="of-another-account")
    done = program.run("stations", portal=portal)
    first = done.out.split("\t")[0]
    argv = ("export", "--every", "everything", "--format", "json")
    since = ("--from", date.today().isoformat())  # noqa: DTZ011 (some recent date)
    done = program.run(*argv, *since, "--profile", folder, portal=portal)
    assert done.code == 0, done.err
    assert done.json["station"]["id"] == first


# Where the portal, the disk or a file is in trouble.


def test_a_cut_history_is_mended_and_what_is_left_is_exported(run, profile):
    whole = table(run("export", "--every", "5min", "--no-fetch").out)
    file = profile / HISTORY
    with file.open("r+b") as history:
        history.truncate(file.stat().st_size - 4096)
    mended = run("export", "--every", "5min", "--no-fetch")
    assert mended.code == 0
    assert mended.err.startswith("sems-tray: The history was damaged; ")
    left = table(mended.out)
    assert 0 < len(left) <= len(whole)
    again = run("export", "--every", "5min", "--no-fetch")
    assert (again.code, table(again.out)) == (0, left)
    assert "damaged" not in again.err


def test_a_file_is_imported_into_a_damaged_history(program, run, profile):
    file = program.folder / "days.json"
    run("export", "--format", "json", "-o", file, "--no-fetch")
    (profile / HISTORY).write_bytes(b"not a database at all" * 500)
    done = run("import", file)
    assert done.code == 0
    assert "The history was damaged" in done.err
    assert re.search(r"(\d+) rows, \1 of them new", done.err)


def test_a_failed_export_with_nothing_to_write_spares_a_good_file(program, portal):
    file = program.folder / "all.csv"
    file.write_text("old")
    portal.fail("", "500")
    ask = ("export", "--profile", program.folder / "p", "-o", file)
    done = program.run(*ask, portal=portal)
    assert (done.code, done.out) == (4, "")
    assert done.err.count("\n") == 1
    assert "; nothing is known of any station" in done.err
    assert file.read_text() == "old"


def test_a_failed_export_says_in_one_line_what_was_written(program, portal, profile):
    file = program.folder / "all.csv"
    portal.fail("", "500")
    ask = ("export", "--profile", profile, "--from", "2026-06-01", "-o", file)
    done = program.run(*ask, portal=portal)
    assert (done.code, done.err.count("\n")) == (4, 1)
    assert done.err.endswith(f"; what is known was written to {file}\n")
    assert " days are missing: 1 June 2026 to 18 June 2026, 22 June 2026 to" in done.err
    rows = table(file.read_text())
    assert len([it for it in rows if it["PV (kWh)"]]) == 3
    yesterday = datetime.now(UTC).date() - timedelta(days=2)
    assert yesterday.isoformat() in {it["Date"] for it in rows}
    done = program.run(*ask[:-2], portal=portal)
    assert (done.code, done.err.count("\n")) == (4, 1)
    assert done.err.endswith("; what is known was written\n")
    assert table(done.out) == rows


def test_an_odd_month_is_named_and_costs_the_others_nothing(program, portal):
    """One reply that cannot be read is passed over; the file says what it lacks."""
    portal.fail("stations/statistics", "broken-json", times=4)
    profile, out = program.folder / "p", program.folder / "days.csv"
    to = datetime.now(UTC).date()
    since = to - timedelta(days=70)
    span = ("--from", since.isoformat(), "--to", to.isoformat())
    ask = ("export", *span, "-o", out, "--profile", profile)
    first = program.run(*ask, portal=portal)
    assert first.code == 5, first.err
    assert " days are missing: " in first.err
    again = program.run(*ask, portal=portal)
    assert (again.code, again.err) == (0, f"sems-tray: {out}: 71 rows\n")


@pytest.mark.skipif(os.name == "nt", reason="signals are POSIX's")
def test_who_stops_the_fetching_keeps_what_was_fetched(program, portal):
    first = datetime.now(UTC).date() - timedelta(days=60)
    profile = ("--profile", str(program.folder / "p"))
    ask = ("export", "--every", "5min", "--from", str(first), *profile)
    with program.popen(*ask, portal=portal) as child:
        deadline = time.monotonic() + 60
        while len(portal.requests) < 25:
            assert time.monotonic() < deadline
            assert child.poll() is None
            time.sleep(0.02)
        child.send_signal(signal.SIGINT)
        out, err = child.communicate(timeout=30)
    assert (child.returncode, out) == (130, "")
    assert err == (
        "sems-tray: stopped; what was fetched is kept, and another export goes on\n"
    )
    known = program.run(*ask, "--no-fetch", portal=portal)
    held = {it["Time"][:10] for it in table(known.out) if it["PV (W)"]}
    assert len(held) > 5
    assert " days are missing: " in known.err


def test_nothing_is_fetched_for_a_history_that_cannot_keep_it(profile, here, portal):
    with closing(sqlite3.connect(profile / HISTORY)) as con:
        con.execute("PRAGMA user_version=99")
    file = profile / "powers.csv"
    argv = ("export", "--every", "5min", "--profile", str(profile), "-o", str(file))
    done = here(*argv, portal=portal)
    assert (done.code, done.out, done.err.count("\n")) == (1, "", 1)
    assert done.err.startswith("sems-tray: The history comes from a newer version")
    assert done.err.endswith(f"; what is known was written to {file}\n")
    assert portal.count("/statisticsAndPreV2") == 0


def test_an_export_leaves_no_log_behind(program, portal):
    profile = program.folder / "q"
    for _ in range(2):  # the second one finds a history, and reads it first
        done = program.run("export", "--profile", profile, portal=portal)
        assert done.code == 0, done.err
    log = profile / f"{HISTORY}-wal"
    assert not log.exists() or not log.stat().st_size
