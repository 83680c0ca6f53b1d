"""The whole program as its owner uses it: tray, windows, network thread, real HTTP.

Everything but the panel is there; the portal is the simulator.
"""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any, TypeVar, cast

from PySide6.QtCore import QRect
from PySide6.QtWidgets import QApplication, QLabel, QSystemTrayIcon

from sems_tray.app.app import App
from sems_tray.domain.credentials import Credentials, PasswordStorage, PortalChoice
from sems_tray.runtime.context import AppContext
from sems_tray.runtime.options import Options
from sems_tray.runtime.portal_service import SignInAttempt
from sems_tray.storage.paths import profile_paths
from sems_tray.storage.settings import load
from sems_tray.window.header import Page

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from PySide6.QtCore import Qt
    from PySide6.QtGui import QAction, QImage
    from PySide6.QtWidgets import QMenu, QWidget
    from pytestqt.qtbot import QtBot

    from sems_tray.domain.poll_result import PollOutcome
    from sems_tray.simulator.simulator import Simulator

_MIDDLE = QSystemTrayIcon.ActivationReason.MiddleClick
_LEFT = QSystemTrayIcon.ActivationReason.Trigger


class RunningProgram:
    """What the owner sees and does."""

    def __init__(self, app: App, portal: Simulator, qtbot: QtBot) -> None:
        self.app, self.portal, self.qtbot = app, portal, qtbot
        self.poller = app.poller

    def until(self, answer: Callable[[], object], seconds: float = 15) -> None:
        """Wait for a true answer."""
        self.qtbot.waitUntil(lambda: bool(answer()), timeout=round(seconds * 1000))

    def signs_in(self, account: str, outcome: PollOutcome) -> None:
        """Let the sign-in window accept an account whose password is in the keyring."""
        attempt = SignInAttempt(
            Credentials(account=account, password="demo"), PortalChoice()
        )
        self.app.sign_in._accept(attempt, outcome, PasswordStorage.KEYRING)

    # ------------------------------------------------------------ the tray

    @property
    def _icon(self) -> QSystemTrayIcon:
        return self.app.tray.tray.current_icon()

    @property
    def tooltip(self) -> str:
        return self._icon.toolTip()

    def picture(self) -> QImage:
        """Return the icon, to be compared with another."""
        return self._icon.icon().pixmap(22).toImage()

    def labels(self, *path: str) -> list[str]:
        """Return what the menu (or one in it) shows, without the marks of keys."""
        return [_label(it) for it in self._actions(*path)]

    def _actions(self, *path: str) -> list[QAction]:
        menu = self._icon.contextMenu()
        menu.aboutToShow.emit()
        for label in path:
            (entry,) = (it for it in menu.actions() if _label(it) == label)
            menu = cast("QMenu", entry.menu())
        found = menu.actions()
        return [it for it in found if it.isVisible() and not it.isSeparator()]

    def chosen(self) -> list[str]:
        """Return the names of the stations that are marked as shown."""
        marked = [_label(it) for it in self._actions("Station") if it.isChecked()]
        return [it.removeprefix("⚠ ").partition(": ")[0] for it in marked]

    def click(self, *path: str) -> None:
        """Choose an entry of the menu, or of one in it."""
        *menus, label = path
        (action,) = (it for it in self._actions(*menus) if _label(it) == label)
        assert action.isEnabled(), label
        action.trigger()

    def activate(self) -> None:
        """Click on the icon."""
        self._icon.activated.emit(_LEFT)

    def sees(self, words: str) -> None:
        self.until(lambda: words in self.tooltip)

    def refreshes(self) -> None:
        """Middle-click, and wait for the answer."""
        self.rests()
        self.middle_click()
        self.rests()

    def middle_click(self) -> None:
        self._icon.activated.emit(_MIDDLE)

    def rests(self) -> None:
        """Wait until no poll is under way."""
        self.until(lambda: not self.poller.in_flight)

    def alerts(self) -> list[str]:
        return [it.title for it in self.app.notifications.alerts.problems()]

    # ------------------------------------------------------------ windows

    @property
    def details(self) -> Any:
        """The window of details; None before it is opened."""
        return self.app.window._window

    def opens(self, page: Page = Page.NOW) -> Any:
        """Open a page of the details, and return it."""
        self.app.window.open(QRect())
        self.details.show_page(page)
        self.rests()
        return self.details.made(page)

    def presses(self, page: QWidget, key: Qt.Key) -> None:
        """Press a key in a page of the details."""
        self.details.activateWindow()
        page.setFocus()
        self.until(page.hasFocus)
        self.qtbot.keyClick(page, key)

    def message(self) -> str:
        """Return what the details say above the pages."""
        label = self.details.findChild(QLabel, "message")
        return label.text() if label.isVisible() else ""

    def windows(self) -> list[QWidget]:
        found = QApplication.topLevelWidgets()
        return [it for it in found if it.isVisible() and it.isWindow()]

    def titles(self) -> list[str]:
        return [title for it in self.windows() if (title := it.windowTitle())]

    def window(self, title: str) -> Any:
        """Return the window of this title, waiting for it."""
        self.until(lambda: title in self.titles())
        (found,) = (it for it in self.windows() if it.windowTitle() == title)
        return found


def _label(action: QAction) -> str:
    return action.text().replace("&&", "&").replace("__", "_")


ProgramT = TypeVar("ProgramT", bound=RunningProgram)


@contextmanager
def run_program(
    kind: type[ProgramT], portal: Simulator, profile: Path, qtbot: QtBot, **options: Any
) -> Iterator[ProgramT]:
    """Start the program on a profile, and end it in order."""
    given = {"account": "owner@example.com", "password": "demo", **options}
    paths = profile_paths(profile)
    context = AppContext(
        options=Options(portal=portal.url, **given),
        paths=paths,
        loaded=load(paths.settings),
    )
    app = App(context, None)
    try:
        yield kind(app, portal, qtbot)
    finally:
        app.quit()
    assert not app.stuck


class Programs(ExitStack):
    """Starts the program, again and again on one profile."""

    def __init__(self, portal: Simulator, profile: Path, qtbot: QtBot) -> None:
        super().__init__()
        self._portal, self._profile, self._qtbot = portal, profile, qtbot
        self.kind = RunningProgram

    def __call__(
        self, portal: Simulator | None = None, **options: Any
    ) -> RunningProgram:
        """Start it; the one before is ended."""
        self.ends()
        portal = portal or self._portal
        run = run_program(self.kind, portal, self._profile, self._qtbot, **options)
        return self.enter_context(run)

    def ends(self) -> None:
        self.close()
