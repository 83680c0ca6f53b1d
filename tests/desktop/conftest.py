"""A desktop for the whole session, and a clean tray for each test."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import pytest

from .host import Desktop, missing_programs
from .waiting import wait_until

if TYPE_CHECKING:
    from collections.abc import Iterator


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
    wait_until(lambda: not whole_desktop.items() and not whole_desktop.icons_on_panel())
