"""A time that tests set by hand."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime


class Clock:
    """Says what was set, for whoever asks for the time."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def add(self, **span: float) -> None:
        """Go on by days, hours, minutes …."""
        self.at += timedelta(**span)
