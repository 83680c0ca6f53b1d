import json
import os
import stat
import subprocess
import sys
import time

import pytest

from sems_tray.storage.settings import (
    VERSION,
    AlertSettings,
    Settings,
    load,
    save,
)
from tests.kit.folders import read_only

FULL = Settings(
    account="me@example.com",
    station="屋顶 1",
    dialect="classic",
    region="au",
    live_minutes=5.5,
    icon="pv",
)


@pytest.fixture
def file(tmp_path):
    return tmp_path / "deep" / "settings.json"


def test_the_first_start_has_defaults_and_no_file(file):
    loaded = load(file)
    assert loaded.settings == Settings()
    assert (loaded.message, loaded.writable) == ("", True)
    assert not file.parent.exists()


def test_settings_come_back_as_they_were(file):
    save(file, FULL)
    loaded = load(file)
    assert (loaded.settings, loaded.message, loaded.writable) == (FULL, "", True)
    assert json.loads(file.read_text("utf-8"))["version"] == VERSION


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such bits")
def test_a_file_of_an_earlier_version_lacks_what_came_later(file):
    file.parent.mkdir()
    file.write_text('{"version": 1, "alerts": {"off": [], "low_percent": 30}}')
    found = load(file)
    assert found.message == ""
    assert found.settings.alerts == AlertSettings(off=(), low_percent=30.0)
    assert not found.settings.alerts.low_each_time


def test_only_the_owner_can_read_them(file):
    save(file, FULL)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


DAMAGED = [
    b"",
    b"{",
    b"[]",
    b"\xff\xfe{}",
    b'{"version": 1, "live_minutes": 0}',
    b'{"version": 1, "account": 7}',
    b'{"version": 1e400}',
    b"[" * 100_000,
]


@pytest.mark.parametrize("raw", DAMAGED, ids=lambda it: repr(it[:24]))
def test_a_damaged_file_is_set_aside_whole_and_named(raw, tmp_path):
    file = tmp_path / "settings.json"
    file.write_bytes(raw)
    loaded = load(file)
    assert loaded.settings == Settings()
    assert loaded.writable
    (aside,) = tmp_path.iterdir()
    assert aside.read_bytes() == raw
    assert aside.name in loaded.message
    assert "\n" not in loaded.message
    assert load(file).message == ""


def test_damage_upon_damage_loses_nothing(tmp_path):
    file = tmp_path / "settings.json"
    for number in range(5):
        file.write_bytes(b"{" * (number + 1))
        load(file)
    kept = sorted(it.stat().st_size for it in tmp_path.iterdir())
    assert kept == [1, 2, 3, 4, 5]


def test_a_damaged_file_that_stays_is_not_written_over(tmp_path, monkeypatch):
    file = tmp_path / "settings.json"
    file.write_bytes(b"{")

    def refuse(*_):
        raise PermissionError

    monkeypatch.setattr("pathlib.Path.replace", refuse)
    loaded = load(file)
    assert not loaded.writable
    assert "could not be set aside" in loaded.message
    assert file.read_bytes() == b"{"


@pytest.mark.parametrize(
    ("raw", "settings"),
    [
        (
            b'{"version": 2, "account": "me", "cloud": {"new": 1}}',
            Settings(version=2, account="me"),
        ),
        (b'{"version": 99, "live_minutes": "auto"}', Settings()),
    ],
)
def test_a_newer_versions_file_is_used_as_far_as_possible_and_left_alone(
    raw, settings, tmp_path
):
    file = tmp_path / "settings.json"
    file.write_bytes(raw)
    loaded = load(file)
    assert loaded.settings == settings
    assert not loaded.writable
    assert "newer version" in loaded.message
    assert [it.name for it in tmp_path.iterdir()] == ["settings.json"]
    assert file.read_bytes() == raw


def test_what_cannot_be_read_is_left_alone(tmp_path):
    (tmp_path / "settings.json").mkdir()
    loaded = load(tmp_path / "settings.json")
    assert loaded.settings == Settings()
    assert not loaded.writable
    assert "cannot be read" in loaded.message
    (tmp_path / "file").write_text("")
    assert not load(tmp_path / "file" / "settings.json").writable


def test_a_folder_that_cannot_be_made_says_so(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(OSError, match=r"."):
        save(tmp_path / "file" / "settings.json", FULL)


def test_a_failed_write_leaves_the_old_file_and_no_rest(file, monkeypatch):
    save(file, FULL)

    def full_disk(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full_disk)
    with pytest.raises(OSError, match="No space left"):
        save(file, Settings())
    assert load(file).settings == FULL
    assert [it.name for it in file.parent.iterdir()] == ["settings.json"]


WRITER = """
import sys
from pathlib import Path
from sems_tray.storage.settings import Settings, save
file = Path(sys.argv[1])
print("ready", flush=True)
while True:
    for account in ("a" * 20_000, "b" * 30_000):
        save(file, Settings(account=account))
"""


@pytest.mark.skipif(os.name == "nt", reason="kill -9 is POSIX's")
def test_a_program_killed_while_it_writes_leaves_whole_settings(tmp_path):
    file = tmp_path / "settings.json"
    save(file, Settings(account="a" * 20_000))
    for number in range(8):
        with subprocess.Popen(
            [sys.executable, "-c", WRITER, str(file)], stdout=subprocess.PIPE
        ) as writer:
            assert writer.stdout is not None
            writer.stdout.readline()
            time.sleep(0.01 + number * 0.004)
            writer.kill()
        loaded = load(file)
        assert loaded.message == ""
        assert loaded.settings.account in {"a" * 20_000, "b" * 30_000}


def test_a_file_cut_at_any_byte_is_read_or_set_aside(tmp_path):
    whole = tmp_path / "whole.json"
    save(whole, FULL)
    raw = whole.read_bytes()
    for length in range(len(raw)):
        file = tmp_path / str(length) / "settings.json"
        file.parent.mkdir()
        file.write_bytes(raw[:length])
        loaded = load(file)
        if loaded.message:
            (aside,) = file.parent.iterdir()
            assert aside.read_bytes() == raw[:length]
            assert loaded.settings == Settings()
        else:
            assert loaded.settings == FULL
            assert length >= len(raw) - 1


def test_a_folder_without_rights_says_so_and_keeps_the_old_file(file):
    save(file, FULL)
    with read_only(file.parent), pytest.raises(PermissionError):
        save(file, Settings())
    assert load(file).settings == FULL
