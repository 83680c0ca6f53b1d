"""The settings in force: told when they change, and saved in spite of a full disk."""

from __future__ import annotations

import logging
import os
from dataclasses import replace

import pytest

from sems_tray.runtime import settings_repository
from sems_tray.runtime.options import Options
from sems_tray.runtime.settings_repository import SettingsRepository
from sems_tray.storage.paths import profile_paths
from sems_tray.storage.settings import Loaded, Settings, load, save
from tests.kit.services import context_in

OLD, NEW = Settings(account="old"), Settings(account="new")
FULL = "The settings cannot be saved: No space left on device."


@pytest.fixture
def context(tmp_path):
    save(profile_paths(tmp_path).settings, OLD)
    return context_in(tmp_path, settings=OLD)


@pytest.fixture
def path(context):
    return context.paths.settings


@pytest.fixture
def repository(qapp, context):
    return SettingsRepository(context)


@pytest.fixture
def full_disk(monkeypatch):
    """Let nothing be saved until it is undone."""

    def refuse(*_):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(settings_repository, "save", refuse)
        yield patch


def test_a_choice_is_saved_at_once_and_nothing_is_said(repository, path, qtbot):
    repository.check_writable()
    with qtbot.assertNotEmitted(repository.save_state_changed):
        repository.save(NEW)
    assert load(path).settings == NEW == repository.settings
    assert repository.context.settings == NEW
    assert repository.message == ""


def test_who_reads_them_hears_what_they_were_and_are(repository, qtbot):
    with qtbot.waitSignal(repository.changed, timeout=0) as heard:
        repository.update(live_minutes=7.0)
    assert heard.args == [OLD, Settings(account="old", live_minutes=7.0)]
    with qtbot.assertNotEmitted(repository.changed):
        repository.update(live_minutes=7.0)


def test_what_cannot_be_saved_is_said_and_saved_later(
    repository, path, full_disk, caplog, qtbot
):
    with qtbot.waitSignal(repository.save_state_changed, timeout=0) as said:
        for settings in (Settings(account="another"), NEW):
            repository.save(settings)
    assert said.args == [FULL]
    repository.save_pending()
    assert load(path).settings == OLD
    assert repository.settings == NEW
    assert [it.message for it in caplog.records] == [FULL]  # once
    full_disk.undo()
    with (
        caplog.at_level(logging.INFO),
        qtbot.waitSignal(repository.save_state_changed, timeout=0) as said,
    ):
        repository.save_pending()
    assert said.args == [""]
    assert load(path).settings == NEW
    assert "can be saved again" in caplog.text


def test_nothing_is_saved_again_without_need(repository, path):
    repository.save(NEW)
    save(path, OLD)
    repository.save_pending()
    repository.save(NEW)
    assert load(path).settings == OLD


def test_half_written_files_are_removed_and_nothing_else(repository, path):
    rests = [path.with_name(f".settings.json.{it}") for it in ("abc", "x_y1")]
    others = [
        path.with_name(it)
        for it in ("settings.json.damaged-20260101-000000", ".settings", "a.json")
    ]
    for it in (*rests, *others):
        it.write_text("{")
    repository.check_writable()
    assert {*path.parent.iterdir()} == {path, *others}


@pytest.mark.parametrize(
    "changes",
    [{"loaded": Loaded(OLD, writable=False)}, {"options": Options(demo="day")}],
)
def test_what_is_left_alone_is_left_alone(qapp, context, path, changes):
    rest = path.with_name(".settings.json.abc")
    rest.write_text("{")
    repository = SettingsRepository(replace(context, **changes))
    repository.check_writable()
    repository.save(NEW)
    repository.save_pending()
    assert rest.exists()
    assert load(path).settings == OLD
    assert repository.settings == NEW
    assert repository.message == ""


def test_a_folder_that_is_not_there_yet_is_no_trouble(qapp, context, tmp_path):
    paths = profile_paths(tmp_path / "deep")
    repository = SettingsRepository(replace(context, paths=paths))
    repository.check_writable()
    assert repository.message == ""
    assert not (tmp_path / "deep").exists()


def test_a_folder_without_rights_is_said_before_anything_is_chosen(
    repository, path, monkeypatch, caplog
):
    with monkeypatch.context() as patch:  # os.access knows no wrong for root
        patch.setattr(os, "access", lambda folder, _: folder != path.parent)
        repository.check_writable()
        assert repository.message == (
            "The settings cannot be saved: Permission denied."
        )
    repository.save_pending()
    assert repository.message == ""
