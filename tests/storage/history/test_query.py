"""Questions to a file that somebody else is just making."""

import sqlite3

import pytest

from sems_tray.storage.history import database
from sems_tray.storage.history.database import HistoryConnection, create, version_of
from sems_tray.storage.history.store import History
from sems_tray.storage.paths import HISTORY
from tests.kit.history_data import HOME, NOON


def made(path):
    with History(path, now=lambda: NOON) as history:
        assert not history.message


@pytest.fixture
def path(tmp_path):
    return tmp_path / HISTORY


@pytest.fixture
def asked(path):
    asked = HistoryConnection(path, None)
    yield asked
    asked.close()


def test_a_file_without_tables_has_no_rows(path, asked):
    create(path)
    assert asked.all("SELECT id FROM stations") == ()


def test_tables_made_while_one_asked_are_read_at_once(path, asked, monkeypatch):
    create(path)

    def made_meanwhile(con):
        made(path)
        return version_of(con)

    monkeypatch.setattr(database, "version_of", made_meanwhile)
    assert asked.of_station(HOME, "SELECT json FROM state", "key = ?", "alerts") == ()


def test_a_question_that_is_wrong_is_a_bug(path, asked):
    made(path)
    with pytest.raises(sqlite3.OperationalError):
        asked.all("SELECT nothing FROM nowhere")
