"""Start at login: the files and registry calls of each platform."""

from __future__ import annotations

import configparser
import os
import plistlib
import re
import shutil
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sems_tray.desktop.autostart import (
    APPROVED,
    RUN,
    DesktopEntry,
    Entry,
    LaunchAgent,
    RegistryAutostart,
    autostart,
    desktop_entry,
    login_entry,
    program_of,
    quoted,
)
from tests.kit.folders import read_only

ENTRY = Entry(command=("/opt/sems-tray/sems-tray",))


class Registry:
    """What ``winreg`` does, for the calls that are made, in memory."""

    HKEY_CURRENT_USER, KEY_SET_VALUE, REG_SZ, REG_BINARY = 1, 2, 1, 3

    def __init__(self) -> None:
        self.keys: dict[str, dict[str, tuple[object, int]]] = {RUN: {}}
        self.locked = False

    @contextmanager
    def _open(self, name: str, access: int):
        if self.locked and access == self.KEY_SET_VALUE:
            raise PermissionError(5, "Access is denied")
        yield name

    def OpenKey(self, root: int, name: str, _: int = 0, access: int = 0):  # noqa: N802
        assert root == self.HKEY_CURRENT_USER
        if name not in self.keys:
            raise FileNotFoundError(2, "The system cannot find the file specified")
        return self._open(name, access)

    def CreateKeyEx(self, root: int, name: str, _: int, access: int):  # noqa: N802
        assert root == self.HKEY_CURRENT_USER
        self.keys.setdefault(name, {})
        return self._open(name, access)

    def QueryValueEx(self, key: str, name: str):  # noqa: N802
        return self._values(key, name)[name]

    def SetValueEx(self, key: str, name: str, _: int, kind: int, value: str):  # noqa: N802
        self.keys[key][name] = (value, kind)

    def DeleteValue(self, key: str, name: str) -> None:  # noqa: N802
        del self._values(key, name)[name]

    def _values(self, key: str, name: str):
        if name not in self.keys[key]:
            raise FileNotFoundError(2, "The system cannot find the file specified")
        return self.keys[key]


@pytest.fixture
def registry():
    return Registry()


@pytest.fixture
def makes(tmp_path, registry):
    """Return a function that makes the entry of a kind of system."""

    def make(kind: str, entry: Entry = ENTRY):
        match kind:
            case "desktop":
                return DesktopEntry(entry, tmp_path / "autostart")
            case "agent":
                return LaunchAgent(entry, tmp_path / "LaunchAgents")
            case _:
                return RegistryAutostart(entry, registry)

    return make


@pytest.fixture
def desktop(makes):
    return makes("desktop")


@pytest.fixture
def agent(makes):
    return makes("agent")


every_kind = pytest.mark.parametrize("kind", ["desktop", "agent", "registry"])
every_file = pytest.mark.parametrize("kind", ["desktop", "agent"])


def parsed(text: str):
    parser = configparser.RawConfigParser()
    parser.optionxform = str  # type: ignore[assignment, method-assign]
    parser.read_string(text)
    return parser["Desktop Entry"]


def argv(exec_line: str) -> list[str]:
    """Return the arguments that a desktop makes of an Exec key, as the spec has it."""
    undone = re.sub(r"\\(.)", lambda it: _ESCAPES[it[1]], exec_line)
    found = re.findall(r'"((?:\\.|[^"\\])*)"(?: |$)|([^" ]+)(?: |$)', undone, re.DOTALL)
    return [
        (bare or re.sub(r"\\(.)", r"\1", inner)).replace("%%", "%")
        for inner, bare in found
    ]


_ESCAPES = {"s": " ", "n": "\n", "t": "\t", "r": "\r", "\\": "\\"}


# -- what is started ---------------------------------------------------------------


def test_from_python_it_is_the_module_of_this_very_python(monkeypatch):
    monkeypatch.setattr(sys, "frozen", False, raising=False)
    entry = login_entry(None)
    assert entry.command == (sys.executable, "-m", "sems_tray")
    assert entry.suffix == ""
    # A checkout starts in its folder.
    assert entry.folder is not None
    assert (entry.folder / "sems_tray" / "__main__.py").is_file()
    monkeypatch.setenv("APPIMAGE", "/home/owner/terminal.AppImage")
    monkeypatch.setenv("APPDIR", "/")  # somebody else's
    assert login_entry(None) == entry


def test_a_bundle_is_its_own_command(monkeypatch):
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    entry = login_entry(None)
    assert entry == Entry(command=(sys.executable,))


def test_an_appimage_is_the_file_not_what_it_holds(monkeypatch):
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", "/run/mount_Ab/usr/bin/sems-tray")
    monkeypatch.setenv("APPIMAGE", "/home/owner/sems-tray.AppImage")
    monkeypatch.setenv("APPDIR", "/run/mount_Ab")
    assert login_entry(None).command == ("/home/owner/sems-tray.AppImage",)
    monkeypatch.setenv("APPDIR", "/run/mount_terminal")  # somebody else's
    assert login_entry(None).command == (sys.executable,)


def test_a_profile_goes_along_and_has_an_entry_of_its_own(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    one, other = login_entry(Path("one")), login_entry(Path("other"))
    assert one.command[-2:] == ("--profile", str(tmp_path / "one"))
    assert one.suffix
    assert len({login_entry(None).suffix, one.suffix, other.suffix}) == 3


def test_windows_gets_the_python_without_a_console(tmp_path, monkeypatch):
    for name in ("python.exe", "pythonw.exe"):
        (tmp_path / name).touch()
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python.exe"))
    assert login_entry(None).command[0] == str(tmp_path / "pythonw.exe")


@pytest.mark.parametrize(
    ("platform", "config", "where"),
    [
        ("linux", "own", "own/autostart"),
        ("linux", "relative", ".config/autostart"),  # counts for nothing
        ("darwin", "own", "Library/LaunchAgents"),
    ],
)
def test_the_folder_is_where_the_system_looks(
    tmp_path, monkeypatch, platform, config, where
):
    monkeypatch.setenv("HOME", str(tmp_path))
    config = str(tmp_path / config) if config == "own" else config
    monkeypatch.setenv("XDG_CONFIG_HOME", config)
    assert autostart(platform=platform).set(True) == ""
    assert len(list((tmp_path / where).iterdir())) == 1


def test_on_windows_the_registry_is_asked():
    assert isinstance(autostart(platform="win32"), RegistryAutostart)


# -- every system ------------------------------------------------------------------


@every_kind
def test_it_is_off_until_it_is_switched_on_and_off_again(makes, kind):
    it = makes(kind)
    other = makes(kind, Entry(command=ENTRY.command, suffix="0123456789ab"))
    assert not it.is_on()
    assert it.set(True) == ""
    assert it.is_on()
    assert not other.is_on()  # a profile has an entry of its own
    assert it.set(False) == ""
    assert not it.is_on()
    assert it.set(False) == ""


@every_kind
def test_a_program_that_was_moved_is_missed_and_found_again(makes, kind, tmp_path):
    old, new = tmp_path / "my (solar) 100 %", tmp_path / "programs"
    old.mkdir()
    (old / "sems-tray").touch()
    before = makes(kind, Entry(command=(f"{old}/sems-tray", "--profile", "x")))
    assert not before.is_lost()
    assert before.set(True) == ""
    assert not before.is_lost()
    old.rename(new)
    assert before.is_lost()
    after = makes(kind, Entry(command=(f"{new}/sems-tray",)))
    assert after.is_lost()
    after.follow_move()
    assert after.is_on()
    assert not after.is_lost()


@every_file
def test_a_checkout_that_was_moved_is_missed_by_its_folder(makes, kind, tmp_path):
    checkout = tmp_path / "check out"
    checkout.mkdir()
    command = (sys.executable, "-m", "sems_tray")
    it = makes(kind, Entry(command=command, folder=checkout))
    assert it.set(True) == ""
    assert not it.is_lost()
    checkout.rename(tmp_path / "elsewhere")
    assert it.is_lost()


# -- freedesktop -------------------------------------------------------------------


def test_the_file_is_a_desktop_entry(desktop):
    desktop.set(True)
    found = parsed(desktop.path.read_text(encoding="utf-8"))
    assert found["Type"] == "Application"
    assert found["Exec"] == "/opt/sems-tray/sems-tray"
    assert found["Terminal"] == "false"
    assert [it.name for it in desktop.path.parent.iterdir()] == ["sems-tray.desktop"]


@pytest.mark.skipif(
    shutil.which("desktop-file-validate") is None,
    reason="needs desktop-file-validate",
)
def test_the_validator_finds_nothing(tmp_path):
    odd = Entry(
        command=("/opt/My Programs/p", "-m", "x", "--profile", '/a "b" $c `d` 100%'),
        folder=Path("/opt/My Programs"),
    )
    it = DesktopEntry(odd, tmp_path)
    assert it.set(True) == ""
    command = ("desktop-file-validate", it.path)
    said = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (said.returncode, said.stdout) == (0, "")


@pytest.mark.parametrize(
    ("line", "on"),
    [
        ("Hidden=true", False),
        ("Hidden=false", True),
        ("X-GNOME-Autostart-enabled=false", False),
        ("X-GNOME-Autostart-enabled=true", True),
        ("X-KDE-autostart-after=panel", True),
        ("Name[de]=Sonne = 100 %", True),
    ],
)
def test_what_a_desktop_switched_off_is_off(desktop, line, on):
    desktop.path.parent.mkdir()
    desktop.path.write_text(f"[Desktop Entry]\nType=Application\nExec=x\n{line}\n")
    assert desktop.is_on() is on
    assert desktop.is_lost() is on  # there is no program x
    assert desktop.set(True) == ""
    assert desktop.is_on()


@pytest.mark.parametrize(
    "content", [b"", b"\xff\xfe\x00", b"Exec=x\n", b"[Desktop Entry]\nName=x\n", b"[[["]
)
def test_a_damaged_file_starts_nothing_and_is_replaced(desktop, content):
    desktop.path.parent.mkdir()
    desktop.path.write_bytes(content)
    assert not desktop.is_on()
    assert desktop.set(True) == ""
    assert desktop.is_on()


@pytest.mark.parametrize(
    ("argument", "written"),
    [
        ("plain-1.0/x_y", "plain-1.0/x_y"),
        ("", '""'),
        ("two words", '"two words"'),
        ('say "hi"', r'"say \"hi\""'),
        ("$HOME", r'"\$HOME"'),
        ("100%", "100%%"),
    ],
)
def test_arguments_are_quoted_as_the_specification_says(argument, written):
    assert quoted(argument) == written


arguments = st.lists(
    st.text(st.characters(codec="utf-8", exclude_characters="\0")), min_size=1
)


@given(arguments)
def test_a_desktop_reads_the_command_that_was_meant(command):
    text = desktop_entry(Entry(command=tuple(command)))
    line = next(it for it in text.split("\n") if it.startswith("Exec="))
    line = line.removeprefix("Exec=")
    assert argv(line) == command
    assert program_of(line) == command[0]


# -- both that write files ---------------------------------------------------------


@every_file
def test_where_no_folder_can_be_a_sentence_says_so(makes, kind):
    it = makes(kind)
    it.path.parent.write_text("a file in the way")
    said = it.set(True)
    assert said.startswith("SEMS Tray cannot be started at login: the folder ")
    assert str(it.path.parent) in said
    assert it.path.parent.read_text() == "a file in the way"
    assert not it.is_on()
    assert it.set(False) == ""


@every_file
def test_a_read_only_folder_gives_a_sentence_and_keeps_what_is_there(makes, kind):
    it = makes(kind)
    assert it.set(True) == ""
    before = it.path.read_bytes()
    with read_only(it.path.parent):
        assert "cannot be written" in it.set(True)
        assert "cannot be deleted" in it.set(False)
    assert it.path.read_bytes() == before


@every_file
def test_a_full_disk_leaves_the_old_file_and_no_litter(makes, kind, monkeypatch):
    it = makes(kind)
    assert it.set(True) == ""
    before = it.path.read_bytes()

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    assert "(No space left on device)" in it.set(True)
    assert it.path.read_bytes() == before
    assert [p.name for p in it.path.parent.iterdir()] == [it.path.name]


def test_what_the_owner_wrote_is_not_lost(desktop):
    desktop.path.parent.mkdir()
    for line in ("Exec=sh -c 'sleep 9; sems-tray'", "Exec=env A=1 /gone/sems-tray"):
        desktop.path.write_text(f"[Desktop Entry]\nType=Application\n{line}\n")
        assert desktop.is_on()
        assert not desktop.is_lost()


# -- macOS -------------------------------------------------------------------------


def test_the_launch_agent_runs_the_command_at_login(agent):
    agent.set(True)
    found = plistlib.loads(agent.path.read_bytes())
    assert found["Label"] == agent.path.stem == "io.github.sems_tray"
    assert found["ProgramArguments"] == list(ENTRY.command)
    assert found["RunAtLoad"] is True
    assert "WorkingDirectory" not in found


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no list",
        b"<plist>",
        plistlib.dumps(["a list"]),
        plistlib.dumps({"RunAtLoad": False}),
        plistlib.dumps({"RunAtLoad": True, "Disabled": True}),
    ],
)
def test_an_agent_that_does_not_run_is_off(agent, content):
    agent.path.parent.mkdir()
    agent.path.write_bytes(content)
    assert not agent.is_on()


# -- Windows -----------------------------------------------------------------------


def test_windows_keeps_the_command_in_the_run_key(registry):
    entry = Entry(
        command=(r"C:\Program Files\SEMS Tray\sems-tray.exe", "--profile", "x")
    )
    it = RegistryAutostart(entry, registry)
    it.set(True)
    command = r'"C:\Program Files\SEMS Tray\sems-tray.exe" --profile x'
    assert registry.keys == {RUN: {"SEMS Tray": (command, Registry.REG_SZ)}}
    it.set(False)
    assert registry.keys == {RUN: {}}


@pytest.mark.parametrize(
    ("first", "on"), [(2, True), (6, True), (3, False), (7, False), (None, True)]
)
def test_the_task_manager_has_its_say(registry, first, on):
    it = RegistryAutostart(ENTRY, registry)
    it.set(True)
    value = b"" if first is None else bytes([first]) + bytes(11)
    registry.keys[APPROVED] = {"SEMS Tray": (value, Registry.REG_BINARY)}
    assert it.is_on() is on


def test_switching_it_on_overrules_the_task_manager(registry):
    it = RegistryAutostart(ENTRY, registry)
    registry.keys[APPROVED] = {
        "SEMS Tray": (b"\x03" + bytes(11), Registry.REG_BINARY),
        "Another": (b"\x03", Registry.REG_BINARY),
    }
    assert it.set(True) == ""
    assert it.is_on()
    assert list(registry.keys[APPROVED]) == ["Another"]


def test_a_registry_that_refuses_gives_a_sentence(registry):
    registry.locked = True
    it = RegistryAutostart(ENTRY, registry)
    for on in (True, False):
        assert it.set(on) == (
            "Windows does not let the start at login be changed (Access is denied)."
        )
    assert not it.is_on()


def test_a_command_that_windows_would_not_run_is_refused(registry):
    it = RegistryAutostart(Entry(command=("x" * 261,)), registry)
    assert "more than 260 characters" in it.set(True)
    assert registry.keys == {RUN: {}}
