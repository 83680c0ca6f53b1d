"""What the jobs of the network thread work with: the portal and the history."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sems_tray.domain.poll_result import PollFailed
from sems_tray.domain.time_zones import utc_now
from sems_tray.storage.settings import forget_set_aside

from .portal_service import PortalService
from .sky import Sky

if TYPE_CHECKING:
    from sems_tray.domain.energy import Step
    from sems_tray.domain.model import Station
    from sems_tray.history.backfill import Backfill, CatchUp
    from sems_tray.history.plan import PastPart
    from sems_tray.history.recorder import HistoryRecorder

    from .context import AppContext
    from .release_check import Release, ReleaseCheck


class NetworkServices:
    """Portal and history of one run, without Qt.

    Made in the GUI thread, used in the network thread; only ``abort`` may be called
    from elsewhere.
    """

    def __init__(self, context: AppContext) -> None:
        self._context = context
        self.sky = Sky(context.settings)
        self.portal = PortalService(context, self.sky)
        self.has_deleted_history = False  # and nothing was read since
        self._recorder: HistoryRecorder | None = None
        self._catch_up: CatchUp | None = None
        self._backfills: dict[tuple[str, PastPart], Backfill] = {}
        self._releases: ReleaseCheck | None = None

    @property
    def recorder(self) -> HistoryRecorder:
        """The history's writer; opens the file, and mends it, when first used."""
        if self._recorder is None:
            from sems_tray.history.recorder import HistoryRecorder

            self._recorder = HistoryRecorder(
                self._context.paths.history,
                now=utc_now,
                stop=lambda: self.portal.is_aborted,
            )
        return self._recorder

    def catch_up(self, station: Station) -> None:
        """Fetch one step of the days when the program did not run, if any is left."""
        is_shown = self.portal.station is not None and (
            self.portal.station.id == station.id
        )
        if not is_shown or self.portal.is_aborted or self.recorder.blocked:
            return
        if self._catch_up is None:
            from sems_tray.history.backfill import CatchUp

            self._catch_up = CatchUp(self.recorder)
        self._catch_up.step(self.portal.client, station)

    def fetch_step(self, station: Station, step: Step) -> PollFailed | None:
        """Fetch a step of the shown station's past; None if that went well."""
        from sems_tray.history.backfill import fetch_and_store
        from sems_tray.history.errors import HistoryWriteError

        try:
            found = fetch_and_store(self.recorder, self.portal.client, station, step)
        except HistoryWriteError:
            return None  # no fault of the portal's; the recorder's message says it
        return found if isinstance(found, PollFailed) else None

    def backfill(self, station: Station, part: PastPart) -> Backfill:
        """Return the way through a part of a station's past, begun or new.

        A new one through the whole past goes on in the next run.
        """
        from sems_tray.history.backfill import Backfill
        from sems_tray.history.plan import WHOLE

        key = station.id, part
        if key not in self._backfills:
            if part == WHOLE:
                self.recorder.set_backfill_requested(station, requested=True)
            self._backfills[key] = Backfill(self.recorder, station, part)
        return self._backfills[key]

    def end_backfill(self, station: Station, part: PastPart) -> None:
        """Let the next one begin anew."""
        self._backfills.pop((station.id, part), None)

    def newer_release(self) -> Release | None:
        """Return a newer version of this program that was not told yet."""
        if self._context.options.demo is not None or self.portal.is_aborted:
            return None
        if self._releases is None:
            from .release_check import ReleaseCheck

            self._releases = ReleaseCheck(self.recorder, self.portal.fetch_feed)
        feed = self._context.settings.release_feed
        return self._releases.look(feed, utc_now())

    def show_station(self, station_id: str) -> None:
        """Let another station be the one that is polled."""
        self.portal.show_station(station_id)
        self._backfills.clear()

    def apply_settings(self, context: AppContext) -> None:
        """Work by changed settings from now on."""
        self._context = context
        self.sky.follow(context.settings)
        self.portal.apply_settings(context)

    def sign_out(self) -> None:
        """Delete the account's password and session."""
        self.portal.sign_out()
        self._backfills.clear()

    def delete_history(self) -> None:
        """Delete the history, and damaged settings that were set aside."""
        forget_set_aside(self._context.paths.settings)
        self.recorder.history.forget()
        self.recorder.close()  # what it holds in memory goes, too
        self._recorder = self._catch_up = self._releases = None
        self._backfills.clear()
        self.has_deleted_history = True

    def abort(self) -> None:
        """End the request under way; may be called from any thread."""
        self.portal.abort()

    def close(self) -> None:
        """Close the history and the portal, at the end of the thread."""
        if self._recorder is not None:
            self._recorder.save_request_count(self.portal.requests)
            self._recorder.close()
        self.portal.close()
