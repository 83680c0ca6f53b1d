"""What the store tells: English in the log, the owner's language on the screen."""

from __future__ import annotations

import logging

import pytest

from sems_tray.storage.history.database import StorageError
from sems_tray.storage.history.reader import HistoryReader
from sems_tray.storage.history.store import History
from sems_tray.storage.paths import HISTORY
from sems_tray.storage.settings import load
from tests.kit.speaking import pseudo  # noqa: F401


def test_settings_found_damaged_are_told_of_once_a_language_is_spoken(
    tmp_path, request
):
    (tmp_path / "settings.json").write_text("{")
    loaded = load(tmp_path / "settings.json")
    assert loaded.message.startswith("The settings file was damaged; it is kept as ")
    assert loaded.said == loaded.message
    request.getfixturevalue("pseudo")
    assert loaded.said == f"⟦{loaded.message}⟧"


def test_a_history_found_damaged_is_told_of_in_the_language_spoken(tmp_path, request):
    (tmp_path / HISTORY).write_bytes(b"x" * 5000)
    with History(tmp_path / HISTORY) as history:
        message = history.message
        assert "could be saved. The damaged file is kept as" in message
        request.getfixturevalue("pseudo")
        assert history.message == f"⟦{message}⟧"


@pytest.mark.usefixtures("pseudo")
def test_why_nothing_is_kept_is_english_in_the_log(tmp_path, caplog):
    (tmp_path / "file").write_text("no folder")
    with caplog.at_level(logging.INFO), History(tmp_path / "file" / HISTORY) as history:
        assert history.message.startswith("⟦The history cannot be kept: ⟦")
    assert caplog.messages
    assert not any("⟦" in it for it in caplog.messages)


@pytest.mark.usefixtures("pseudo")
def test_why_nothing_can_be_read_is_told_in_the_language_spoken(tmp_path):
    (tmp_path / HISTORY).write_bytes(b"x" * 5000)
    with (
        HistoryReader(tmp_path / HISTORY) as reader,
        pytest.raises(StorageError) as caught,
    ):
        reader.stations()
    assert str(caught.value) == "it is damaged"
    assert caught.value.said == "⟦it is damaged⟧"
