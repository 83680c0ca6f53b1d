import logging
import os

import pytest

from sems_tray.storage import settings
from sems_tray.storage.settings import Settings, SettingsFile, load, save

OLD, NEW = Settings(account="old"), Settings(account="new")
FULL = "The settings cannot be saved: No space left on device."


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "settings.json"
    save(path, OLD)
    return path


@pytest.fixture
def full_disk(monkeypatch):
    """Let nothing be saved until it is undone."""

    def refuse(*_):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(settings, "save", refuse)
        yield patch


def test_a_choice_is_saved_at_once_and_nothing_is_said(path):
    file = SettingsFile(path, writable=True)
    file.begin()
    file.keep(NEW)
    assert load(path).settings == NEW
    assert file.message == ""


def test_what_cannot_be_saved_is_said_and_saved_later(path, full_disk, caplog):
    file = SettingsFile(path, writable=True)
    file.keep(NEW)
    file.retry()
    assert file.message == FULL
    assert load(path).settings == OLD
    assert [it.message for it in caplog.records] == [FULL]  # once
    full_disk.undo()
    with caplog.at_level(logging.INFO):
        file.retry()
    assert file.message == ""
    assert load(path).settings == NEW
    assert "can be saved again" in caplog.text


def test_only_the_last_of_several_choices_is_saved_later(path, full_disk, caplog):
    file = SettingsFile(path, writable=True)
    for account in ("one", "two", "three"):
        file.keep(Settings(account=account))
    full_disk.undo()
    file.retry()
    assert load(path).settings.account == "three"


def test_nothing_is_saved_again_without_need(path):
    file = SettingsFile(path, writable=True)
    file.keep(NEW)
    save(path, OLD)
    file.retry()
    assert load(path).settings == OLD


def test_half_written_files_are_removed_and_nothing_else(path):
    rests = [path.with_name(f".settings.json.{it}") for it in ("abc", "x_y1")]
    others = [
        path.with_name(it)
        for it in ("settings.json.damaged-20260101-000000", ".settings", "a.json")
    ]
    for it in (*rests, *others):
        it.write_text("{")
    SettingsFile(path, writable=True).begin()
    assert {*path.parent.iterdir()} == {path, *others}


def test_what_is_left_alone_is_left_alone(path):
    rest = path.with_name(".settings.json.abc")
    rest.write_text("{")
    file = SettingsFile(path, writable=False)
    file.begin()
    file.keep(NEW)
    file.retry()
    assert rest.exists()
    assert load(path).settings == OLD
    assert file.message == ""


def test_a_folder_that_is_not_there_yet_is_no_trouble(tmp_path):
    file = SettingsFile(tmp_path / "deep" / "settings.json", writable=True)
    file.begin()
    assert file.message == ""
    assert list(tmp_path.iterdir()) == []


def test_a_folder_without_rights_is_said_before_anything_is_chosen(
    path, monkeypatch, caplog
):
    with monkeypatch.context() as patch:  # os.access knows no wrong for root
        patch.setattr(os, "access", lambda folder, _: folder != path.parent)
        file = SettingsFile(path, writable=True)
        file.begin()
        assert file.message == "The settings cannot be saved: Permission denied."
    file.retry()
    assert file.message == ""
