"""Cycles are collected in the GUI thread, and in no other."""

from __future__ import annotations

import gc
import threading
import weakref
from typing import ClassVar

from PySide6.QtCore import QObject

from sems_tray.desktop.qt_application import GuiThreadGc


class Knot:
    """Something that only the collector can free, and where it was freed."""

    freed_in: ClassVar[list[int]] = []

    def __init__(self) -> None:
        self.self = self

    def __del__(self) -> None:
        Knot.freed_in.append(threading.get_ident())


def test_another_threads_work_frees_nothing_of_ours(monkeypatch):
    enabled = []
    monkeypatch.setattr(gc, "enable", lambda: enabled.append(True))
    Knot.freed_in.clear()
    tidy = GuiThreadGc()
    try:
        Knot()
        worker = threading.Thread(target=lambda: [[] for _ in range(200_000)])
        worker.start()
        worker.join()
        assert Knot.freed_in == []
        tidy.collect()
        assert Knot.freed_in == [threading.get_ident()]
    finally:
        tidy.end()
    assert enabled == [True]


def test_a_window_in_a_cycle_is_freed_when_told():
    tidy = GuiThreadGc()
    try:
        window = QObject()
        window.me = window  # type: ignore[attr-defined]
        gone = weakref.ref(window)
        del window
        tidy.collect()
        assert gone() is None
    finally:
        tidy.end()
