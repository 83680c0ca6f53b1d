"""The file as it may be found: newer, damaged, left in the middle."""

import random
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sems_tray.domain.energy import Period
from sems_tray.storage.history.database import VERSION, DamagedError, StorageError
from sems_tray.storage.history.reader import HistoryReader
from sems_tray.storage.history.store import History
from sems_tray.storage.paths import HISTORY
from tests.kit.history_data import EVER, HOME, NOON, filled, minutes_of, reading

TORTURE = (pytest.mark.torture, pytest.mark.timeout(1200))
PAGE = 4096
SILENCE = {"snoozed_until": "2099-01-01T00:00:00Z"}


def now():
    return datetime(2026, 6, 21, 10, 0, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def good(tmp_path_factory):
    """A sound file of 2000 minutes and one reading; not to be changed."""
    path = tmp_path_factory.mktemp("good") / HISTORY
    with History(path) as history:
        filled(history)
        history.add(reading(today=7))
        history.put_state("", "silence", SILENCE)
    return path


@pytest.fixture
def path(good, tmp_path):
    return Path(shutil.copy(good, tmp_path / HISTORY))


def mended(path):
    """Open a file that may be damaged; return what is left, with a new reading."""
    with History(path, now=now) as history:
        history.check()
        assert history.writable, history.message
        assert history.add(reading(soc=50))
        found = minutes_of(history.reader)
        history.reader.days(HOME, now().date(), now().date())
        history.reader.periods(HOME, Period.MONTH)
        history.reader.alarms(HOME)
        message = history.message
    with closing(sqlite3.connect(path)) as con:
        assert con.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    return found, message


def test_a_newer_file_is_shown_and_not_changed(path):
    with closing(sqlite3.connect(path)) as con:
        con.execute("PRAGMA user_version=99")
    before = path.read_bytes()
    with History(path) as history:
        assert "newer version" in history.message
        assert not history.add(reading())
        assert not history.waiting
        assert history.thin() == 0
        history.check()
        assert "newer version" in history.message
        assert len(minutes_of(history.reader)) == 2001
    with HistoryReader(path) as reader:
        assert len(minutes_of(reader)) == 2001
    assert path.read_bytes() == before


def test_what_a_newer_file_has_elsewhere_is_no_crash(path):
    with closing(sqlite3.connect(path)) as con:
        con.execute("PRAGMA user_version=99")
        con.execute("ALTER TABLE readings RENAME TO measurements")
    with HistoryReader(path) as reader, pytest.raises(StorageError, match="newer"):
        list(reader.iter_rows(HOME, *EVER))


@pytest.mark.parametrize("tenths", range(10))
def test_a_file_cut_short_gives_what_is_left(path, tenths):
    size = path.stat().st_size * tenths // 10 + tenths * 7
    with path.open("r+b") as file:
        file.truncate(size)
    found, message = mended(path)
    if size == 0:
        assert message == "The history was empty; it begins anew."
        return
    assert f"{HISTORY}.damaged-20260621-100030" in message
    assert path.with_name(f"{HISTORY}.damaged-20260621-100030").stat().st_size == size
    roots = 12  # the first pages; a leaf has some 150 minutes
    assert len(found) >= (size // PAGE - roots) * 120


@pytest.mark.parametrize("head", [b"not a database" * 300, b"\0" * PAGE])
def test_of_what_is_no_file_of_sqlites_nothing_can_be_read(path, head):
    with path.open("r+b") as file:
        file.write(head)
    found, message = mended(path)
    assert len(found) == 1
    assert "0 of its entries" in message


def pages_of(path):
    return path.stat().st_size // PAGE


def vital_pages(path, table="readings"):
    """Return the pages without which a table is lost: the schema and its root."""
    with closing(sqlite3.connect(path)) as con:
        asked = "SELECT rootpage FROM sqlite_master WHERE name = ?"
        return {0, con.execute(asked, (table,)).fetchone()[0] - 1}


def test_any_page_may_be_lost_with_no_more_than_its_own_rows(good, tmp_path):
    for page in range(pages_of(good)):
        folder = tmp_path / str(page)
        folder.mkdir()
        path = Path(shutil.copy(good, folder / HISTORY))
        with path.open("r+b") as file:
            file.seek(page * PAGE)
            file.write(b"\xff" * PAGE)
        found, _ = mended(path)
        assert len(found) >= 2001 - 250 or page in vital_pages(good), page
        with HistoryReader(path) as reader:
            silence = reader.state("", "silence")
        assert silence == SILENCE or page in vital_pages(good, "state"), page


def flipped(good, folder, dice):
    """Flip one bit of a copy; return its page, None if the copy looks newer."""
    path = Path(shutil.copy(good, folder / HISTORY))
    raw = bytearray(path.read_bytes())
    at = dice.randrange(len(raw))
    raw[at] ^= 1 << dice.randrange(8)
    path.write_bytes(raw)
    with closing(sqlite3.connect(path)) as con, suppress(sqlite3.DatabaseError):
        if con.execute("PRAGMA user_version").fetchone()[0] > VERSION:
            return None
    return at // PAGE


@pytest.mark.parametrize("count", [20, pytest.param(1500, marks=TORTURE)])
def test_a_flipped_bit_never_stops_the_program(good, tmp_path, count):
    for seed in range(count):
        folder = tmp_path / str(seed)
        folder.mkdir()
        page = flipped(good, folder, random.Random(seed))
        if page is not None:
            found, _ = mended(folder / HISTORY)
            assert len(found) >= 2001 - 250 or page in vital_pages(good), seed
        shutil.rmtree(folder)


@pytest.mark.parametrize("count", [20, pytest.param(2000, marks=TORTURE)])
def test_bits_flipped_where_the_tables_are_named_stop_nobody(tmp_path, count):
    """SQLite then finds no column, or no format, or quotes what is no text."""
    with History(tmp_path / "good") as history:
        filled(history, 300)
    raw, dice = (tmp_path / "good").read_bytes(), random.Random(count)
    for number in range(count):
        path = tmp_path / str(number) / HISTORY
        path.parent.mkdir()
        harmed = bytearray(raw)
        for _ in range(dice.choice([3, 20, 60])):
            harmed[dice.randrange(PAGE)] ^= 1 << dice.randrange(8)
        path.write_bytes(harmed)
        with HistoryReader(path) as asked, suppress(StorageError):
            assert len(minutes_of(asked)) <= 300
            asked.alarms(HOME)
            asked.notices(HOME)
            asked.state("", "alerts")
        with History(path, now=now) as history:
            stored = history.add(reading())
            assert stored or "newer version" in history.message
        shutil.rmtree(path.parent)


def test_damage_met_in_use_is_mended_and_the_reading_kept(path):
    with History(path, now=now) as history, HistoryReader(path) as reader:
        assert len(minutes_of(reader)) == 2001
        with path.open("r+b") as file:
            file.seek(6 * PAGE)
            for _ in range(pages_of(path) - 6):
                file.write(b"\xff" * PAGE)
        reader.close()
        with pytest.raises(DamagedError):
            minutes_of(reader)
        history.check()
        assert "damaged" in history.message
        assert history.add(reading(soc=9))
        assert minutes_of(reader)


def test_two_damages_in_one_second_are_both_kept(path):
    for _ in range(2):
        path.write_bytes(b"x" * 5000)
        mended(path)
    assert len(list(path.parent.glob("*.damaged-*"))) == 2


def left_by_a_kill(folder):
    """Return a young history, most of which is still in its log."""
    path = folder / HISTORY
    with History(folder / "live" / HISTORY) as history:
        filled(history, 300)
        for end in ("", "-wal"):
            shutil.copy(folder / "live" / f"{HISTORY}{end}", f"{path}{end}")
    return path


def test_a_log_left_behind_by_a_crash_is_taken_in(tmp_path):
    with History(left_by_a_kill(tmp_path)) as history:
        assert not history.message
        assert len(minutes_of(history.reader)) == 300


@pytest.mark.parametrize("gone", [False, True])
def test_a_log_whose_file_is_lost_is_kept_aside(tmp_path, gone):
    """SQLite would take an empty file for a new one, and delete the log unread."""
    path = left_by_a_kill(tmp_path)
    path.write_bytes(b"")
    if gone:
        path.unlink()
    with HistoryReader(path) as reader:
        assert minutes_of(reader) == {}
    with History(path) as history:
        assert "The history was damaged" in history.message
        assert minutes_of(history.reader) == {}
    (log,) = tmp_path.glob("*.damaged-*-wal")
    assert log.stat().st_size > 300 * 20


def test_a_forgetting_that_is_killed_brings_nothing_back(tmp_path, monkeypatch):
    path = left_by_a_kill(tmp_path)
    unlink, left = Path.unlink, [1]

    def killed(file, *, missing_ok=False):
        if not left:
            raise KeyboardInterrupt
        left.pop()
        unlink(file, missing_ok=missing_ok)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "unlink", killed)
        with pytest.raises(KeyboardInterrupt):
            History(path).forget()
    with History(path) as history:
        assert minutes_of(history.reader) == {}


def test_a_damaged_log_loses_no_more_than_itself(path):
    path.with_name(f"{HISTORY}-wal").write_bytes(b"\x37\x7f\x06\x82" + b"junk" * 3000)
    found, _ = mended(path)
    assert len(found) == 2001


def test_somebody_elses_database_is_set_aside_unharmed(tmp_path):
    path = tmp_path / HISTORY
    with closing(sqlite3.connect(path)) as con:
        con.execute("CREATE TABLE mine (a)")
    before = path.read_bytes()
    found, message = mended(path)
    assert len(found) == 1
    assert "kept as" in message
    (aside,) = tmp_path.glob("*.damaged-*")
    assert aside.read_bytes() == before


def test_a_salvage_that_is_killed_at_any_moment_is_done_again(path, tmp_path):
    with path.open("r+b") as file:
        file.seek(10 * PAGE)
        file.write(b"\xff" * PAGE)
    dice = random.Random(1)
    command = (sys.executable, str(Path(__file__).with_name("history_child.py")))
    for _ in range(6):
        with subprocess.Popen((*command, "mend", path), stdout=subprocess.PIPE) as it:
            assert it.stdout is not None
            it.stdout.readline()
            with suppress(subprocess.TimeoutExpired):
                it.wait(dice.random() * 0.03)
            it.kill()
    found, _ = mended(path)
    assert len(found) >= 2001 - 250


def test_a_log_is_emptied_even_while_somebody_reads(tmp_path):
    path = tmp_path / HISTORY
    with HistoryReader(path) as reader:
        with History(path) as history:
            filled(history, 100)
            assert reader.stations()
        log = path.with_name(f"{HISTORY}-wal")
        assert not log.exists() or log.stat().st_size == 0


def test_beside_another_process_a_log_is_no_sign_of_a_crash(tmp_path, monkeypatch):
    path = tmp_path / HISTORY
    checks = []
    monkeypatch.setattr("sems_tray.storage.history.file._SMALL_BYTES", 0)

    def sound(con):
        checks.append(con)
        return True

    monkeypatch.setattr("sems_tray.storage.history.file.sound", sound)
    with History(path) as tray:
        filled(tray, 100)
        with History(path, shared=True) as other:
            assert other.writable
        assert checks == []
        filled(tray, 50, NOON)
        with History(path):
            assert len(checks) == 1
