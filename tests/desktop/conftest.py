"""A desktop for the whole session, and a clean tray for each test."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import pytest

from tests.kit.portal import portal  # noqa: F401  (a fixture)

from .host import Desktop, missing_programs
from .owner import Owner
from .waiting import wait_until

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sems_tray.simulator.simulator import Simulator

    from .program import Program


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/desktop/" in item.path.as_posix():
            item.add_marker(pytest.mark.desktop)


@pytest.fixture(scope="session")
def whole_desktop() -> Iterator[Desktop]:
    missing = missing_programs()
    if not sys.platform.startswith("linux"):
        pytest.skip("the tests on a real desktop need Linux and X11")
    if missing:
        words = f"no desktop to test on, missing: {', '.join(missing)}"
        if os.environ.get("CI") == "true":
            pytest.fail(words)
        pytest.skip(f"{words} (Debian's packages: requirements/debian-test)")
    with Desktop() as desktop:
        yield desktop


@pytest.fixture
def desktop(whole_desktop: Desktop) -> Iterator[Desktop]:
    """Return the desktop with an empty tray; end what the test started on it."""
    yield whole_desktop
    # The mouse out of the way, so that no tooltip or highlight hangs on.
    whole_desktop.hover(640, 300)
    whole_desktop.stop_apps()
    whole_desktop.forget()
    whole_desktop.start_panel()
    try:
        wait_until(lambda: is_empty(whole_desktop), 3)
    except AssertionError:  # a ghost: see tray.registered
        whole_desktop.restart_panel()
        wait_until(lambda: is_empty(whole_desktop))


def is_empty(desktop: Desktop) -> bool:
    return not desktop.items() and not desktop.icons_on_panel()


@pytest.fixture
def owner(desktop: Desktop, portal: Simulator, tmp_path: Path) -> Owner:  # noqa: F811
    return Owner(desktop, portal, tmp_path / "profile")


@pytest.fixture
def keyring(desktop: Desktop) -> Program:
    """Return a real keyring on the bus, unlocked and empty."""
    command = ["gnome-keyring-daemon", "--foreground", "--components=secrets"]
    return desktop.start_service(
        [*command, "--unlock"], "org.freedesktop.secrets", stdin=b"pass"
    )
