"""The installed package: built without a network, it brings all it needs along."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def installed(tmp_path_factory) -> Path:
    """Build the wheel and unpack it, which is what installing it does."""
    folder: Path = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder],
        cwd=CHECKOUT,
        capture_output=True,
        check=True,
        timeout=60,
    )
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "site")
    return folder / "site"


def files(folder: Path, pattern: str) -> set[str]:
    found = (it for it in folder.rglob(pattern) if "__pycache__" not in it.parts)
    return {it.relative_to(folder).as_posix() for it in found if it.is_file()}


def run(installed: Path, *args: str, **environment: str) -> str:
    kept = {it: os.environ[it] for it in ("PATH", "SYSTEMROOT") if it in os.environ}
    done = subprocess.run(
        [sys.executable, *args],
        cwd=installed.parent,
        env={**kept, "PYTHONPATH": str(installed), "PYTHONUTF8": "1", **environment},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
        check=True,
    )
    assert done.stderr == ""
    return done.stdout


def test_it_holds_every_module_and_every_resource(installed):
    package = installed / "sems_tray"
    assert files(package, "*.py") == files(CHECKOUT / "sems_tray", "*.py")
    assert files(package / "resources", "*") == files(CHECKOUT / "resources", "*")


def test_it_holds_nothing_else(installed):
    (told,) = installed.glob("sems_tray-*.dist-info")
    assert {it.name for it in installed.iterdir()} == {"sems_tray", told.name}
    assert "sems-tray = sems_tray.cli.main:main_and_exit" in (
        told / "entry_points.txt"
    ).read_text(encoding="utf-8")


def test_it_is_the_one_that_is_asked(installed):
    found = run(installed, "-c", "import sems_tray; print(sems_tray.__file__)")
    assert Path(found.strip()).is_relative_to(installed)


def test_it_speaks_every_language(installed):
    said = {
        run(installed, "-m", "sems_tray", "status", "--demo", LANG=f"{it}.UTF-8")
        .splitlines()[2]
        .split()[0]
        for it in ("en_GB", "de_DE", "fr_FR")
    }
    assert said == {"State", "Status", "État"}
