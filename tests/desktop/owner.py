"""The owner of a station at the desktop: starts the program, looks, uses it."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from .program import this_python
from .waiting import wait_until

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from sems_tray.simulator.simulator import Simulator

    from .host import Desktop
    from .program import Program
    from .tray import Item

DIALOG = "Sign in - SEMS Tray"
ACCOUNT, PASSWORD = "owner@example.com", "demo"
FIRST = "Battery 76 % ▲ 1.2 kW · PV 3.2 kW"
TITLE = "Demo House - SEMS Tray"


class Owner:
    """Starts SEMS Tray with a simulated portal and a profile of its own."""

    def __init__(self, desktop: Desktop, portal: Simulator, profile: Path) -> None:
        self.desktop, self.portal, self.profile = desktop, portal, profile

    def starts(
        self,
        *options: str | Path,
        account: str = ACCOUNT,
        password: str = PASSWORD,
        env: dict[str, str] | None = None,
    ) -> Program:
        """Start it; with ``account=""`` it must find credentials by itself."""
        given = {"SEMS_TRAY_ACCOUNT": account, "SEMS_TRAY_PASSWORD": password}
        return self.desktop.run_app(
            this_python(
                *("-m", "sems_tray", "--portal", self.portal.url),
                *("--profile", self.profile, *options),
            ),
            env={**(given if account else {}), **(env or {})},
        )

    def sees(self, words: str, app: Program | None = None, timeout: float = 8) -> Item:
        """Wait until the tooltip says so; return the icon."""
        item = self.desktop.item(app, timeout)
        wait_until(lambda: words in item.tooltip or _but(item.tooltip), timeout)
        return item

    def refreshes(self, item: Item) -> None:
        """Middle-click, and wait for the answer."""
        wait_for_answer(item)
        item.secondary_activate()
        wait_for_answer(item)

    def types(self, *fields: str) -> None:
        """Type into one field after the other of the window in front, then Enter."""
        for number, words in enumerate(fields):
            if number:
                self.desktop.xdotool("key", "Tab")
            self.desktop.xdotool("type", "--delay", "2", words)
        self.desktop.xdotool("key", "Return")

    def signs_in(self, password: str, account: str = ACCOUNT) -> None:
        """Fill in the dialog, once it is there."""
        wait_until(lambda: self.title_in_front() == DIALOG)
        self.desktop.wait_for_rest()
        self.types(account, password)

    def is_in(self, item: Item, words: str) -> None:
        """Wait until the dialog is gone and the tray says so."""
        wait_until(lambda: DIALOG not in self.desktop.windows(), 8)
        self.sees(words)
        wait_for_answer(item)

    def presses(self, key: str, until: Callable[[], bool]) -> None:
        """Press a key until it is heard: a window in front may not yet have focus."""

        def heard() -> bool:
            self.desktop.xdotool("key", key)
            with contextlib.suppress(AssertionError):
                return wait_until(until, 1.0)
            return False

        self.desktop.wait_for_rest()
        wait_until(heard, 8)

    def title_in_front(self) -> str:
        """Return the title of the window that has the keyboard."""
        with contextlib.suppress(Exception):  # for a moment there may be none
            return self.desktop.xdotool("getactivewindow", "getwindowname").strip()
        return ""


def start_demo(
    desktop: Desktop, *options: str, env: dict[str, str] | None = None
) -> Program:
    return desktop.run_app(this_python("-m", "sems_tray", "--demo", *options), env)


def wait_for_answer(item: Item) -> None:
    """Wait until no poll is under way."""
    wait_until(lambda: "Refreshing …" not in labels(item))


def _but(said: str) -> bool:
    raise AssertionError(f"it says {said!r}")


def labels(item: Item) -> list[str]:
    """Return what the menu shows."""
    return [str(entry) for entry in item.menu() if entry.visible]


def first_lines(item: Item) -> list[str]:
    """Return the menu's lines above the first separator."""
    shown = labels(item)
    return shown[: shown.index("---")]
