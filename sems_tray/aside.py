"""The clients of the stations beside the shown one, for the network thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .core.outcome import PollOutcome
    from .sems.client import SemsClient


class Aside:
    """One client a station on one line and session, made when it is first asked for.

    Each holds what it knows of its station: totals, device states and what is due when.
    """

    def __init__(self) -> None:
        self._shown: SemsClient | None = None
        self._clients: dict[str, SemsClient] = {}

    def fetch(self, shown: SemsClient, station_id: str) -> PollOutcome:
        """Poll a station beside the shown one, once."""
        from .sems.client import Want

        self._follow(shown)
        if station_id not in self._clients:
            self._clients[station_id] = shown.beside(station_id)
        return self._clients[station_id].fetch(Want(aside=True))

    def turn(
        self, shown: SemsClient, station_id: str | None, other_id: str
    ) -> SemsClient:
        """Return the client that shows another station from now on.

        ``station_id`` is the station that was shown, where it is known.
        """
        self._follow(shown)
        if station_id is None:
            shown.choose(other_id)
            return shown
        if station_id == other_id:
            return shown
        found = self._clients.pop(other_id, None) or shown.beside(other_id)
        self._clients[station_id] = shown
        self._shown = found
        return found

    def _follow(self, shown: SemsClient) -> None:
        """Forget the clients of another session: another account or dialect."""
        if shown is not self._shown:
            self._shown = shown
            self._clients.clear()
