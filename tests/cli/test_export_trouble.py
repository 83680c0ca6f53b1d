"""Exports and imports where the portal, the disk or a file is in trouble."""

import os
import re
import signal
import sqlite3
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest

from sems_tray.storage.paths import HISTORY

from .test_export import OFFLINE, keep, table


@pytest.fixture
def profile(program):
    return keep(program.folder / "p")


@pytest.fixture
def run(program, profile):
    def go(*argv):
        return program.run(*argv, "--profile", profile, **OFFLINE)

    return go


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
