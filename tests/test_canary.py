"""PySide6 6.12.0 eats references to True and None: Python 3.11 dies of it."""

import sys

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QPainterPath


class _Bell(QObject):
    rung = Signal()


def test_emitting_does_not_eat_the_interpreters_constants() -> None:
    bell, before = _Bell(), sys.getrefcount(True)
    for _ in range(200):
        bell.rung.emit()
    assert sys.getrefcount(True) > before - 100


def test_calling_qt_does_not_eat_none() -> None:
    path, before = QPainterPath(), sys.getrefcount(None)
    for x in range(200):
        path.lineTo(x, 0)
    assert sys.getrefcount(None) > before - 100
