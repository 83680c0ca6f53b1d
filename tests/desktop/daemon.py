"""Notification daemons on the test desktop, and a program that shows bubbles."""

from __future__ import annotations

import json
import subprocess
import time
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


class Bubbler:
    """A program of its own with a notifier, and what it says."""

    def __init__(
        self, desktop: Desktop, *, icon: bool = False, env: dict[str, str] | None = None
    ) -> None:
        self._orders = desktop.folder / "tmp" / f"orders-{time.monotonic_ns()}"
        self._orders.touch()
        script = this_python(_HERE / "bubbler.py", self._orders)
        path = {"PYTHONPATH": str(_HERE.parents[1])}
        self.program = desktop.run_app(
            [*script, "icon" if icon else "no-icon"], {**path, **(env or {})}
        )
        wait_until(lambda: "ready" in self.said, 10)
        if icon:
            desktop.item(self.program)

    @property
    def said(self) -> list[str]:
        return self.program.stdout.splitlines()

    def order(self, *lines: str) -> None:
        with self._orders.open("a") as file:
            file.write("".join(f"{line}\n" for line in lines))

    def show(self, key: str, title: str, text: str = "", **more: Any) -> None:
        given = {"key": key, "title": title, "text": text, **more}
        self.order(f"show {json.dumps(given)}")

    def says(self, line: str, timeout: float = 5.0) -> None:
        """Wait for a line; tell what else it said if it does not come."""
        wait_until(lambda: line in self.said, timeout)

    def asks(self, word: str) -> str:
        """Return the answer to an order that is answered."""
        before = len(self.answers(word))
        self.order(word)
        return wait_until(lambda: self.answers(word)[before:])[0]

    def answers(self, word: str) -> list[str]:
        return [
            line.removeprefix(f"{word} ")
            for line in self.said
            if line.startswith(f"{word} ")
        ]

    def logged(self) -> list[str]:
        return self.answers("log")

    def end(self) -> None:
        """Let it quit by itself, without a word of complaint."""
        self.order("quit")
        assert self.program.wait(5) == 0
        assert self.program.stderr == ""
