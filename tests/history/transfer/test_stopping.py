"""Exports and imports that are stopped half-way."""

from __future__ import annotations

from datetime import timedelta

import pytest

from sems_tray.history.transfer.export_model import Every, Format, StoppedError
from sems_tray.history.transfer.exporter import export_file
from sems_tray.history.transfer.importer import import_file
from sems_tray.storage.history.store import History
from sems_tray.storage.paths import HISTORY
from tests.kit.history_data import (
    NOON,
    filled,
)

from .test_transfer import selected


@pytest.mark.parametrize("form", list(Format))
def test_an_export_can_be_stopped_at_any_day(tmp_path, form):
    file = tmp_path / "out"
    file.write_text("old")
    with History(tmp_path / HISTORY) as history:
        for n in range(10):
            filled(history, 30, NOON - timedelta(days=n))
        days = []

        def watch(day):
            days.append(day)
            return len(days) < 6

        with pytest.raises(StoppedError):
            export_file(history.reader, selected(Every.MINUTES), form, file, watch)
    assert len(days) == 6
    assert file.read_text() == "old"
    assert {it.name for it in tmp_path.iterdir() if it.suffix == ".part"} == set()


def test_an_import_can_be_stopped_and_goes_on_later(tmp_path):
    file = tmp_path / "all.json"
    with History(tmp_path / "one" / HISTORY) as one:
        for n in range(5):
            filled(one, 30, NOON - timedelta(days=n))
        chosen = selected(Every.EVERYTHING)
        rows = export_file(one.reader, chosen, Format.JSON, file).rows
    with History(tmp_path / "two" / HISTORY) as two:
        asked = 0

        def stop():
            nonlocal asked
            asked += 1
            return asked > rows + 80

        with pytest.raises(StoppedError):
            import_file(two, file, stop=stop)
        assert 0 < import_file(two, file) < rows
        assert import_file(two, file) == 0
