"""Python's cycle collector, kept to the GUI thread.

It runs in whichever thread happens to make the next object.  A dialog that was let go,
with a cycle around it, would be deleted in the network thread, which Qt forbids: timers
and windows of the GUI thread crash the process (seen with PySide6 6.11.3).
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, Slot


class Tidy(QObject):
    """Collects when told to, and nobody else does."""

    def __init__(self) -> None:
        super().__init__()
        gc.disable()

    @Slot()
    def collect(self) -> None:
        """Collect here and now; some 20 ms, every few minutes."""
        gc.collect()

    def end(self) -> None:
        """Let Python collect by itself again: no other thread is left."""
        gc.enable()
