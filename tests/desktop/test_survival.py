"""Damaged files, no permission, a full disk, a kill: it starts, and nothing is lost.

The whole program is started on a profile; ``tests/storage`` knows each kind of damage.
"""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import random
import shutil
import time
from typing import TYPE_CHECKING

import pytest

from sems_tray.storage.settings import Settings, load, save
from tests.kit.portal import still_portal

from .survivor import HUMBLE, Survivor, copied_history, integrity, small_disk, stored
from .waiting import wait_until

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from .survivor import Life

TORTURE = (pytest.mark.torture, pytest.mark.timeout(1800))
SHORT = (pytest.mark.timeout(280),)
CHOSEN = Settings(account="owner@example.com", icon="pv", currency="EUR")
NO_HISTORY = "The history cannot be kept"
NO_ROOM = "The settings cannot be saved: No space left on device."
MEGABYTES = 8


@pytest.fixture
def survivor(tmp_path, tmp_path_factory) -> Iterator[Survivor]:
    """Return a profile with settings, on which nothing has run yet."""
    bytecode = tmp_path_factory.getbasetemp() / "bytecode"
    with still_portal(limit_per_minute=None) as portal:
        survivor = Survivor(portal, tmp_path, bytecode)
        survivor.profile.mkdir(exist_ok=True)
        save(survivor.paths.settings, CHOSEN)
        yield survivor
        survivor.profile.chmod(0o700)
        survivor.stop()


# -- damage, and what is in the way ------------------------------------------------


def test_damaged_files_are_set_aside_and_said(survivor):
    life = survivor.starts(hurry=True)
    life.shows_a_reading()
    life.is_busy(20)
    life.ends()
    settings, history = survivor.paths.settings, survivor.paths.history
    log = survivor.paths.log / "sems-tray.log"
    rows = bytearray(history.read_bytes())
    rows[4096:8192] = bytes(4096)
    harmed = {settings: b'{"version": 1, "acc', history: bytes(rows), log: b"\0\xff"}
    for file, raw in harmed.items():
        file.write_bytes(raw)
    life = survivor.starts()
    life.shows_a_reading()
    life.says("The settings file was damaged; it is kept as")
    life.says("The history was damaged")
    life.turns_the_knob(3.25)
    life.ends()
    for file in (settings, history):
        aside = next(survivor.profile.glob(f"{file.name}.damaged-*[!l]"))  # no -wal
        assert aside.read_bytes() == harmed[file]
    assert log.read_bytes().startswith(harmed[log])
    assert "The history was damaged" in survivor.log()
    assert load(settings).settings.live_minutes == 3.25
    assert integrity(copied_history(history, survivor.folder / "look")) == "ok"
    assert survivor.lives_once().all_notes == ""


def test_folders_in_the_way_are_said_and_left_alone(survivor):
    survivor.paths.settings.unlink()
    log = survivor.paths.log / "sems-tray.log"
    folders = (survivor.paths.settings, survivor.paths.history, log)
    for folder in folders:
        folder.mkdir(parents=True)
    life = survivor.starts()
    life.shows_a_reading()
    life.says("The settings cannot be read (Is a directory)")
    life.says(NO_HISTORY)
    life.turns_the_knob(3.25)
    life.ends()
    assert [list(it.iterdir()) for it in folders] == [[], [], []]


# -- no permission -----------------------------------------------------------------


@pytest.fixture
def humble() -> tuple[str, ...]:
    """Return what to start the program by, so that permissions count for it."""
    if os.geteuid():
        return ()
    if shutil.which("setpriv") is None:
        pytest.skip("root may write anywhere, and there is no setpriv to prevent that")
    return HUMBLE


def test_files_that_may_not_be_read_are_said_and_left_alone(survivor, humble):
    survivor.lives_once()
    files = (survivor.paths.settings, survivor.paths.history)
    before = [it.read_bytes() for it in files]
    for it in files:
        it.chmod(0)
    life = survivor.starts(before=humble)
    life.shows_a_reading()
    life.says("The settings cannot be read (Permission denied)")
    life.says(NO_HISTORY)
    life.turns_the_knob(3.25)
    life.ends()
    for it in files:
        it.chmod(0o600)
    assert [it.read_bytes() for it in files] == before


def test_a_read_only_profile_shows_values_and_is_written_once_it_can_be(
    survivor, humble
):
    survivor.lives_once()
    before = {it.name: it.read_bytes() for it in survivor.profile.iterdir()}
    for it in survivor.profile.iterdir():
        it.chmod(0o444)
    survivor.profile.chmod(0o555)
    life = survivor.starts(before=humble)
    life.shows_a_reading()
    life.says(NO_HISTORY)
    life.says("The settings cannot be saved: Permission denied.")
    life.turns_the_knob(3.25)
    life.shows_another()
    assert life.program.stderr.count("settings cannot be saved") == 1
    after = {it.name: it.read_bytes() for it in survivor.profile.iterdir()}
    assert after == before
    survivor.profile.chmod(0o700)
    life.shows_another()
    assert "cannot be saved" not in life.notes
    assert load(survivor.paths.settings).settings.live_minutes == 3.25
    life.ends()


def test_a_profile_that_cannot_be_made_shows_values(survivor, humble):
    shutil.rmtree(survivor.profile)
    survivor.profile.write_text("in the way")
    life = survivor.starts(before=humble)
    life.shows_a_reading()
    life.says(NO_HISTORY)
    life.turns_the_knob(3.25)
    life.says("The settings cannot be ")
    life.ends()
    assert survivor.profile.read_text() == "in the way"


# -- a full disk -------------------------------------------------------------------


@pytest.fixture
def on_small_disk(survivor) -> Iterator[Survivor]:
    """Return the profile on a disk of its own."""
    try:
        with small_disk(survivor.profile, MEGABYTES):
            save(survivor.paths.settings, CHOSEN)
            yield survivor
            survivor.stop()
    except (PermissionError, FileNotFoundError) as exc:
        pytest.skip(f"a small disk cannot be mounted here: {exc}")


def fill(folder: Path) -> Path:
    """Leave no byte free."""
    filler = folder / "filler"
    with filler.open("ab", buffering=0) as file, contextlib.suppress(OSError):
        while True:
            file.write(bytes(4096))
    return filler


def test_a_full_disk_is_said_once_and_outlived(on_small_disk):
    survivor = on_small_disk
    life = survivor.starts()
    life.shows_a_reading()
    before = stored(survivor.paths.history)
    filler = fill(survivor.profile)
    life.turns_the_knob(3.25)
    life.says(NO_ROOM)
    assert load(survivor.paths.settings).settings == CHOSEN
    # The history's log may have some room left at first.
    wait_until(lambda: life.shows_another() or NO_HISTORY in life.notes, 30)
    life.turns_the_knob(3.5)
    life.shows_another()
    assert life.program.stderr.count("cannot be saved") == 1
    assert load(survivor.paths.settings).settings == CHOSEN
    filler.unlink()
    # An attempt to write comes with a reading; the settings go with it.
    life.shows_another()
    life.shows_another()
    assert life.notes == ""
    assert load(survivor.paths.settings).settings.live_minutes == 3.5
    life.ends()
    assert before <= stored(survivor.paths.history)
    assert "can be saved again" in survivor.log()


def test_it_starts_on_a_full_disk_and_loses_nothing_old(on_small_disk):
    """The lock, the socket and whatever a library puts aside have no room either."""
    survivor = on_small_disk
    survivor.lives_once()
    before = stored(survivor.paths.history)
    filler = fill(survivor.profile)
    for name, variable in (("tmp", "TMPDIR"), ("run", "XDG_RUNTIME_DIR")):
        full = survivor.folder / f"full-{name}"
        full.symlink_to(survivor.profile)
        survivor.env[variable] = str(full)
    life = survivor.starts()
    life.shows_a_reading()
    life.turns_the_knob(3.25)
    life.says(NO_ROOM)
    life.is_killed()
    assert load(survivor.paths.settings).settings == CHOSEN
    filler.unlink()
    assert survivor.lives_once().all_notes == ""
    assert before <= stored(survivor.paths.history)


def test_a_first_start_on_a_full_disk_shows_values(on_small_disk):
    survivor = on_small_disk
    survivor.paths.settings.unlink()
    filler = fill(survivor.profile)
    life = survivor.starts()
    life.shows_a_reading()
    life.says(NO_HISTORY)
    filler.unlink()
    life.ends()


# -- killed at any moment ----------------------------------------------------------


class Witness:
    """Knows what was stored before a kill, and looks for it afterwards."""

    def __init__(self, survivor: Survivor) -> None:
        self._survivor = survivor
        self._copies = itertools.count()
        self._stored: set[tuple[object, ...]] = set()
        self._live = {2.0}  # what the file may hold

    def note(self) -> None:
        """Remember what is committed now."""
        self._stored |= stored(self._survivor.paths.history)

    def look(self, life: Life) -> None:
        """Check what a killed program left; look at copies, and mend nothing."""
        said = [float(str(it)) for it in life.words("live")]
        # The last one may be saved and not yet told, the first one as well.
        last = round(said[-1], 2) if said else 1.0
        self._live = {last, round(last + 0.01, 2)} | (set() if said else self._live)
        found = json.loads(self._survivor.paths.settings.read_bytes())
        live = round(found["live_minutes"], 2)  # it is counted up in hundredths
        assert live in self._live, (found, self._live)
        self._live = {live}
        assert found["icon"] == CHOSEN.icon
        folder = self._survivor.folder / f"copy-{next(self._copies)}"
        history = self._survivor.paths.history
        if history.exists():
            copy = copied_history(history, folder)
            assert integrity(copy) == "ok"
            lost = self._stored - stored(copy)
            assert not lost, sorted(map(str, lost))[:5]

    @property
    def kinds(self) -> set[object]:
        """The tables that had rows before a kill."""
        return {row[0] for row in self._stored}


@pytest.mark.parametrize(
    "kills", [pytest.param(9, marks=SHORT), pytest.param(200, marks=TORTURE)]
)
def test_a_program_that_is_killed_at_any_moment_loses_nothing(survivor, kills):
    """Every third kill meets a start, every third an end, the others one at work."""
    dice, witness = random.Random(kills), Witness(survivor)
    started_in, left = 0.6, set[str]()
    for number in range(kills):
        began = time.monotonic()
        life = survivor.starts(hurry=True)
        if number % 3 == 2:
            time.sleep(dice.uniform(0.05, started_in))
        else:
            life.shows_a_reading()
            started_in = time.monotonic() - began
            assert "damaged" not in life.all_notes
            assert not left & half_written(survivor)
            time.sleep(dice.uniform(0, 0.9))
            witness.note()
            if number % 3 == 1:
                life.program.terminate()
                time.sleep(dice.uniform(0, 0.15))
        life.is_killed()
        assert "Traceback" not in life.program.stderr, life.program.stderr
        witness.look(life)
        left = half_written(survivor)
    last = survivor.lives_once()
    assert last.all_notes == last.program.stderr == ""
    assert half_written(survivor) == set()
    assert witness.kinds >= {"notice", "sums", "state", "reading"}
    assert [it.name for it in survivor.profile.glob("*damaged*")] == []


def half_written(survivor: Survivor) -> set[str]:
    """Return the names of settings that were not written to their end."""
    return {it.name for it in survivor.profile.glob(".settings.json*")}
