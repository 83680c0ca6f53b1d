"""Start a program, read what it says, end it for certain."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path


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
