"""Start the witnessed program offscreen, again and again, on one profile."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3
import subprocess
from contextlib import closing, contextmanager, suppress
from typing import TYPE_CHECKING

from sems_tray.storage.paths import profile_paths

from .configuration import environment
from .host import CHECKOUT
from .owner import ACCOUNT, PASSWORD
from .program import Program, this_python
from .waiting import wait_until

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sems_tray.simulator.simulator import Simulator

# Slow, because others test on the same machine.
PATIENCE_S = 20.0
# Whoever is root may write anywhere, unless it gives that up.
HUMBLE = (
    *("setpriv", "--inh-caps=-all"),
    "--bounding-set=-dac_override,-dac_read_search,-fowner",
)


class Survivor:
    """One owner's profile, home and program; ``starts`` may be called any often."""

    def __init__(self, portal: Simulator, folder: Path, bytecode: Path | str) -> None:
        self.portal = portal
        self.folder = folder
        self.profile = folder / "profile"
        self.paths = profile_paths(self.profile)
        self.env = environment(folder) | {
            "QT_QPA_PLATFORM": "offscreen",
            "PYTHONUTF8": "1",
            "PYTHONPATH": str(CHECKOUT),
            "PYTHONPYCACHEPREFIX": str(bytecode),
            "PYTHONWARNINGS": "error",
            "SEMS_TRAY_ACCOUNT": ACCOUNT,
            "SEMS_TRAY_PASSWORD": PASSWORD,
        }
        self._started: list[Life] = []

    def starts(self, *, hurry: bool = False, before: tuple[str, ...] = ()) -> Life:
        """Start it; ``before`` is a command that starts the command."""
        command = this_python("-m", "tests.desktop.witness")
        options = ("--portal", self.portal.url, "--profile", str(self.profile))
        life = Life(
            [*before, *command, *(["--hurry"] if hurry else []), *options],
            self.env,
            self.folder / f"life-{len(self._started)}",
        )
        self._started.append(life)
        return life

    def stop(self) -> None:
        """End whatever was started."""
        for life in self._started:
            life.program.stop()

    def lives_once(self) -> Life:
        """Start it, see a reading, end it in order."""
        life = self.starts()
        life.shows_a_reading()
        life.ends()
        return life

    def log(self) -> str:
        """Return what the profile's log says."""
        return (self.paths.log / "sems-tray.log").read_text("utf-8", "replace")


class Life:
    """One run of the program, until it ends or is ended."""

    def __init__(self, command: list[str], env: dict[str, str], log: Path) -> None:
        self._orders = log.with_suffix(".in")
        self.program = Program(command, env, log, cwd=CHECKOUT)

    # -- what it says ----------------------------------------------------------

    def said(self) -> list[dict[str, object]]:
        """Return what the witness has said; a last line may be half."""
        whole, _, _ = self.program.stdout.rpartition("\n")
        return [json.loads(line) for line in whole.splitlines()]

    def words(self, key: str) -> list[object]:
        """Return what it said under a key, in order."""
        return [it[key] for it in self.said() if key in it]

    @property
    def notes(self) -> str:
        """What the window's header would say now."""
        shown = self.words("notes")
        last = shown[-1] if shown else []
        assert isinstance(last, list)
        return " ".join(last)

    def says(self, text: str) -> None:
        """Wait until the window's header would say this: it may follow the reading."""
        with suppress(AssertionError):
            wait_until(lambda: text in self.notes, PATIENCE_S)
        assert text in self.notes

    @property
    def all_notes(self) -> str:
        """Everything that the window's header would have said so far."""
        return " ".join(str(it) for it in self.words("notes") if it)

    # -- what happens to it ----------------------------------------------------

    def shows_a_reading(self) -> None:
        """Wait until a reading came and was given to the history."""
        self._wait_for("reading")

    def is_busy(self, changes: int) -> None:
        """Wait until a hurried owner has changed something so often."""
        wait_until(lambda: len(self.words("live")) >= changes, PATIENCE_S)

    def shows_another(self) -> None:
        """Order a refresh and wait for what comes of it."""
        before = len(self.words("reading"))
        self.order("refresh")
        wait_until(lambda: len(self.words("reading")) > before, PATIENCE_S)

    def turns_the_knob(self, minutes: float) -> None:
        """Change a setting as the owner does in the window."""
        self.order(f"live {minutes}")
        wait_until(lambda: minutes in self.words("live"), PATIENCE_S)

    def order(self, line: str) -> None:
        """Tell the witness to do something."""
        with self._orders.open("a", encoding="utf-8") as file:
            file.write(f"{line}\n")

    def ends(self) -> None:
        """End it in order, and without a word."""
        self.program.terminate()
        assert self.program.wait(PATIENCE_S) == 0
        assert "Traceback" not in self.program.stderr, self.program.stderr

    def is_killed(self) -> None:
        """Kill it outright, and whatever it started."""
        with suppress(ProcessLookupError):  # it has just ended by itself
            os.killpg(self.program.pid, signal.SIGKILL)
        self.program.kill()

    def _wait_for(self, key: str) -> None:
        def answered() -> bool:
            return bool(self.words(key)) or self.program.exit_code is not None

        wait_until(answered, PATIENCE_S, pause=0.01)
        assert self.words(key), self.program.stderr


# -- what is on the disk ---------------------------------------------------------


def copied_history(path: Path, to: Path) -> Path:
    """Copy a history and its log, so that looking does not mend it."""
    to.mkdir(parents=True, exist_ok=True)
    for end in ("", "-wal"):
        old, new = path.with_name(path.name + end), to / (path.name + end)
        new.unlink(missing_ok=True)
        if old.exists():
            shutil.copyfile(old, new)
    return to / path.name


def integrity(path: Path) -> str:
    """Return what SQLite says of a whole file."""
    with closing(sqlite3.connect(path)) as con:
        return str(con.execute("PRAGMA integrity_check").fetchone()[0])


def stored(path: Path) -> set[tuple[object, ...]]:
    """Return the keys of all that is committed in a history; it is not changed."""
    if not path.exists():
        return set()
    asked = (
        "SELECT 'reading', station, minute FROM readings",
        "SELECT 'notice', topic, '' FROM notices",
        "SELECT 'sums', period, key FROM sums",
        "SELECT 'asked', day, what FROM asked",
        "SELECT 'state', station, key FROM state",
    )
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as con:
        try:
            return {row for it in asked for row in con.execute(it)}
        except sqlite3.OperationalError as exc:
            if "no such table" in str(exc) or "locked" in str(exc):
                return set()
            raise


@contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[None]:
    """Mount a disk of its own at a folder. Raises PermissionError where nobody may."""
    folder.mkdir(exist_ok=True)
    mount = ("mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=700", "none")
    done = subprocess.run((*mount, folder), capture_output=True, check=False)
    if done.returncode:
        raise PermissionError(done.stderr.decode(errors="replace"))
    try:
        yield
    finally:
        subprocess.run(("umount", "--lazy", folder), check=False)
