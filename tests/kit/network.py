"""The network thread without a thread: jobs wait until a test lets them run."""

from __future__ import annotations

from collections import deque
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, TypeVar

from sems_tray.runtime.jobs import BackfillJobs, give_up_backfill
from sems_tray.runtime.network_thread import NetworkThread, Ticket

if TYPE_CHECKING:
    from collections.abc import Callable

    from sems_tray.history.plan import PastPart
    from sems_tray.runtime.network_thread import Job

T = TypeVar("T")


class QueuedNetwork(NetworkThread):
    """Runs jobs with the given services in this thread, as a thread would: later.

    Who has no services answers the oldest job by hand.
    """

    def __init__(self, services: Any = None) -> None:
        super().__init__()
        self.services = services
        self.waiting: deque[tuple[Job[Any], Callable[[Any], None] | None, Ticket]] = (
            deque()
        )

    def submit(self, job: Job[T], done: Callable[[T], None] | None = None) -> Ticket:
        ticket = Ticket()
        self.waiting.append((job, done, ticket))
        return ticket

    @property
    def names(self) -> list[str]:
        """The jobs that wait, by their names in the log."""
        return [job.name for job, _, ticket in self.waiting if not ticket.is_cancelled]

    def answer(self, value: object, name: str = "") -> None:
        """Answer the oldest job, or the oldest of a name, without running it."""
        found = next(it for it in self.waiting if name in {"", it[0].name})
        self.waiting.remove(found)
        _, done, ticket = found
        if done is not None and not ticket.is_cancelled:
            done(value)

    def run_all(self) -> None:
        """Run what waits, and what that brings about."""
        while self.waiting:
            job, _, ticket = self.waiting[0]
            self.answer(None if ticket.is_cancelled else self.run(job))

    def run(self, job: Job[T]) -> T:
        """Run one job."""
        return job.run(self.services)


class AskedNetwork(QueuedNetwork):
    """Notes which polls and lists it is asked for; the test gives the answers."""

    def __init__(self) -> None:
        super().__init__()
        self.polls: list[tuple[bool, bool]] = []  # everything, telemetry
        self.other_polls: list[str] = []  # station ids
        self.lists = 0
        self.services = SimpleNamespace(portal=self)

    def submit(self, job: Job[T], done: Callable[[T], None] | None = None) -> Ticket:
        job.run(self.services)
        return super().submit(job, done)

    def poll(self, *, everything: bool, telemetry: bool) -> None:
        self.polls.append((everything, telemetry))

    def poll_other(self, station_id: str) -> None:
        self.other_polls.append(station_id)

    def stations(self) -> None:
        self.lists += 1


class AskedBackfills(QueuedNetwork):
    """Notes the parts of the past it is asked for, None where the whole is given up."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[PastPart | None] = []

    def submit(self, job: Job[T], done: Callable[[T], None] | None = None) -> Ticket:
        steps = getattr(job.run, "__self__", None)
        if isinstance(steps, BackfillJobs):
            self.asked.append(steps.part)
        elif job.name == give_up_backfill().name:
            self.asked.append(None)
        return super().submit(job, done)
