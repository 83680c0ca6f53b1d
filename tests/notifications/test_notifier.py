"""The chain and the tray's bubbles; real daemons are used in tests/desktop."""

from __future__ import annotations

import logging
import sys

import pytest
from PySide6.QtWidgets import QSystemTrayIcon

from sems_tray.alerts.model import Level
from sems_tray.notifications.notification import Notification
from sems_tray.notifications.notifier import Notifier
from sems_tray.notifications.tray_backend import TrayBackend

# The offscreen platform knows no tray, and says so at the first icon.
pytestmark = pytest.mark.qt_log_ignore("systemTrayWindowChanged")


class Icon(QSystemTrayIcon):
    """An icon that keeps its messages: the offscreen platform shows none."""

    def __init__(self, *, visible: bool = True) -> None:
        super().__init__()
        self.shown: list[tuple[str, str, str]] = []
        self.visible = visible

    def isVisible(self) -> bool:  # noqa: N802
        return self.visible

    def supportsMessages(self) -> bool:  # type: ignore[override]  # noqa: N802
        return True

    def showMessage(self, title, text, icon, msecs):  # type: ignore[override]  # noqa: N802
        self.shown.append((title, text, icon.name))

    @property
    def titles(self) -> list[str]:
        return [title for title, _, _ in self.shown]


@pytest.fixture
def icon(qapp):
    return Icon()


@pytest.fixture
def bubbles(icon):
    return TrayBackend(None, icon)


@pytest.fixture
def windows(monkeypatch):
    monkeypatch.setattr(sys, "platform", "win32")


def bubble(
    key: str, title: str = "Title", level: Level = Level.WARNING
) -> Notification:
    return Notification(key=key, title=title, text="Text", level=level)


def let_time_pass(bubbles: TrayBackend) -> None:
    bubbles._hold.stop()
    bubbles._hold.timeout.emit()


def test_the_level_is_the_messages_icon_and_a_hidden_tray_icon_shows_none(
    bubbles, icon
):
    icon.visible = False
    bubbles.show(bubble("x", "X"))
    icon.visible = True
    for level in Level:
        bubbles.show(bubble(level.word, level.word, level))
        let_time_pass(bubbles)
    assert icon.shown == [
        ("info", "Text", "Information"),
        ("warning", "Text", "Warning"),
        ("urgent", "Text", "Critical"),
    ]


def test_one_is_shown_at_a_time_in_their_order(bubbles, icon):
    for key in "abc":
        bubbles.show(bubble(key, key))
    assert icon.titles == ["a"]
    let_time_pass(bubbles)
    assert icon.titles == ["a", "b"]
    assert bubbles._hold.isActive()
    let_time_pass(bubbles)
    let_time_pass(bubbles)
    assert icon.titles == ["a", "b", "c"]
    assert not bubbles._hold.isActive()
    bubbles.show(bubble("d", "d"))
    assert icon.titles[-1] == "d"


def test_what_waits_is_replaced_and_taken_back(bubbles, icon):
    for key, title in (("a", "A"), ("b", "B1"), ("b", "B2"), ("c", "C")):
        bubbles.show(bubble(key, title))
    bubbles.drop("c")
    bubbles.drop("a")  # is shown: nothing can be done
    bubbles.drop("z")
    let_time_pass(bubbles)
    let_time_pass(bubbles)
    assert icon.titles == ["A", "B2"]


def test_a_flood_keeps_the_newest(bubbles, icon):
    for number in range(50):
        bubbles.show(bubble(f"{number}", f"{number}"))
    for _ in range(60):
        let_time_pass(bubbles)
    assert icon.titles == ["0", *(f"{n}" for n in range(30, 50))]


def test_a_click_is_for_the_last_one_shown(bubbles, icon, qtbot):
    with qtbot.assertNotEmitted(bubbles.pressed):
        icon.messageClicked.emit()
    bubbles.show(bubble("a"))
    bubbles.show(bubble("b"))
    with qtbot.waitSignal(bubbles.pressed, timeout=0) as pressed:
        icon.messageClicked.emit()
    assert pressed.args == ["a"]
    let_time_pass(bubbles)
    with qtbot.waitSignal(bubbles.pressed, timeout=0) as pressed:
        icon.messageClicked.emit()
    assert pressed.args == ["b"]


def test_a_new_icon_takes_over(bubbles, icon, qtbot):
    bubbles.show(bubble("a", "A"))
    bubbles.show(bubble("b", "B"))
    late = Icon()
    bubbles.set_tray(late)
    let_time_pass(bubbles)
    assert (icon.titles, late.titles) == (["A"], ["B"])
    with qtbot.assertNotEmitted(bubbles.pressed):
        icon.messageClicked.emit()
    with qtbot.waitSignal(bubbles.pressed, timeout=0):
        late.messageClicked.emit()


def test_an_icon_that_qt_has_deleted_does_no_harm(bubbles, icon, qapp):
    bubbles.show(bubble("a"))
    bubbles.show(bubble("b"))
    icon.deleteLater()
    qapp.sendPostedEvents(icon, 52)  # DeferredDelete
    let_time_pass(bubbles)
    assert not bubbles.can_show
    late = Icon()
    bubbles.set_tray(late)
    bubbles.show(bubble("c", "C"))
    assert late.shown


def test_on_windows_and_macos_the_tray_is_all_there_is(icon, qtbot, windows, caplog):
    notifier = Notifier(icon)
    assert notifier.backend == "tray"
    caplog.set_level(logging.INFO)
    notifier.show(bubble("a", "A secret title"))
    notifier.show(bubble("b", "B"))
    notifier.close("b")
    assert notifier._by_daemon is None
    assert icon.titles == ["A secret title"]
    assert caplog.messages == ["bubbles are shown by: tray"]
    with qtbot.waitSignal(notifier.pressed, timeout=0) as pressed:
        icon.messageClicked.emit()
    assert pressed.args == ["a", ""]
    notifier.show(bubble("c", "C"))
    notifier.close_all()
    let_time_pass(notifier._by_tray)
    assert icon.titles == ["A secret title"]


def test_without_an_icon_nothing_is_shown_until_one_comes(qapp, windows, caplog):
    caplog.set_level(logging.INFO)
    notifier = Notifier(None)
    assert notifier.backend == "none"
    notifier.show(bubble("a"))
    notifier.show(bubble("a"))
    icon = Icon()
    notifier.set_tray(icon)
    notifier.show(bubble("b", "B"))
    notifier.set_tray(None)
    notifier.show(bubble("b", "C"))
    assert icon.titles == ["B"]
    assert caplog.messages == [
        f"bubbles are shown by: {it}" for it in ("none", "tray", "none")
    ]


def test_what_waits_for_the_tray_can_be_taken_back(icon):
    notifier = Notifier(icon)
    notifier._on_failed(bubble("a", "A"), "tests.Error")
    notifier._on_failed(bubble("b", "B"), "tests.Error")
    notifier.close("b")
    let_time_pass(notifier._by_tray)
    assert icon.titles == ["A"]
