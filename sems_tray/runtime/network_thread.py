"""Runs jobs in the network thread, one after the other, and hands back their answers.

What the portal, the keyring or the history's file may hold up for seconds is done
there.  That thread owns no timer and touches no widget; whatever goes wrong in it
becomes an answer.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

from PySide6.QtCore import QObject, QThread, Signal, Slot

if TYPE_CHECKING:
    from collections.abc import Callable

    from .network_services import NetworkServices


log = logging.getLogger(__name__)

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Job(Generic[T]):
    """Work for the network thread.

    ``name`` is for the log: "the poll" makes "the poll failed".  ``run`` is called in
    the network thread; ``failed`` returns the answer if it raises.
    """

    name: str
    run: Callable[[NetworkServices], T]
    failed: Callable[[], T]


class Ticket:
    """A job that was submitted; who does not want the answer any more cancels it."""

    def __init__(self) -> None:
        self.is_cancelled = False

    def cancel(self) -> None:
        """Drop the answer; a job that has not begun is left out."""
        self.is_cancelled = True


class NetworkThread(QObject):
    """The GUI thread's handle on the network thread.

    One slot and one signal cross the threads, both bound methods of a QObject: Qt runs
    anything else in the thread of the sender.  What takes the answers stays on this
    side, so that the other thread never lets go of the last reference to a widget.
    """

    _submitted = Signal(object, object)  # Ticket, Job

    def __init__(self) -> None:
        super().__init__()
        self._thread = QThread()
        self._services: NetworkServices | None = None
        self._worker: _Worker | None = None
        self._waiting: dict[Ticket, Callable[..., None]] = {}

    def start(self, services: NetworkServices) -> None:
        """Start the thread; ``services`` belong to it from now on."""
        self._services = services
        self._worker = _Worker(services)
        self._worker.moveToThread(self._thread)
        self._submitted.connect(self._worker.run)
        self._worker.answered.connect(self._on_answered)
        self._thread.start()

    def submit(self, job: Job[T], done: Callable[[T], None] | None = None) -> Ticket:
        """Run a job after all others; ``done`` gets the answer in this thread."""
        ticket = Ticket()
        if done is not None:
            self._waiting[ticket] = done
        self._submitted.emit(ticket, job)
        return ticket

    def stop(self, within_ms: int) -> bool:
        """End the request under way, and then the thread; False if it hangs."""
        self._waiting.clear()
        if self._services is None:
            return True
        self._services.abort()
        self.submit(Job("closing", _close, lambda: None))
        return self._thread.wait(within_ms)

    @Slot(object, object)
    def _on_answered(self, ticket: Ticket, answer: object) -> None:
        done = self._waiting.pop(ticket, None)
        if done is not None and not ticket.is_cancelled:
            done(answer)


class _Worker(QObject):
    """The network thread's side of it."""

    answered = Signal(object, object)  # Ticket, what the job returned

    def __init__(self, services: NetworkServices) -> None:
        super().__init__()
        self._services = services

    @Slot(object, object)
    def run(self, ticket: Ticket, job: Job[object]) -> None:
        """Run a job and answer; a bug becomes an answer, too."""
        answer: object = None
        if not ticket.is_cancelled:
            try:
                answer = job.run(self._services)
            except Exception:
                log.exception("%s failed", job.name)
                answer = job.failed()
        self.answered.emit(ticket, answer)


def _close(services: NetworkServices) -> None:
    try:
        services.close()
    finally:
        QThread.currentThread().quit()
