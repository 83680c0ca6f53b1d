"""Files that were cut, zeroed, exchanged or locked: it starts, and says what it found.

Every test starts the whole program on a profile of an earlier run.
"""

from __future__ import annotations

import os
import random
import shutil
import sqlite3
from contextlib import closing, suppress
from typing import TYPE_CHECKING

import pytest

from sems_tray.storage.settings import Settings, load, save
from tests.kit.portal import still_portal

from .survivor import HUMBLE, Survivor, copied_history, integrity, stored

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from _pytest.mark import ParameterSet

    from sems_tray.simulator.simulator import Simulator

TORTURE = (pytest.mark.torture, pytest.mark.timeout(1800))
SHORT = (pytest.mark.timeout(280),)
CHOSEN = Settings(account="owner@example.com", icon="pv", live_minutes=7.5)


@pytest.fixture(scope="module")
def portal(house) -> Iterator[Simulator]:
    with still_portal(house, limit_per_minute=None) as portal:
        yield portal


@pytest.fixture(scope="module")
def lived(portal, tmp_path_factory) -> Survivor:
    """Return a profile in which a program has lived well."""
    folder = tmp_path_factory.mktemp("lived")
    survivor = Survivor(portal, folder, tmp_path_factory.getbasetemp() / "bytecode")
    save(survivor.paths.settings, CHOSEN)
    life = survivor.starts(hurry=True)
    life.shows_a_reading()
    life.is_busy(40)
    life.ends()
    save(survivor.paths.settings, CHOSEN)
    return survivor


@pytest.fixture
def survivor(lived, portal, tmp_path) -> Iterator[Survivor]:
    """Return a copy of that profile, and a home of its own."""
    survivor = Survivor(portal, tmp_path, bytecode_of(lived))
    shutil.copytree(lived.profile, survivor.profile)
    yield survivor
    for folder, _, _ in os.walk(survivor.profile):
        with suppress(OSError):
            os.chmod(folder, 0o700)  # noqa: PTH101
    survivor.stop()


def bytecode_of(survivor: Survivor) -> str:
    return survivor.env["PYTHONPYCACHEPREFIX"]


def asides(survivor: Survivor, name: str) -> list[bytes]:
    """Return what was set aside under a file's name."""
    found = sorted(survivor.profile.glob(f"{name}.damaged-*"))
    return [it.read_bytes() for it in found if not it.name.endswith("-wal")]


# -- damage of every kind --------------------------------------------------------


def cut(raw: bytes, dice: random.Random) -> bytes:
    return raw[: dice.randrange(len(raw))]


def zeroed(raw: bytes, dice: random.Random) -> bytes:
    """Return what a power cut leaves: the right length, nothing written."""
    at = dice.randrange(len(raw))
    return raw[:at] + bytes(len(raw) - at)


def flipped(raw: bytes, dice: random.Random) -> bytes:
    found = bytearray(raw)
    for _ in range(20):
        found[dice.randrange(len(raw))] ^= 1 << dice.randrange(8)
    return bytes(found)


def noise(raw: bytes, dice: random.Random) -> bytes:
    return dice.randbytes(len(raw))


DAMAGE: dict[str, Callable[[bytes, random.Random], bytes]] = {
    "cut": cut,
    "zeroed": zeroed,
    "flipped": flipped,
    "noise": noise,
    "empty": lambda _raw, _dice: b"",
}


def torture(value: object) -> ParameterSet:
    return pytest.param(value, marks=TORTURE)


def usually(kind: str) -> list[object]:
    """Return this kind of damage, and the others for the torture."""
    return [kind, *(torture(it) for it in DAMAGE if it != kind)]


def seeds_of(*usual: str) -> list[ParameterSet]:
    """Return the usual kinds of damage once, and thirty times all for the torture.

    Every kind is met below the program as well: tests/storage.
    """
    return [
        *(pytest.param(kind, range(1), marks=SHORT) for kind in usual),
        *(pytest.param(kind, range(30), marks=TORTURE) for kind in DAMAGE),
    ]


@pytest.mark.parametrize(("kind", "seeds"), seeds_of("cut"))
def test_damaged_settings_are_set_aside_and_said(survivor, kind, seeds):
    file = survivor.paths.settings
    whole = file.read_bytes()
    for seed in seeds:
        for it in survivor.profile.glob("settings.json.damaged-*"):
            it.unlink()
        harmed = DAMAGE[kind](whole, random.Random(f"{kind}{seed}"))
        file.write_bytes(harmed)
        readable = not load_of_copy(harmed, survivor.folder)
        life = survivor.starts()
        life.shows_a_reading()
        if readable:  # a bit too many in a name is no damage that can be seen
            assert asides(survivor, file.name) == []
        else:
            life.says("The settings file was damaged; it is kept as")
            assert "The settings file was damaged" in survivor.log()
            assert asides(survivor, file.name) == [harmed]
        life.turns_the_knob(3.25)
        life.ends()
        assert load(file).settings.live_minutes == 3.25


def load_of_copy(raw: bytes, folder: Path) -> str:
    copy = folder / "copy.json"
    copy.write_bytes(raw)
    return load(copy).message


@pytest.mark.parametrize(("kind", "seeds"), seeds_of("flipped", "empty"))
def test_a_damaged_history_is_mended_kept_and_said(survivor, kind, seeds):
    file = survivor.paths.history
    whole = file.read_bytes()
    for seed in seeds:
        for it in survivor.profile.glob(f"{file.name}*"):
            it.unlink()
        harmed = DAMAGE[kind](whole, random.Random(f"{kind}{seed}"))
        file.write_bytes(harmed)
        sound = is_sound(file, survivor.folder / "look")
        life = survivor.starts()
        life.shows_a_reading()
        if not harmed:
            life.says("The history was empty; it begins anew.")
        elif not sound:
            life.says("The history was damaged")
            assert "The history was damaged" in survivor.log()
            assert asides(survivor, file.name) == [harmed]
        life.shows_another()
        life.ends()
        assert integrity(copied_history(file, survivor.folder / "look")) == "ok"
        assert any(it[0] == "reading" for it in stored(file))


def is_sound(file: Path, folder: Path) -> bool:
    try:
        return integrity(copied_history(file, folder)) == "ok"
    except (sqlite3.Error, UnicodeDecodeError):  # it may quote the damage
        return False


@pytest.mark.parametrize("kind", usually("cut"))
def test_a_damaged_log_of_the_history_costs_no_more_than_itself(survivor, kind):
    """The file and its log as a kill leaves them, and then the log is damaged."""
    life = survivor.starts()
    life.shows_a_reading()
    before = stored(survivor.paths.history)
    life.is_killed()
    log = survivor.paths.history.with_name("history.sqlite3-wal")
    log.write_bytes(DAMAGE[kind](log.read_bytes(), random.Random(kind)))
    survivor.lives_once()
    kept = stored(survivor.paths.history)
    assert {it for it in before if it[0] == "notice"} <= kept
    assert integrity(copied_history(survivor.paths.history, survivor.folder)) == "ok"


@pytest.mark.parametrize("seed", [0, *(torture(it) for it in range(1, 20))])
def test_damaged_states_of_the_alerts_stop_nothing(survivor, seed):
    dice = random.Random(seed)
    with closing(sqlite3.connect(survivor.paths.history)) as con, con:
        for station, key, text in con.execute("SELECT * FROM state").fetchall():
            harmed = dice.choice([text[: len(text) // 2], "7", "[[", "null", "{}", ""])
            con.execute(
                "UPDATE state SET json = ? WHERE station = ? AND key = ?",
                (harmed, station, key),
            )
    survivor.lives_once()


@pytest.mark.parametrize("kind", usually("noise"))
def test_a_damaged_log_file_is_written_on(survivor, kind):
    file = survivor.paths.log / "sems-tray.log"
    harmed = DAMAGE[kind](file.read_bytes(), random.Random(kind))
    file.write_bytes(harmed)
    survivor.lives_once()
    assert file.read_bytes().startswith(harmed)
    assert b" begins" in file.read_bytes()[len(harmed) :]


# -- what is in the way ----------------------------------------------------------


def test_a_folder_in_the_settings_place_is_said_and_left_alone(survivor):
    survivor.paths.settings.unlink()
    survivor.paths.settings.mkdir()
    life = survivor.starts()
    life.shows_a_reading()
    life.says("The settings cannot be read (Is a directory)")
    life.turns_the_knob(3.25)
    life.ends()
    assert list(survivor.paths.settings.iterdir()) == []
    assert list(survivor.profile.glob(".settings.json*")) == []


def test_a_folder_in_the_historys_place_is_said_and_left_alone(survivor):
    survivor.paths.history.unlink()
    survivor.paths.history.mkdir()
    life = survivor.starts()
    life.shows_a_reading()
    life.says("The history cannot be kept")
    life.ends()
    assert list(survivor.paths.history.iterdir()) == []


def test_a_folder_in_the_logs_place_stops_nothing(survivor):
    log = survivor.paths.log / "sems-tray.log"
    log.unlink()
    log.mkdir()
    survivor.lives_once()
    assert list(log.iterdir()) == []


def test_half_written_settings_of_a_killed_program_are_tidied_up(survivor):
    half = survivor.profile / ".settings.json.abc123"
    half.write_bytes(b'{"version": 1, "acc')
    survivor.lives_once()
    assert not half.exists()
    assert load(survivor.paths.settings).settings == CHOSEN


# -- no permission ---------------------------------------------------------------


@pytest.fixture
def humble(survivor) -> tuple[str, ...]:
    """Return what to start the program by, so that permissions count for it."""
    if os.geteuid():
        return ()
    if shutil.which("setpriv") is None:
        pytest.skip("root may write anywhere, and there is no setpriv to prevent that")
    return HUMBLE


def test_settings_that_may_not_be_read_are_said_and_left_alone(survivor, humble):
    file = survivor.paths.settings
    raw = file.read_bytes()
    file.chmod(0)
    life = survivor.starts(before=humble)
    life.shows_a_reading()
    life.says("The settings cannot be read (Permission denied)")
    life.turns_the_knob(3.25)
    life.ends()
    file.chmod(0o600)
    assert file.read_bytes() == raw


def test_a_history_that_may_not_be_read_is_said_and_left_alone(survivor, humble):
    file = survivor.paths.history
    raw = file.read_bytes()
    file.chmod(0)
    life = survivor.starts(before=humble)
    life.shows_a_reading()
    life.says("The history cannot be kept")
    life.ends()
    file.chmod(0o600)
    assert file.read_bytes() == raw


def test_a_read_only_profile_shows_values_and_says_what_is_not_kept(survivor, humble):
    before = {it.name: it.read_bytes() for it in survivor.profile.iterdir()}
    for it in survivor.profile.iterdir():
        it.chmod(0o444)
    survivor.profile.chmod(0o555)
    life = survivor.starts(before=humble)
    life.shows_a_reading()
    life.says("The history cannot be kept")
    life.says("The settings cannot be saved: Permission denied.")
    life.turns_the_knob(3.25)
    life.shows_another()
    assert life.program.stderr.count("settings cannot be saved") == 1
    life.ends()
    after = {it.name: it.read_bytes() for it in survivor.profile.iterdir()}
    assert after == before


def test_a_profile_that_may_not_be_entered_is_said(survivor, humble):
    survivor.profile.chmod(0)
    life = survivor.starts(before=humble)
    life.shows_a_reading()
    life.says("The settings cannot be read (Permission denied)")
    life.says("The history cannot be kept")
    life.shows_another()
    life.ends()
    assert life.program.stderr.count("\n") == 1


def test_a_profile_that_can_be_written_again_is(survivor, humble):
    survivor.profile.chmod(0o555)
    life = survivor.starts(before=humble)
    life.shows_a_reading()
    life.turns_the_knob(3.25)
    life.says("cannot be saved")
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
    life.says("The history cannot be kept")
    life.turns_the_knob(3.25)
    life.says("The settings cannot be ")
    life.ends()
    assert survivor.profile.read_text() == "in the way"
