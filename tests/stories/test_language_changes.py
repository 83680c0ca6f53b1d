"""The whole program: another language while it runs, and news of a newer version."""

import pytest
from PySide6.QtCore import QLocale
from PySide6.QtWidgets import QLabel, QWidget

from sems_tray.i18n.language import current_locale, set_locale
from sems_tray.i18n.qt_translator import follow_speech
from sems_tray.runtime.release_check import Release
from sems_tray.settings.window import Tab
from sems_tray.storage.paths import profile_paths
from sems_tray.storage.settings import Settings, save
from sems_tray.window.header import Page

pytestmark = pytest.mark.qt_log_ignore("systemTrayWindowChanged")
PAGE = "https://example.org/9.1.0"


@pytest.fixture(autouse=True)
def english_afterwards(qapp):
    before, locale = current_locale(), QLocale()
    yield
    set_locale(before)
    follow_speech()
    QLocale.setDefault(locale)


def texts(widget: QWidget) -> str:
    return "\n".join(it.text() for it in widget.findChildren(QLabel))


def menu(program) -> str:
    return "\n".join(program.labels())


def chooses(program, language: str) -> None:
    program.app.services.settings.update(language=language)


def test_another_language_is_spoken_at_once_and_back(program):
    page = program.opens(Page.NOW)
    assert "exporting 1.21 kW" in page.all_text()
    preferring = program.app.settings
    preferring.open()
    preferring._window.open(Tab.GENERAL)
    first = preferring._window

    chooses(program, "de")
    program.until(lambda: preferring._window is not first)
    assert program.details.page() is Page.NOW
    assert program.details.isVisible()
    german = program.details.made(Page.NOW).all_text()
    assert "3,21 kW" in german
    assert "Batterie" in german
    assert "exporting" not in german
    assert "Beenden" in menu(program)
    assert "Batterie 76 %" in menu(program)
    window = preferring._window
    assert window.isVisible()
    assert window.page() is Tab.GENERAL
    assert "Sprache" in texts(window)
    assert program.app.services.settings.settings.language == "de"

    chooses(program, "en")
    program.until(lambda: preferring._window is not window)
    assert "exporting 1.21 kW" in program.details.made(Page.NOW).all_text()
    assert "Quit" in menu(program)
    assert len(program.app.window.findChildren(QWidget)) == 0


def test_a_window_that_is_closed_speaks_the_language_when_it_opens(program):
    program.opens(Page.DEVICES)
    program.details.close()
    chooses(program, "fr")
    assert program.details is None
    page = program.opens(Page.DEVICES)
    program.until(lambda: "Tension" in page.all_text() or "onduleur" in page.all_text())


@pytest.mark.parametrize("hidden", [True, False])
def test_the_window_opens_at_the_start_if_the_owner_wants_it(starts, profile, hidden):
    save(profile_paths(profile).settings, Settings(start_hidden=hidden))
    window = starts().details
    assert (window is not None and window.isVisible()) is not hidden


def test_news_of_a_version_are_a_line_in_menu_and_window(program, monkeypatch):
    assert "available" not in menu(program)
    opened = []
    monkeypatch.setattr(
        "sems_tray.tray.controller.QDesktopServices.openUrl",
        lambda url: opened.append(url.toString()),
    )
    program.app.tray.show_release(Release((9, 1, 0), PAGE))
    program.until(lambda: "Version 9.1.0 is available …" in menu(program))
    program.opens(Page.NOW)
    assert "Version 9.1.0 of SEMS Tray is available." in program.message()
    program.click("Version 9.1.0 is available …")
    assert opened == [PAGE]
