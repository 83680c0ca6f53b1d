"""Logging: to a small file, and to the terminal when asked for; always redacted.

What a handler writes is masked as a whole, traceback included: nothing that is logged
gets past it.  Account and password, and whatever else ``redact_from_now_on`` is given,
are masked by value; e-mail addresses, tokens, serial numbers, places and addresses by
their looks.
"""

from __future__ import annotations

import logging
import os
import platform
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import sems_tray

if TYPE_CHECKING:
    from collections.abc import Hashable
    from pathlib import Path


log = logging.getLogger(__name__)

LOG_NAME = "sems-tray.log"
_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
_SHORTEST = 3
_hidden: set[str] = set()


def redact_from_now_on(*texts: str | None) -> None:
    """Mask these in every line from now on: an account, a station's name or id."""
    # A shorter one is part of too many words.
    _hidden.update(text for text in texts if text and len(text) >= _SHORTEST)


def redacted(text: str) -> str:
    """Return the text without anything that is secret or personal."""
    # Imported at the first line, not at the start: most runs log little.
    from .redaction import MASK, mask, redact

    for secret in sorted(_hidden, key=len, reverse=True):
        text = text.replace(secret, MASK)  # before a long text is cut
    return redact(mask(text), frozenset(_hidden))


class _Redacting(logging.Formatter):
    """Masks the whole of a record: message, traceback and stack."""

    def format(self, record: logging.LogRecord) -> str:
        return redacted(super().format(record))


class _Brief(_Redacting):
    """One line, no traceback; who knows what an error's own words give away."""

    def format(self, record: logging.LogRecord) -> str:
        kind = record.exc_info[0] if record.exc_info else None
        cause = f" ({kind.__name__}; --verbose tells more)" if kind else ""
        return redacted(f"sems-tray: {record.getMessage()}{cause}")


class _Filed(logging.Formatter):
    """A line of the file: by UTC; what goes on in further lines is indented."""

    def format(self, record: logging.LogRecord) -> str:
        from sems_tray.i18n.formatting import UNSAFE, utc_text

        # The time is no serial number, whatever it looks like.
        at = utc_text(datetime.fromtimestamp(record.created, UTC))
        try:
            said = super().format(record)
        except Exception:  # noqa: BLE001 (an odd argument; say that much)
            said = f"a line of {record.name} cannot be written"
        lines = [UNSAFE.sub(" ", it) for it in redacted(said).splitlines()]
        return f"{at} {record.levelname} [{os.getpid()}] " + "\n  ".join(lines)


def log_to_stderr(*, verbose: bool) -> None:
    """Send our own records to standard error; without ``verbose`` only what matters.

    The HTTP library is never heard: its lines hold query strings.
    """
    logger = logging.getLogger("sems_tray")
    logger.setLevel(logging.DEBUG if verbose else logging.WARNING)
    logger.propagate = False
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Redacting(_FORMAT) if verbose else _Brief())
    logger.handlers = [handler]


def log_to_file(folder: Path, *hidden: str | None) -> None:
    """Write our own records to the profile's log, too, from INFO on.

    ``hidden`` is masked in it by value.  A demo leaves no trace: do not
    call it there.
    """
    from .log_file import LogFileHandler

    redact_from_now_on(*hidden)
    logger = logging.getLogger("sems_tray")
    before = logger.getEffectiveLevel()
    for other in logger.handlers:  # what is logged for the file is not for the terminal
        other.setLevel(max(other.level, before))
    handler = LogFileHandler(log_path(folder))
    handler.setLevel(min(logging.INFO, before))
    handler.setFormatter(_Filed("%(name)s: %(message)s"))
    logger.setLevel(min(logging.INFO, before))
    logger.handlers = [
        known for known in logger.handlers if not isinstance(known, LogFileHandler)
    ] + [handler]
    log.info(
        "SEMS Tray %s begins (%s)", sems_tray.__version__, platform.python_version()
    )


def log_path(folder: Path) -> Path:
    """Return where a profile's log is."""
    return folder / LOG_NAME


# Which of many equal events are worth telling: a log is not to be filled by one.


_KINDS_AT_MOST = 500


class Repeats:
    """Counts what happens again and again: the 1st, 10th, 100th … time is told."""

    def __init__(self) -> None:
        self._counts: dict[Hashable, int] = {}

    def count(self, kind: Hashable) -> int | None:
        """Note one more; return how many there were if that is to be told now."""
        if kind not in self._counts and len(self._counts) >= _KINDS_AT_MOST:
            # Ever other ones: forget the oldest, which may be told again.
            del self._counts[next(iter(self._counts))]
        number = self._counts[kind] = self._counts.get(kind, 0) + 1
        return number if str(number).rstrip("0") == "1" else None
