"""The built bundle starts, answers and shows its icon (``make bundle`` runs this)."""

from __future__ import annotations

import ast
import importlib.util
import json
import os
import shlex
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from sems_tray.desktop.autostart import DesktopEntry, Entry, login_entry
from sems_tray.i18n.locale import LANGUAGES

from .owner import DIALOG, FIRST, PASSWORD, Owner, wait_for_answer
from .test_secrets import kept
from .waiting import wait_until

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sems_tray.simulator.simulator import Simulator

    from .host import Desktop
    from .program import Program

pytestmark = pytest.mark.bundle

CHECKOUT = Path(__file__).parents[2]
FOLDER = CHECKOUT / "dist" / "sems-tray"
PROGRAM = FOLDER / "sems-tray"
INSIDE = FOLDER / "_internal"
SUMMARY = 3
OPENER = """\
#!/bin/sh
env >"$0.part"
echo "asked for $1" >>"$0.part"
mv "$0.part" "$0.said"
"""


class BundleOwner(Owner):
    """Has the bundle, not a checkout, and one profile."""

    def tells(
        self,
        *options: str,
        env: dict[str, str] | None = None,
        program: Path = PROGRAM,
    ) -> Program:
        """Start it with an account to find by itself, if any."""
        command: list[str | Path] = [
            program,
            "--portal",
            self.portal.url,
            "--profile",
            self.profile,
        ]
        return self.desktop.run_app([*command, *options], env, cwd=self.profile.parent)


@pytest.fixture
def owner(desktop: Desktop, portal: Simulator, tmp_path: Path) -> BundleOwner:
    return BundleOwner(desktop, portal, tmp_path / "profile")


@pytest.fixture(scope="module")
def modules() -> set[str]:
    """Return the names of all Python modules inside."""
    readers = pytest.importorskip("PyInstaller.archive.readers")
    archive = readers.CArchiveReader(str(PROGRAM))
    (pyz,) = (it for it in archive.toc if it.endswith(".pyz"))
    names = {*archive.toc, *archive.open_embedded_archive(pyz).toc}
    with zipfile.ZipFile(INSIDE / "base_library.zip") as base:
        names |= {it.removesuffix(".pyc").replace("/", ".") for it in base.namelist()}
    for file in [*INSIDE.rglob("*.so"), *INSIDE.rglob("*.pyd")]:
        path = file.relative_to(INSIDE)
        if "lib-dynload" in path.parts:
            path = Path(path.name)
        names.add(".".join((*path.parts[:-1], path.name.partition(".")[0])))
    return {it.removesuffix(".__init__") for it in names} | set(
        sys.builtin_module_names
    )


def answer(*args: str, **environment: str) -> str:
    bare = {"PATH": "/nowhere", "HOME": os.environ.get("HOME", "/")}
    done = subprocess.run(
        [PROGRAM, *args],
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
        env=bare | environment,
        check=True,
    )
    assert done.stderr == ""
    return done.stdout


def imported() -> Iterator[tuple[str, str]]:
    """Return all that the package imports, and where: lazily, too."""
    for file in (CHECKOUT / "sems_tray").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            match node:
                case ast.Import():
                    yield from ((it.name, file.name) for it in node.names)
                case ast.ImportFrom(module=str(name), level=0):
                    yield name, file.name


# -- what is inside ----------------------------------------------------------------


def test_every_module_of_the_program_is_inside(modules):
    files = (CHECKOUT / "sems_tray").rglob("*.py")
    paths = (it.relative_to(CHECKOUT).with_suffix("").parts for it in files)
    ours = {".".join(it).removesuffix(".__init__") for it in paths}
    assert ours - modules == set()


def test_so_is_all_that_they_import_lazily(modules):
    # Another platform's (winreg) is not to be had here either.
    wanted = {it for it in imported() if importlib.util.find_spec(it[0]) is not None}
    assert len(wanted) > 100
    assert {it for it in wanted if it[0] not in modules} == set()


def test_the_languages_are_inside_and_no_others():
    others = {it for it in LANGUAGES if it != "en"}
    ours = {it.stem for it in (INSIDE / "resources" / "translations").glob("*.mo")}
    folder = INSIDE / "PySide6" / "Qt" / "translations"
    qts = {it.stem.removeprefix("qtbase_") for it in folder.glob("*.qm")}
    assert ours == others
    assert qts == others - {"pt"} | {"pt_BR"}


def test_nothing_of_the_desktop_that_built_it_is_inside():
    names = {it.name for it in INSIDE.rglob("*")}
    assert not {it for it in names if "gtk" in it or "gdk" in it}
    assert {"libqxcb.so", "libqwayland.so", "libqsvg.so"} <= names


# -- the command line --------------------------------------------------------------


def test_it_answers_without_python_on_the_path():
    reading = json.loads(answer("status", "--json", "--demo"))
    assert (reading["schema"], reading["state"], reading["stale"]) == (1, "ok", [])
    assert reading["power"]["pv_w"] > 0
    # The zone database is inside.
    reading = json.loads(answer("status", "--json", "--demo", "night"))
    assert reading["state"] == "night"


def test_it_speaks_the_systems_language():
    assert "Alles in Ordnung" in answer("status", "--demo", LANG="de_DE.UTF-8")


def test_it_exports():
    head, *rows = answer("export", "--demo", "--every", "day").splitlines()
    assert head.startswith("Date,PV (kWh)")
    assert rows


def test_its_diagnostics_load_qt_and_find_the_keyrings_library():
    said = answer("diagnostics")
    assert "(bundle)" in said
    assert "cannot be loaded" not in said
    assert "Keyring backend: unknown" not in said


# -- on the desktop ----------------------------------------------------------------


def test_its_icon_is_on_the_panel(desktop):
    app = desktop.run_app([PROGRAM, "--demo"])
    item = desktop.item(app)
    wait_until(lambda: "Battery" in item.tooltip)
    item.click_menu("Quit")
    wait_until(lambda: app.exit_code == 0)
    assert app.stderr == ""


def test_a_password_is_kept_in_a_real_keyring_and_found_again(owner, desktop, keyring):
    app = owner.tells()
    item = desktop.item(app)
    owner.signs_in(PASSWORD)
    owner.sees(FIRST)
    wait_until(lambda: kept(owner, "token"))
    assert kept(owner, "password") == PASSWORD
    wait_for_answer(item)
    assert owner.tells("--refresh").wait(20) == 0
    assert owner.tells("--quit").wait(20) == 0
    assert app.wait(10) == 0
    assert app.stderr == ""
    again = owner.tells()
    wait_for_answer(owner.sees(FIRST, again))
    assert DIALOG not in desktop.windows()
    assert owner.portal.sign_ins == 1


def test_a_bundle_that_was_moved_is_started_at_login_again(owner, desktop, tmp_path):
    here = tmp_path / "my programs"
    shutil.copytree(FOLDER, here, copy_function=os.link, symlinks=True)
    moved = here / PROGRAM.name
    profile = ("--profile", str(owner.profile))
    old = Entry(
        command=(str(tmp_path / "old" / PROGRAM.name), *profile),
        suffix=login_entry(owner.profile).suffix,
    )
    entry = DesktopEntry(old, desktop.folder / "config" / "autostart")
    assert entry.set(True) == ""
    assert entry.is_lost()
    owner.tells(program=moved)
    wait_until(lambda: not entry.is_lost(), 30)
    (line,) = (it for it in entry.path.read_text().splitlines() if it[:5] == "Exec=")
    assert shlex.split(line.removeprefix("Exec=")) == [str(moved), *profile]
    entry.set(False)


def test_where_the_display_is_gone_it_becomes_the_terminal_view(desktop):
    app = desktop.run_app([PROGRAM, "--demo"], {"DISPLAY": ":987"})
    wait_until(lambda: "Demo House" in app.stdout, 10)
    assert app.stderr.startswith("sems-tray: the display cannot be opened")


@pytest.mark.parametrize("before", ["", "/home/owner/lib"])
def test_a_browser_is_started_without_the_bundles_libraries(desktop, tmp_path, before):
    opener = tmp_path / "xdg-open"
    opener.write_text(OPENER)
    opener.chmod(0o755)
    env = {"PATH": f"{tmp_path}:{os.environ['PATH']}", "BROWSER": "", "LANG": "C"}
    app = desktop.run_app(
        [PROGRAM, "--demo"], env | ({"LD_LIBRARY_PATH": before} if before else {})
    )
    desktop.item(app).click_menu("Open SEMS Portal")
    said = opener.with_suffix(".said")
    wait_until(said.exists)
    *lines, asked = said.read_text().splitlines()
    assert asked.startswith("asked for https://")
    heard = dict(it.partition("=")[::2] for it in lines)
    assert heard.get("LD_LIBRARY_PATH", "") == before
    assert not [it for it in lines if str(FOLDER) in it and "PATH=" in it]
    assert not [it for it in heard if it.startswith(("_PYI", "QT_PLUGIN"))]
