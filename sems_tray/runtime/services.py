"""What every controller of the tray app may use, and what they tell each other.

The services are built once, before the controllers.  Who is concerned by an event
subscribes to it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QRect, Signal

if TYPE_CHECKING:
    from sems_tray.domain.credentials import PasswordStorage
    from sems_tray.domain.poll_result import PollOutcome
    from sems_tray.history.local_reader import LocalHistory

    from .context import AppContext
    from .network_thread import NetworkThread
    from .settings_repository import SettingsRepository
    from .sky import Sky


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """The services of one run. ``context`` is as it was at the start."""

    context: AppContext
    events: SessionEvents
    network: NetworkThread
    settings: SettingsRepository
    sky: Sky
    history: LocalHistory

    @property
    def is_demo(self) -> bool:
        """Whether the station is made up."""
        return self.context.options.demo is not None


class HeaderNote(Enum):
    """What a sentence about this computer is about, in the order of the header."""

    HISTORY = "history"  # its file cannot be read or written
    SAVING = "saving"  # the settings cannot be saved
    SETTINGS = "settings"  # something in the settings' file is not understood
    NO_TRAY = "no_tray"
    RELEASE = "release"


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountChange:
    """The owner signed in; ``is_other`` says that it is not the account of before.

    ``outcome`` is the first poll with it.
    """

    account: str
    is_other: bool
    outcome: PollOutcome
    password_storage: PasswordStorage


class SessionEvents(QObject):
    """One for the whole app, in its GUI thread.

    The first half is asked for by the owner in some window or menu, the second has
    happened.  A controller connects to what concerns it and asks no other controller.
    """

    details_requested = Signal(QRect)  # where on the screen the owner clicked, or empty
    details_toggled = Signal(QRect)
    alarm_chosen = Signal(str)  # alarm id; empty opens the window alone
    station_chosen = Signal(str)  # station id
    transfer_requested = Signal()  # "History and export …"
    settings_requested = Signal()
    sign_in_requested = Signal()
    sign_out_requested = Signal(bool)  # whether everything is to be deleted
    portal_page_requested = Signal()
    problem_chosen = Signal(object)  # Problem
    alarm_muted = Signal(str, bool)  # alarm id, whether to be silent about it
    snooze_requested = Signal(object)  # Snooze; None ends it
    quit_requested = Signal()

    account_changed = Signal(object)  # AccountChange
    resetting = Signal()  # the account, or everything, is about to be deleted
    password_storage_changed = Signal(object)  # PasswordStorage; None is not known
    stations_listed = Signal(object)  # tuple[Station, ...]
    station_list_failed = Signal()
    details_seen = Signal()  # the owner looked at the window
    problems_changed = Signal(object)  # ProblemSummary
    stations_changed = Signal(object)  # AccountStations
    station_shown = Signal(str, object)  # station id, and the Reading known of it
    other_station_read = Signal(object)  # Reading
    poll_recorded = Signal()  # what a poll brought is in the history

    window_closed = Signal()
    tray_icon_renewed = Signal()
    note_changed = Signal(HeaderNote, object)  # LocalizedText or str; "" takes it away
    settings_changed = Signal(object, object)  # Settings before and after
    locale_changed = Signal()
    quitting = Signal()
