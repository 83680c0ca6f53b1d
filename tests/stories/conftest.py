"""The whole program in this process, with the simulated portal over HTTP."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtWidgets import QSystemTrayIcon

from tests.kit.portal import house, portal  # noqa: F401  (fixtures)
from tests.kit.program import run_program

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from sems_tray.simulator.simulator import Simulator
    from tests.kit.program import RunningProgram


@pytest.fixture
def profile(tmp_path: Path) -> Path:
    return tmp_path / "profile"


@pytest.fixture
def starts(
    qapp: object,
    qtbot: Any,
    portal: Simulator,  # noqa: F811
    profile: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Callable[..., RunningProgram]]:
    """Return a function that starts the program; the one before is ended."""
    monkeypatch.setattr(
        QSystemTrayIcon, "isSystemTrayAvailable", staticmethod(lambda: True)
    )
    with ExitStack() as running:

        def start(**options: Any) -> RunningProgram:
            running.close()
            return running.enter_context(run_program(portal, profile, qtbot, **options))

        yield start


@pytest.fixture
def program(starts: Callable[..., RunningProgram]) -> RunningProgram:
    """Return a program that shows its first reading."""
    found = starts()
    found.sees("Battery 76 % ▲ 1.2 kW · PV 3.2 kW")
    found.rests()
    return found
