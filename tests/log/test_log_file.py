"""The log file stays small, whole and private, whatever happens around it."""

import logging
import os
import subprocess
import sys
import threading
from collections import deque
from pathlib import Path

import pytest

from sems_tray.log.log_file import OLD, LogFileHandler, last_lines, older

CHILD = """
import sys
from pathlib import Path
from tests.log.test_log_file import Log
log = Log(Path(sys.argv[1]), limit=int(sys.argv[3]))
for number in range(int(sys.argv[4])):
    log.write(f"{sys.argv[2]} {number}")
"""
CHECKOUT = Path(__file__).parent.parent.parent


class Log:
    """A log that is written to a line at a time."""

    def __init__(self, path, limit=500_000):
        self.handler = LogFileHandler(path, limit)

    def write(self, line):
        record = logging.LogRecord("a", logging.INFO, "a.py", 1, line, (), None)
        self.handler.handle(record)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "state" / "sems-tray" / "a.log"


def read(path):
    return path.read_text(encoding="utf-8").splitlines()


def test_it_makes_its_folder_and_is_for_the_owner_only(path):
    Log(path).write("hello \N{SNOWMAN}")
    assert read(path) == ["hello \N{SNOWMAN}"]
    if sys.platform != "win32":
        assert path.stat().st_mode & 0o777 == 0o600
        assert path.parent.stat().st_mode & 0o777 == 0o700


def test_it_begins_anew_when_it_is_full_and_keeps_two_older_ones(path):
    log = Log(path, limit=100)
    for number in range(100):
        log.write(f"line {number:03}")
    files = [path, *older(path)]
    assert len(files) == 1 + OLD
    assert all(it.stat().st_size <= 100 for it in files)
    assert sorted(it.name for it in path.parent.iterdir()) == [it.name for it in files]
    lines = [line for it in reversed(files) for line in read(it)]
    assert lines == [f"line {number:03}" for number in range(100 - len(lines), 100)]
    assert last_lines(path, 3) == lines[-3:]
    assert last_lines(path, 1_000) == lines


def test_a_long_log_is_read_from_its_end(path):
    assert last_lines(path, 50) == []
    Log(path).write("\n".join(f"{number}" * 10 for number in range(1_000)))
    assert last_lines(path, 5_000, most_bytes=100) == [
        "997" * 10,
        "998" * 10,
        "999" * 10,
    ]


def test_a_deleted_log_is_made_again(path):
    log = Log(path)
    log.write("one")
    path.unlink()
    path.parent.rmdir()
    log.write("two")
    assert read(path) == ["two"]


@pytest.mark.skipif(
    not os.access("/dev/full", os.W_OK), reason="needs a disk that is full"
)
def test_a_full_disk_is_survived(path):
    path.parent.mkdir(parents=True)
    path.symlink_to("/dev/full")
    log = Log(path)
    log.write("lost")
    path.unlink()
    log.write("found")
    assert read(path) == ["found"]


def test_a_folder_in_its_place_is_survived(path):
    path.mkdir(parents=True)
    Log(path, limit=1).write("lost")
    with pytest.raises(OSError):  # noqa: PT011 (words differ by system)
        last_lines(path, 5)


def test_a_file_that_cannot_be_renamed_goes_on(path):
    for it in older(path):
        it.mkdir(parents=True)
        (it / "in the way").touch()
    log = Log(path, limit=100)
    for number in range(100):
        log.write(f"line {number:03}")
    assert read(path) == [f"line {number:03}" for number in range(100)]


def test_threads_and_programs_at_once_lose_no_line(path):
    children = [
        subprocess.Popen(
            [sys.executable, "-c", CHILD, path, f"p{it}", "1000000", "300"],
            cwd=CHECKOUT,
        )
        for it in range(3)
    ]
    log = Log(path)
    threads = [
        threading.Thread(
            target=lambda it=it: deque(
                map(log.write, [f"t{it} {n}" for n in range(300)])
            )
        )
        for it in range(3)
    ]
    for it in threads:
        it.start()
    for it in threads:
        it.join()
    assert [it.wait(30) for it in children] == [0, 0, 0]
    wanted = {f"{who}{it} {n}" for who in "pt" for it in range(3) for n in range(300)}
    assert sorted(read(path)) == sorted(wanted)


def test_programs_that_turn_at_once_keep_whole_lines_and_three_files(path):
    children = [
        subprocess.Popen(
            [sys.executable, "-c", CHILD, path, f"p{it}", "2000", "500"], cwd=CHECKOUT
        )
        for it in range(3)
    ]
    assert [it.wait(30) for it in children] == [0, 0, 0]
    files = [path, *older(path)]
    assert sorted(it.name for it in path.parent.iterdir()) == [it.name for it in files]
    for it in files:
        for line in read(it):
            who, number = line.split(" ")
            assert who in {"p0", "p1", "p2"}
            assert number.isdigit()
