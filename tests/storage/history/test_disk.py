"""What disks, other programs and sudden deaths do; nothing stored is ever lost."""

import errno
import os
import random
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path

import pytest

from sems_tray.domain.energy import Period
from sems_tray.storage.history.file import MOST_WAITING
from sems_tray.storage.history.reader import HistoryReader
from sems_tray.storage.history.store import History
from sems_tray.storage.paths import HISTORY
from tests.kit.history_data import HOME, MINUTE, NOON, filled, minutes_of, reading

CHILD = (
    sys.executable,
    "-W",
    "error",
    str(Path(__file__).with_name("history_child.py")),
)
TORTURE = (pytest.mark.torture, pytest.mark.timeout(1200))
posix = pytest.mark.skipif(os.name != "posix", reason="asks POSIX for trouble")


def done(*args):
    """Run a child to its end; return what it said."""
    ended = subprocess.run(
        (*CHILD, *map(str, args)),
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


@posix
@pytest.mark.parametrize("kills", [10, pytest.param(200, marks=TORTURE)])
def test_being_killed_in_the_middle_of_writing_loses_nothing(tmp_path, kills):
    path, dice, stored = tmp_path / HISTORY, random.Random(kills), 0
    for _ in range(kills):
        args = (*CHILD, "write", str(path), str(stored), "1000000")
        with subprocess.Popen(args, stdout=subprocess.PIPE, text=True) as child:
            assert child.stdout is not None
            for _ in range(dice.randint(1, 300)):
                child.stdout.readline()
            child.kill()
            said = child.stdout.read().rpartition("\n")[0].split()
        with History(path) as history:
            assert not history.message
            found = minutes_of(history.reader)
            assert sorted(found.values()) == list(range(len(found)))
            assert len(found) > max((int(it) for it in said), default=stored)
            (year,) = history.reader.periods(HOME, Period.YEAR, last="2023")
            assert year.sums.pv_kwh is not None
            stored = len(found)
    with closing(sqlite3.connect(path)) as con:
        assert con.execute("PRAGMA integrity_check").fetchone() == ("ok",)


@posix
def test_a_file_that_cannot_grow_keeps_what_it_has_and_the_rest_waits(tmp_path):
    said = done("full", tmp_path / HISTORY)
    assert "The history cannot be kept" in said
    assert "Waiting in memory" in said
    with HistoryReader(tmp_path / HISTORY) as reader:
        assert len(minutes_of(reader)) == 1501


def test_a_full_disk_is_said_and_outlived(tmp_path):
    with History(tmp_path / HISTORY) as history:
        filled(history, 300)
        con = history.con
        assert con is not None
        pages = con.execute("PRAGMA page_count").fetchone()[0]
        con.execute(f"PRAGMA max_page_count={pages}")
        n = 0
        while history.add(reading(NOON + MINUTE * n)):
            n += 1
        assert history.message == (
            "The history cannot be kept: the disk is full. Waiting in memory: 1."
        )
        assert not history.add(reading(NOON + MINUTE * (n + 1)))
        assert history.waiting == 2
        history.check()
        assert "Waiting in memory: 2." in history.message
        assert len(minutes_of(history.reader)) == 300 + n
        con.execute("PRAGMA max_page_count=1000000")
        assert history.add(reading(NOON + MINUTE * (n + 2)))
        assert not history.message
        assert len(minutes_of(history.reader)) == 300 + n + 3


def test_a_damaged_file_on_a_full_disk_is_left_alone(tmp_path, monkeypatch):
    path = tmp_path / HISTORY
    path.write_bytes(b"x" * 5000)

    def no_room(old, new):
        new.write_bytes(b"half")
        raise OSError(errno.ENOSPC, "No space left on device")

    ticks = [0.0]
    with monkeypatch.context() as patch:
        patch.setattr("sems_tray.storage.history.file.salvage", no_room)
        history = History(path, tick=lambda: ticks[0])
        history.open()
        assert "no space left" in history.message
        assert not history.add(reading())
        assert list(tmp_path.iterdir()) == [path]
    ticks[0] += 61
    assert history.add(reading())
    assert "damaged" in history.message
    assert len(minutes_of(history.reader)) == 1
    history.close()


def test_what_waits_in_memory_is_bounded_and_the_loss_is_said(tmp_path):
    (tmp_path / "file").write_text("no folder")
    with History(tmp_path / "file" / HISTORY) as history:
        assert "cannot be kept" in history.message
        for _ in range(MOST_WAITING + 3):
            assert not history.put_state(HOME, "x", 1)
        assert history.waiting == MOST_WAITING
        assert "Given up: 3." in history.message


@posix
def test_a_folder_that_cannot_be_written_is_read_and_the_program_goes_on():
    # Not tmp_path: a user without rights must be able to reach it.
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "data"
        Path(name).chmod(0o755)
        said = done("read_only", folder / HISTORY)
        folder.chmod(0o755)
    assert said.endswith("done\n")
    assert said.count("The history cannot be kept") == 2


def test_another_program_that_writes_is_waited_for_and_then_said(tmp_path, monkeypatch):
    monkeypatch.setattr("sems_tray.storage.history.database.BUSY_S", 0.1)
    path = tmp_path / HISTORY
    with History(path) as history, closing(sqlite3.connect(path)) as other:
        other.isolation_level = None
        other.execute("BEGIN IMMEDIATE")
        assert not history.add(reading())
        assert "another program is writing" in history.message
        other.execute("ROLLBACK")
        assert history.add(reading(NOON + MINUTE))
        assert len(minutes_of(history.reader)) == 2


def test_a_history_that_could_not_be_opened_is_tried_again_later(tmp_path):
    ticks = [0.0]
    blocked = tmp_path / "data"
    blocked.write_text("in the way")
    with History(blocked / HISTORY, tick=lambda: ticks[0]) as history:
        assert not history.add(reading())
        blocked.unlink()
        assert not history.add(reading(NOON + MINUTE))
        ticks[0] += 61
        assert history.add(reading(NOON + 2 * MINUTE))
        assert not history.message
        assert len(minutes_of(history.reader)) == 3


def test_what_waits_is_written_when_the_history_is_closed(tmp_path):
    path = tmp_path / HISTORY
    with History(path) as history:
        con = history.con
        assert con is not None
        con.execute("PRAGMA query_only=ON")
        assert not history.add(reading())
        assert "read-only" in history.message
        con.execute("PRAGMA query_only=OFF")
    with HistoryReader(path) as reader:
        assert len(minutes_of(reader)) == 1


def test_a_bug_is_not_met_again_with_every_write(tmp_path):
    with History(tmp_path / HISTORY) as history:
        with pytest.raises(AttributeError):
            history.add_notice("no notice")  # type: ignore[arg-type]
        assert history.add(reading())


@posix
def test_one_writes_while_another_reads(tmp_path):
    path, seen = tmp_path / HISTORY, [0]
    with (
        subprocess.Popen(
            (*CHILD, "write", path, "0", "1500"), stdout=subprocess.PIPE, text=True
        ) as child,
        HistoryReader(path) as reader,
    ):
        assert child.stdout is not None
        for line in child.stdout:
            if int(line) % 50 == 0:
                found = len(minutes_of(reader))
                assert found >= max(seen[-1], int(line) + 1)
                seen.append(found)
    assert child.returncode == 0
    assert len(seen) == 31


@posix
def test_two_that_write_at_once_lose_nothing(tmp_path):
    path = tmp_path / HISTORY
    with History(path) as history:
        history.add(reading())
    args = [(*CHILD, "write", path, str(first), "400") for first in (0, 5000)]
    children = [subprocess.Popen(it, stdout=subprocess.DEVNULL) for it in args]
    assert [it.wait(60) for it in children] == [0, 0]
    with HistoryReader(path) as reader:
        assert len(minutes_of(reader)) == 801
