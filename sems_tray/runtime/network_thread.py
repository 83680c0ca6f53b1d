"""The object that lives in the network thread: it asks the portal and reports.

It owns no timer and touches no widget.  Whatever goes wrong becomes an outcome.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QObject, QThread, Signal, Slot

from sems_tray.domain.poll_result import PollFailed, PollSucceeded, Trouble
from sems_tray.history.plan import Progress
from sems_tray.i18n.language import mark, tr

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from sems_tray.alerts.model import AlertHistoryUpdate
    from sems_tray.daylight.habits import Habits
    from sems_tray.domain.credentials import Credentials, PasswordStorage, PortalChoice
    from sems_tray.domain.energy import Step
    from sems_tray.domain.model import Reading, Station
    from sems_tray.domain.poll_result import PollOutcome
    from sems_tray.history.plan import PastPart

    from .release_check import Release


log = logging.getLogger(__name__)


class Link(Protocol):
    """The portal as the worker sees it; made and used in the network thread."""

    def fetch(self, *, everything: bool, telemetry: bool) -> PollOutcome:
        """Poll once."""

    def stations(self) -> tuple[Station, ...] | PollFailed:
        """Return the account's stations."""

    def choose(self, station_id: str) -> None:
        """Turn to another station."""

    def fetch_aside(self, station_id: str) -> PollOutcome:
        """Poll a station beside the shown one, once."""

    def keep_aside(self, reading: Reading) -> None:
        """Keep a reading of it."""

    def sign_in(
        self, credentials: Credentials, choice: PortalChoice | None = None
    ) -> tuple[PollOutcome, PasswordStorage | None]:
        """Try new credentials; return the outcome and where the password is."""

    def keep(self, outcome: PollOutcome) -> str:
        """Keep what a poll brought; return what the owner should know, or nothing."""

    def record(self, what: AlertHistoryUpdate) -> None:
        """Keep what the alerts need kept."""

    def habits(self, station: Station) -> Habits | None:
        """Return a station's habits, about once a day; None otherwise."""

    def news(self) -> Release | None:
        """Return a newer version of this program that was not told yet."""

    def bring(self, step: Step) -> PollFailed | None:
        """Fetch a part of the past into the history."""

    def wants_past(self) -> bool:
        """Say whether the whole past is still to be fetched."""

    def fetch_past(self, *, wanted: bool) -> Progress | None:
        """Fetch the next part of the whole past; None if it is not wanted any more."""

    def fetch_part(self, part: PastPart | None) -> Progress | None:
        """Fetch the next step of a part of the past; None if it is not wanted."""

    def import_file(self, path: Path) -> str:
        """Take in an exported history; return in words what came of it."""

    def use(self, run: object) -> None:
        """Work by another run's settings."""

    def forget(self, *, everything: bool) -> None:
        """Forget the account's secrets, and the history if everything."""

    def abort(self) -> None:
        """End a call under way; may be called from any thread."""

    def close(self) -> None:
        """Let everything go, at the end of the thread."""


class Worker(QObject):
    """Runs blocking calls. Its slots are connected to signals of the GUI thread."""

    polled = Signal(object)  # PollOutcome
    polled_aside = Signal(str, object)  # station id, PollOutcome
    listed = Signal(object)  # tuple[Station, ...]
    unlisted = Signal(object)  # Failed: there is no list
    signed_in = Signal(object, object)  # PollOutcome, PasswordStorage | None
    kept = Signal()  # a reading is in the history
    noted = Signal(str)  # what the owner should know of the history
    learned = Signal(str, object)  # station id, Habits
    released = Signal(object)  # Release
    past_wanted = Signal()  # an earlier run was told to fetch the whole past
    brought = Signal(object, object)  # Step, Failed | None
    went_back = Signal(object)  # Progress | None
    part_fetched = Signal(object)  # Progress | None
    imported = Signal(str)
    forgotten = Signal(bool)  # everything, or the account alone
    closed = Signal()

    def __init__(self, link: Link) -> None:
        super().__init__()
        self._link = link
        self._noted = ""
        self._held: PollOutcome | None = None  # of a sign-in, not yet kept
        self._asked_past = False

    @Slot(bool, bool)
    def poll(self, everything: bool, telemetry: bool) -> None:  # noqa: FBT001 (a slot)
        """Poll once and report."""
        try:
            outcome = self._link.fetch(everything=everything, telemetry=telemetry)
        except Exception:
            log.exception("the poll failed")
            outcome = _our_fault()
        self.polled.emit(outcome)
        self._learn(outcome)
        self._keep_held()
        self._keep(outcome)

    @Slot(str)
    def poll_aside(self, station_id: str) -> None:
        """Poll a station beside the shown one and report."""
        try:
            outcome = self._link.fetch_aside(station_id)
        except Exception:
            log.exception("the poll of another station failed")
            outcome = _our_fault()
        self.polled_aside.emit(station_id, outcome)
        self._learn(outcome)
        if not isinstance(outcome, PollSucceeded):
            return
        try:
            self._link.keep_aside(outcome.reading)
        except Exception:
            log.exception("keeping another station's reading failed")

    def _learn(self, outcome: PollOutcome) -> None:
        """Tell of a station's habits at once: what was told is judged by them."""
        if not isinstance(outcome, PollSucceeded):
            return
        station = outcome.reading.station
        try:
            habits = self._link.habits(station)
            if habits is not None:
                self.learned.emit(station.id, habits)
        except Exception:
            log.exception("learning from the history failed")

    def _keep_held(self) -> None:
        held, self._held = self._held, None
        if held is not None:
            self._keep(held)

    def _keep(self, outcome: PollOutcome) -> None:
        """Keep a reading after it was told: a slow disk must not hold it up."""
        try:
            message = self._link.keep(outcome)
            if message != self._noted:
                self._noted = message
                self.noted.emit(message)
            self.kept.emit()
            if not self._asked_past and isinstance(outcome, PollSucceeded):
                self._asked_past = True
                if self._link.wants_past():
                    self.past_wanted.emit()
        except Exception:
            log.exception("keeping a reading failed")
        try:
            release = self._link.news()
            if release is not None:
                self.released.emit(release)
        except Exception:
            log.exception("asking for a new version failed")

    @Slot(object)
    def record(self, what: AlertHistoryUpdate) -> None:
        """Keep what the alerts need kept."""
        try:
            self._link.record(what)
        except Exception:
            log.exception("keeping a notice failed")

    @Slot(object)
    def bring(self, step: Step) -> None:
        """Fetch a part of the past and report."""
        failed: PollFailed | None
        try:
            failed = self._link.bring(step)
        except Exception:
            log.exception("fetching the past failed")
            failed = _our_fault()
        self.brought.emit(step, failed)

    @Slot(bool)
    def fetch_past(self, wanted: bool) -> None:  # noqa: FBT001 (a slot)
        """Fetch the next part of the whole past and report."""
        progress: Progress | None
        try:
            progress = self._link.fetch_past(wanted=wanted)
        except Exception:
            log.exception("fetching the past failed")
            progress = Progress(failed=_our_fault())
        self.went_back.emit(progress)

    @Slot(object)
    def fetch_part(self, part: PastPart | None) -> None:
        """Fetch the next step of a part of the past and report."""
        progress: Progress | None
        try:
            progress = self._link.fetch_part(part)
        except Exception:
            log.exception("fetching a part of the past failed")
            progress = Progress(failed=_our_fault())
        self.part_fetched.emit(progress)

    @Slot(object)
    def import_file(self, path: Path) -> None:
        """Take in an exported history and report in words."""
        try:
            said = self._link.import_file(path)
        except Exception:
            log.exception("importing failed")
            said = tr("The file could not be read: an error in SEMS Tray itself.")
        self.imported.emit(said)

    @Slot()
    def list_stations(self) -> None:
        """Report the account's stations, or only that there is no list."""
        found: tuple[Station, ...] | PollFailed
        try:
            found = self._link.stations()
        except Exception:
            log.exception("the station list failed")
            found = _our_fault()
        if isinstance(found, PollFailed):
            self.unlisted.emit(found)
        else:
            self.listed.emit(found)
        self._keep_held()

    @Slot(str)
    def choose(self, station_id: str) -> None:
        """Turn to another station."""
        try:
            self._link.choose(station_id)
        except Exception:
            log.exception("turning to another station failed")

    @Slot(object, object)
    def sign_in(
        self, credentials: Credentials, choice: PortalChoice | None = None
    ) -> None:
        """Try new credentials and report; no choice leaves the portal as it is."""
        try:
            outcome, custody = self._link.sign_in(credentials, choice)
        except Exception:
            log.exception("signing in failed")
            outcome, custody = _our_fault(), None
        self.signed_in.emit(outcome, custody)
        # The list of stations is waited for, and goes before the history.
        self._held = outcome if custody is not None else None

    @Slot(object)
    def use(self, run: object) -> None:
        """Work by changed settings from the next call on."""
        try:
            self._link.use(run)
        except Exception:
            log.exception("following the settings failed")

    @Slot(bool)
    def forget(self, everything: bool) -> None:  # noqa: FBT001 (a slot)
        """Forget the account's secrets, or everything that is kept; then say so."""
        try:
            self._link.forget(everything=everything)
        except Exception:
            log.exception("forgetting failed")
        self.forgotten.emit(everything)

    @Slot()
    def close(self) -> None:
        """Let everything go; the thread ends after this."""
        try:
            self._link.close()
        except Exception:
            log.exception("closing failed")
        self.closed.emit()


def _our_fault() -> PollFailed:
    detail = mark("an error in SEMS Tray itself")
    return PollFailed(trouble=Trouble.UNREADABLE, detail=detail)


# One piece of work in a thread of its own, which comes to some words.


class Job(QThread):
    """Works, and tells what came of it; whatever happens, something is told."""

    told = Signal(str)

    def __init__(self, work: Callable[[], str]) -> None:
        super().__init__()
        self._work = work

    def run(self) -> None:
        """Work in this thread."""
        try:
            said = self._work()
        except Exception:
            log.exception("a job failed")
            said = tr("An error in SEMS Tray itself.")
        self.told.emit(said)
