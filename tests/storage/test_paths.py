import sys
from pathlib import Path

import pytest

from sems_tray.storage.paths import default_paths, profile_paths

NAMES = (
    "APPDATA",
    "LOCALAPPDATA",
    "XDG_CONFIG_HOME",
    "XDG_DATA_HOME",
    "XDG_STATE_HOME",
)


@pytest.fixture(autouse=True)
def bare(monkeypatch):
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(Path, "home", lambda: Path("/home/me"))


XDG = {"XDG_CONFIG_HOME": "/c", "XDG_DATA_HOME": "/d", "XDG_STATE_HOME": "/s"}
ODD_XDG = {"XDG_CONFIG_HOME": "not/absolute", "XDG_DATA_HOME": ""}
ROAMING = {"APPDATA": "/r", "LOCALAPPDATA": "/l", "XDG_CONFIG_HOME": "/c"}
UNIX = ("/home/me/.config", "/home/me/.local/share", "/home/me/.local/state")
LOCAL = "/home/me/AppData/Local"
SUPPORT = "/home/me/Library/Application Support"


@pytest.mark.parametrize(
    ("platform", "environment", "folders"),
    [
        ("linux", {}, UNIX),
        ("linux", XDG, ("/c", "/d", "/s")),
        ("freebsd14", ODD_XDG, UNIX),
        ("win32", {}, ("/home/me/AppData/Roaming", LOCAL, LOCAL)),
        ("win32", ROAMING, ("/r", "/l", "/l")),
        ("darwin", XDG, (SUPPORT, SUPPORT, "/home/me/Library/Logs")),
    ],
)
def test_every_platform_has_its_usual_folders(
    platform, environment, folders, monkeypatch
):
    monkeypatch.setattr(sys, "platform", platform)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    paths = default_paths()
    config, data, log = (Path(it) / "sems-tray" for it in folders)
    assert (paths.config, paths.data, paths.log) == (config, data, log)
    assert paths.settings == config / "settings.json"
    assert paths.key == "sems-tray"


def test_a_profile_lives_in_one_folder(tmp_path):
    paths = profile_paths(tmp_path / "p")
    assert {paths.config, paths.data, paths.log} == {tmp_path / "p"}
    assert not (tmp_path / "p").exists()


def test_profiles_have_keyring_entries_of_their_own(tmp_path):
    first, second = profile_paths(tmp_path / "a"), profile_paths(tmp_path / "b")
    assert len({first.key, second.key, default_paths().key}) == 3
    # The same folder is the same profile, however it is called.
    assert profile_paths(tmp_path / "b" / ".." / "a") == first


@pytest.mark.skipif(sys.platform == "win32", reason="symbolic links need rights there")
def test_a_link_to_a_profile_is_that_profile(tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    assert profile_paths(tmp_path / "link") == profile_paths(tmp_path / "real")


def test_a_tilde_is_the_home_and_an_unknown_user_is_just_a_name(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    assert profile_paths(Path("~/p")).config == (tmp_path / "p").resolve()
    monkeypatch.chdir(tmp_path)
    odd = profile_paths(Path("~nobody-of-that-name/p"))
    assert odd.config == (tmp_path / "~nobody-of-that-name" / "p").resolve()
