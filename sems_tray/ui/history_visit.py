"""What was asked of the portal during one look at the page: each part once."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sems_tray.core.outcome import Failed
    from sems_tray.core.past import Step


class Visit:
    """Keeps one step under way at most, and what came of the others."""

    def __init__(self) -> None:
        self._done: set[Step] = set()
        self._failed: dict[Step, Failed] = {}
        self.under_way: Step | None = None

    def following(self, steps: Iterable[Step]) -> Step | None:
        """Return what to ask for next; nothing after a failure, or beside another."""
        waiting = [it for it in steps if it not in self._done]
        if not waiting or self.under_way is not None or self.failure(steps):
            return None
        return waiting[0]

    def failure(self, steps: Iterable[Step]) -> Failed | None:
        """Return why one of the steps failed."""
        return next((self._failed[it] for it in steps if it in self._failed), None)

    def begin(self, step: Step) -> None:
        """Note that a step is asked for."""
        self.under_way = step

    def end(self, step: Step, failed: Failed | None) -> None:
        """Note what came of a step, whoever asked for it."""
        if self.under_way == step:
            self.under_way = None
        self._done.add(step)
        if failed is None:
            self._failed.pop(step, None)
        else:
            self._failed[step] = failed

    def forget(self, steps: Iterable[Step]) -> None:
        """Let the steps be asked for once more."""
        for it in steps:
            self._done.discard(it)
            self._failed.pop(it, None)
