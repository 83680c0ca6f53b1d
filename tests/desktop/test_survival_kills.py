"""Killed at any moment: the next start works, and nothing stored is lost."""

from __future__ import annotations

import itertools
import json
import random
import time
from typing import TYPE_CHECKING

import pytest

from sems_tray.storage.settings import Settings, load, save
from tests.kit.portal import still_portal

from .survivor import Survivor, copied_history, integrity, stored

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .survivor import Life

TORTURE = (pytest.mark.torture, pytest.mark.timeout(1800))
SHORT = (pytest.mark.timeout(280),)
OLD = Settings(account="owner@example.com", station=None, icon="pv", currency="EUR")


@pytest.fixture
def survivor(tmp_path, tmp_path_factory, house) -> Iterator[Survivor]:
    bytecode = tmp_path_factory.getbasetemp() / "bytecode"
    with still_portal(house, limit_per_minute=None) as portal:
        survivor = Survivor(portal, tmp_path, bytecode)
        yield survivor
        survivor.stop()


class Witness:
    """Knows what was stored before a kill, and looks for it afterwards."""

    def __init__(self, survivor: Survivor) -> None:
        self._survivor = survivor
        self._copies = itertools.count()
        self._stored: set[tuple[object, ...]] = set()
        self._live = {2.0}  # what the file may hold
        save(survivor.paths.settings, OLD)

    def note(self) -> None:
        """Remember what is committed now."""
        self._stored |= stored(self._survivor.paths.history)

    def look(self, life: Life) -> None:
        """Check what a killed program left; look at copies, and mend nothing."""
        said = [float(str(it)) for it in life.words("live")]
        # The last one may be saved and not yet told, the first one as well.
        last = round(said[-1], 2) if said else 1.0
        self._live = {last, round(last + 0.01, 2)} | (set() if said else self._live)
        raw = self._survivor.paths.settings.read_bytes()
        found = json.loads(raw)
        live = round(found["live_minutes"], 2)  # it is counted up in hundredths
        assert live in self._live, (found, self._live)
        self._live = {live}
        assert found["icon"] == OLD.icon
        assert load(self._survivor.paths.settings).message == ""
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


def rests(survivor: Survivor) -> set[str]:
    """Return the names of half-written settings."""
    return {it for it in survivor.files() if it.startswith(".settings.json")}


@pytest.mark.parametrize(
    "kills", [pytest.param(9, marks=SHORT), pytest.param(200, marks=TORTURE)]
)
def test_a_program_that_is_killed_at_any_moment_loses_nothing(survivor, kills):
    """Every second kill meets a start or an end, the others one at work."""
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
            assert not left & rests(survivor)
            time.sleep(dice.uniform(0, 0.9))
            witness.note()
            if number % 3 == 1:
                life.program.terminate()
                time.sleep(dice.uniform(0, 0.15))
        life.is_killed()
        assert "Traceback" not in life.program.stderr, life.program.stderr
        witness.look(life)
        left = rests(survivor)
    last = survivor.lives_once()
    assert last.all_notes == ""
    assert last.program.stderr == ""
    assert rests(survivor) == set()
    assert witness.kinds >= {"notice", "sums", "state", "reading"}
    assert [it for it in survivor.files() if "damaged" in it] == []
