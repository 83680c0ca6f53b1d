"""Start a program, read what it says, end it for certain."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


class Program:
    """A running program whose output goes to files."""

    def __init__(
        self,
        args: Iterable[str],
        env: Mapping[str, str],
        log: Path,
        *,
        cwd: Path,
        stdin: bytes = b"",
    ) -> None:
        given = log.with_suffix(".in")
        given.write_bytes(stdin)
        self._out, self._err = log.with_suffix(".out"), log.with_suffix(".err")
        self.args = [*args]
        # A child whose parent is killed outright must not stay behind.
        leash = ["setpriv", "--pdeathsig", "KILL"] if shutil.which("setpriv") else []
        with (
            given.open("rb") as words,
            self._out.open("wb") as out,
            self._err.open("wb") as err,
        ):
            self._process = subprocess.Popen(
                [*leash, *self.args],
                env=dict(env),
                cwd=cwd,
                stdin=words,
                stdout=out,
                stderr=err,
                start_new_session=True,
            )
        self.pid = self._process.pid  # setpriv becomes the program: the same number

    @property
    def stdout(self) -> str:
        return self._out.read_text(encoding="utf-8", errors="replace")

    @property
    def stderr(self) -> str:
        return self._err.read_text(encoding="utf-8", errors="replace")

    @property
    def exit_code(self) -> int | None:
        """None while it runs; negative: the signal that ended it."""
        return self._process.poll()

    def terminate(self) -> None:
        """Ask it to end (SIGTERM)."""
        self._process.terminate()

    def interrupt(self) -> None:
        """Do what ^C does (SIGINT)."""
        self._process.send_signal(signal.SIGINT)

    def kill(self) -> None:
        """End it outright (SIGKILL)."""
        self._process.kill()
        self._process.wait()

    def family(self) -> list[int]:
        """Return the processes that it started and itself, those that live."""
        found = []
        for stat in Path("/proc").glob("[0-9]*/stat"):
            with contextlib.suppress(OSError):
                # After the name in brackets: state, parent, group, session.
                state, _, _, session = stat.read_text().rpartition(") ")[2].split()[:4]
                if int(session) == self.pid and state not in "ZX":
                    found.append(int(stat.parent.name))
        return found

    def command_lines(self) -> set[str]:
        """Return what ``ps`` shows of the family."""
        found = set()
        for pid in self.family():
            with contextlib.suppress(OSError):
                line = Path(f"/proc/{pid}/cmdline").read_bytes()
                found.add(line.replace(b"\0", b" ").decode(errors="replace").strip())
        return found

    def wait(self, timeout: float = 5.0) -> int:
        """Return its exit code; raise TimeoutExpired if it runs on."""
        return self._process.wait(timeout)

    def stop(self) -> None:
        """End it and whatever it started, now."""
        if self._process.poll() is None:
            self._process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(1.0)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
        self._process.wait()


def this_python(*args: str | Path) -> list[str]:
    """Return the command that runs the tests' own Python."""
    return [sys.executable, *map(str, args)]
