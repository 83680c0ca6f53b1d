"""A full disk: values go on, it is said once, and all is kept when there is room."""

from __future__ import annotations

import contextlib
import os
from typing import TYPE_CHECKING

import pytest

from sems_tray.storage.settings import Settings, load, save
from tests.kit.portal import still_portal

from .survivor import Survivor, copied_history, integrity, small_disk, stored
from .waiting import wait_until

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MEGABYTES = 8
OLD = Settings(account="owner@example.com", icon="pv", live_minutes=7.5)
FULL_SETTINGS = "The settings cannot be saved: No space left on device."
FULL_HISTORY = "The history cannot be kept"


@pytest.fixture
def survivor(tmp_path, tmp_path_factory, house) -> Iterator[Survivor]:
    """Return a profile on a disk of its own."""
    bytecode = tmp_path_factory.getbasetemp() / "bytecode"
    with contextlib.ExitStack() as stack:
        portal = stack.enter_context(still_portal(house, limit_per_minute=None))
        survivor = Survivor(portal, tmp_path, bytecode)
        try:
            stack.enter_context(small_disk(survivor.profile, MEGABYTES))
        except (PermissionError, FileNotFoundError) as exc:
            pytest.skip(f"a small disk cannot be mounted here: {exc}")
        stack.callback(survivor.stop)
        save(survivor.paths.settings, OLD)
        yield survivor


def fill(folder: Path) -> Path:
    """Leave no byte free."""
    filler = folder / "filler"
    with filler.open("ab", buffering=0) as file, contextlib.suppress(OSError):
        while True:
            file.write(bytes(4096))
    return filler


def test_a_full_disk_is_said_once_and_outlived(survivor):
    life = survivor.starts()
    life.shows_a_reading()
    before = stored(survivor.paths.history)
    filler = fill(survivor.profile)
    life.turns_the_knob(3.25)
    life.says(FULL_SETTINGS)
    assert load(survivor.paths.settings).settings == OLD
    # The history's log may have some room left at first.
    wait_until(lambda: life.shows_another() or FULL_HISTORY in life.notes, 30)
    life.turns_the_knob(3.5)
    life.shows_another()
    assert life.program.stderr.count("cannot be saved") == 1
    assert survivor.profile.joinpath("settings.json").read_bytes()
    filler.unlink()
    # An attempt to write comes with a reading; the settings go with it.
    life.shows_another()
    life.shows_another()
    assert life.notes == ""
    assert load(survivor.paths.settings).settings.live_minutes == 3.5
    life.ends()
    assert before <= stored(survivor.paths.history)
    assert "can be saved again" in survivor.log()


def test_a_choice_made_on_a_full_disk_is_saved_at_the_end_if_there_is_room(survivor):
    life = survivor.starts()
    life.shows_a_reading()
    filler = fill(survivor.profile)
    life.turns_the_knob(3.25)
    assert load(survivor.paths.settings).settings == OLD
    filler.unlink()
    life.ends()
    assert load(survivor.paths.settings).settings.live_minutes == 3.25


def test_it_starts_on_a_full_disk_and_loses_nothing_old(survivor):
    survivor.lives_once()
    before = stored(survivor.paths.history)
    raw = survivor.paths.settings.read_bytes()
    filler = fill(survivor.profile)
    life = survivor.starts()
    life.shows_a_reading()
    life.turns_the_knob(3.25)
    life.says(FULL_SETTINGS)
    life.is_killed()
    assert survivor.paths.settings.read_bytes() == raw
    filler.unlink()
    last = survivor.lives_once()
    assert last.all_notes == ""
    assert before <= stored(survivor.paths.history)


def test_a_first_start_on_a_full_disk_shows_values(survivor):
    survivor.paths.settings.unlink()
    filler = fill(survivor.profile)
    life = survivor.starts()
    life.shows_a_reading()
    life.says(FULL_HISTORY)
    filler.unlink()
    life.ends()


def test_a_damaged_history_on_a_full_disk_waits_for_room(survivor):
    survivor.lives_once()
    file = survivor.paths.history
    raw = bytearray(file.read_bytes())
    raw[16:4096] = bytes(4080)
    file.write_bytes(raw)
    filler = fill(survivor.profile)
    life = survivor.starts()
    life.shows_a_reading()
    life.says(FULL_HISTORY)
    life.ends()
    assert file.read_bytes() == raw
    filler.unlink()
    life = survivor.starts()
    life.shows_a_reading()
    life.says("The history was damaged")
    life.ends()
    assert integrity(copied_history(file, survivor.folder / "look")) == "ok"


def test_damaged_settings_on_a_full_disk_are_still_set_aside(survivor):
    survivor.paths.settings.write_bytes(b'{"version": 1, "acc')
    fill(survivor.profile)
    life = survivor.starts()
    life.shows_a_reading()
    life.says("The settings file was damaged")
    life.turns_the_knob(3.25)
    life.says(FULL_SETTINGS)
    life.ends()
    (aside,) = survivor.profile.glob("settings.json.damaged-*")
    assert aside.read_bytes() == b'{"version": 1, "acc'


def test_a_full_disk_of_temporary_files_stops_nothing(survivor):
    """The lock, the socket and whatever a library puts aside have no room."""
    for name in ("tmp", "run"):
        os.symlink(survivor.profile, survivor.folder / f"full-{name}")  # noqa: PTH211
    fill(survivor.profile)
    survivor.env["TMPDIR"] = str(survivor.folder / "full-tmp")
    survivor.env["XDG_RUNTIME_DIR"] = str(survivor.folder / "full-run")
    life = survivor.starts()
    life.shows_a_reading()
    life.ends()
