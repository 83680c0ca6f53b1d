"""The whole program in this process, with the simulated portal over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QSystemTrayIcon

from tests.kit.every_window import filled_history
from tests.kit.portal import portal  # noqa: F401  (a fixture)
from tests.kit.program import Programs

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from sems_tray.history.local_reader import LocalHistory
    from sems_tray.simulator.simulator import Simulator
    from tests.kit.program import RunningProgram


@pytest.fixture
def profile(tmp_path: Path) -> Path:
    return tmp_path / "profile"


@pytest.fixture(scope="session")
def local_history(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalHistory]:
    with filled_history(tmp_path_factory.mktemp("filled")) as made:
        yield made


@pytest.fixture
def starts(
    qapp: object,
    qtbot: QtBot,
    portal: Simulator,  # noqa: F811
    profile: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Programs]:
    monkeypatch.setattr(
        QSystemTrayIcon, "isSystemTrayAvailable", staticmethod(lambda: True)
    )
    with Programs(portal, profile, qtbot) as programs:
        yield programs


@pytest.fixture
def program(starts: Programs) -> RunningProgram:
    """Return a program that shows its first reading."""
    found = starts()
    found.sees("Battery 76 % ▲ 1.2 kW · PV 3.2 kW")
    found.rests()
    return found
