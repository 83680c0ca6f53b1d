"""The object that lives in the network thread: it asks the portal and reports.

It owns no timer and touches no widget.  Whatever goes wrong becomes an outcome.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QObject, Signal, Slot

from sems_tray.core.outcome import Failed, Trouble

if TYPE_CHECKING:
    from sems_tray.core.credentials import Credentials
    from sems_tray.core.model import Station
    from sems_tray.core.outcome import PollOutcome

log = logging.getLogger(__name__)


class Link(Protocol):
    """The portal as the worker sees it; made and used in the network thread."""

    def fetch(self, *, everything: bool, telemetry: bool) -> PollOutcome:
        """Poll once."""

    def stations(self) -> tuple[Station, ...] | Failed:
        """Return the account's stations."""

    def choose(self, station_id: str) -> None:
        """Turn to another station."""

    def sign_in(self, credentials: Credentials) -> tuple[PollOutcome, str]:
        """Try new credentials; return the outcome and where the secret is kept."""

    def abort(self) -> None:
        """End a call under way; may be called from any thread."""

    def close(self) -> None:
        """Let everything go, at the end of the thread."""


class Worker(QObject):
    """Runs blocking calls. Its slots are connected to signals of the GUI thread."""

    polled = Signal(object)  # PollOutcome
    listed = Signal(object)  # tuple[Station, ...]
    signed_in = Signal(object, str)  # PollOutcome, where the secret is kept
    closed = Signal()

    def __init__(self, link: Link) -> None:
        super().__init__()
        self._link = link

    @Slot(bool, bool)
    def poll(self, everything: bool, telemetry: bool) -> None:  # noqa: FBT001 (a slot)
        """Poll once and report."""
        try:
            outcome = self._link.fetch(everything=everything, telemetry=telemetry)
        except Exception:
            log.exception("the poll failed")
            outcome = _our_fault()
        self.polled.emit(outcome)

    @Slot()
    def list_stations(self) -> None:
        """Report the account's stations; say nothing if that fails."""
        try:
            found = self._link.stations()
        except Exception:
            log.exception("the station list failed")
            return
        if not isinstance(found, Failed):
            self.listed.emit(found)

    @Slot(str)
    def choose(self, station_id: str) -> None:
        """Turn to another station."""
        try:
            self._link.choose(station_id)
        except Exception:
            log.exception("turning to another station failed")

    @Slot(object)
    def sign_in(self, credentials: Credentials) -> None:
        """Try new credentials and report."""
        try:
            outcome, kept = self._link.sign_in(credentials)
        except Exception:
            log.exception("signing in failed")
            outcome, kept = _our_fault(), ""
        self.signed_in.emit(outcome, kept)

    @Slot()
    def close(self) -> None:
        """Let everything go; the thread ends after this."""
        try:
            self._link.close()
        except Exception:
            log.exception("closing failed")
        self.closed.emit()


def _our_fault() -> Failed:
    return Failed(trouble=Trouble.UNREADABLE, detail="an error in SEMS Tray itself")
