"""What the jobs of the network thread work with: the portal and the history."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sems_tray.domain.time_zones import utc_now
from sems_tray.storage.settings import delete_set_aside

from .portal_service import PortalService
from .sky import Sky

if TYPE_CHECKING:
    from sems_tray.domain.model import Station
    from sems_tray.history.backfill import CatchUp
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

    def newer_release(self) -> Release | None:
        """Return a newer version of this program that was not told yet."""
        if self._context.options.demo is not None or self.portal.is_aborted:
            return None
        if self._releases is None:
            from .release_check import ReleaseCheck

            self._releases = ReleaseCheck(self.recorder, self.portal.fetch_feed)
        feed = self._context.settings.release_feed
        return self._releases.look(feed, utc_now())

    def apply_settings(self, context: AppContext) -> None:
        """Work by changed settings from now on."""
        self._context = context
        self.sky.follow(context.settings)
        self.portal.apply_settings(context)

    def delete_history(self) -> None:
        """Delete the history, and damaged settings that were set aside."""
        delete_set_aside(self._context.paths.settings)
        self.recorder.history.forget()
        self.recorder.close()  # what it holds in memory goes, too
        self._recorder = self._catch_up = self._releases = None
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
