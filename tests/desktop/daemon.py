"""Notification daemons on the test desktop."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jeepney import DBusAddress

from .program import this_python
from .waiting import wait_until

if TYPE_CHECKING:
    from .host import Desktop

NAME = "org.freedesktop.Notifications"
_HERE = Path(__file__).parent


class Recorder:
    """The recording daemon: what it was told, and what it is told to do."""

    def __init__(self, desktop: Desktop) -> None:
        self._bus = desktop.bus
        self.program = desktop.start_service(this_python(_HERE / "recorder.py"), NAME)
        wait_until(lambda: self._bus.owner_pid(NAME) == self.program.pid)
        self._address = DBusAddress("/tests", bus_name=NAME, interface="tests.Recorder")

    def calls(self, method: str = "") -> list[dict[str, Any]]:
        """Return the calls so far, of one method or all."""
        found = json.loads(self._bus.call(self._address, "Calls")[0])
        return [call for call in found if method in {"", call["method"]}]

    def notified(self, count: int) -> list[list[Any]]:
        """Return the arguments of each Notify, waiting for so many."""
        wait_until(lambda: len(self.calls("Notify")) >= count)
        found = [call["arguments"] for call in self.calls("Notify")]
        assert len(found) == count
        return found

    def closed(self) -> list[int]:
        """Return the numbers that were to be closed."""
        return [call["arguments"][0] for call in self.calls("CloseNotification")]

    def behaves(self, mode: str) -> None:
        self._bus.call(self._address, "Mode", "s", mode)

    def can(self, *abilities: str) -> None:
        self._bus.call(self._address, "Can", "as", [*abilities])

    def release(self) -> None:
        """Answer what was held back, and obey from now on."""
        self._bus.call(self._address, "Release")

    def emit(self, name: str, signature: str, *values: Any) -> None:
        """Send a signal, true or not."""
        self._bus.call(
            self._address, "Emit", "sss", name, signature, json.dumps(values)
        )


class Dunst:
    """The real daemon; dunstctl sees what it shows and clicks for the owner."""

    def __init__(self, desktop: Desktop) -> None:
        self._env = desktop.env
        self.program = desktop.start_service(["dunst"], NAME)
        wait_until(lambda: desktop.bus.owner_pid(NAME) == self.program.pid)

    def ctl(self, *args: str) -> str:
        done = subprocess.run(
            ["dunstctl", *args],
            env=self._env,
            capture_output=True,
            text=True,
            timeout=5,
            check=True,
        )
        return done.stdout.strip()

    def count(self) -> int:
        """Return how many bubbles are on the screen, or about to be."""
        return int(self.ctl("count", "displayed")) + int(self.ctl("count", "waiting"))

    def history(self) -> list[dict[str, Any]]:
        """Return the bubbles that were shown and are gone, the newest first."""
        found = json.loads(self.ctl("history"))["data"][0]
        return [{name: it["data"] for name, it in entry.items()} for entry in found]
