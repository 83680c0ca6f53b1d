"""What kinds of export there are: enough for a command line that loads nothing."""

from __future__ import annotations

from enum import StrEnum


class Every(StrEnum):
    """What one row of an export spans."""

    MINUTES = "5min"
    DAY = "day"
    MONTH = "month"
    EVERYTHING = "everything"  # what is stored, as it is stored


class Format(StrEnum):
    """How an export is written."""

    CSV = "csv"
    JSON = "json"
