"""Logging: to a small file, and to the terminal when asked for; always redacted.

What a handler writes is masked as a whole, traceback included: nothing that is logged
gets past it.  Account and password, and whatever else ``hide`` is told, are masked by
value; e-mail addresses, tokens, serial numbers, places and addresses by their looks.
"""

from __future__ import annotations

import logging
import os
import platform
import sys
import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import sems_tray
from sems_tray.core.outcome import Failed

from .log_file import LogFile

if TYPE_CHECKING:
    from pathlib import Path

    from sems_tray.core.outcome import PollOutcome, Trouble

    from .store.paths import Paths

log = logging.getLogger(__name__)

LOG_NAME = "sems-tray.log"
_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
_EVERY_S = timedelta(minutes=15).total_seconds()
_SHORTEST = 3
_hidden: set[str] = set()


def hide(*texts: str | None) -> None:
    """Mask these in every line from now on: an account, a station's name or id."""
    # A shorter one is part of too many words.
    _hidden.update(text for text in texts if text and len(text) >= _SHORTEST)


def redacted(text: str) -> str:
    """Return the text without anything that is secret or personal."""
    # Imported at the first line, not at the start: most runs log little.
    from sems_tray.core.masking import MASK, mask
    from sems_tray.sems.redact import redact

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
        from sems_tray.core.words import UNSAFE, utc_text

        # The time is no serial number, whatever it looks like.
        at = utc_text(datetime.fromtimestamp(record.created, UTC))
        said = logging.Formatter.format(self, record)
        lines = [UNSAFE.sub(" ", it) for it in redacted(said).splitlines()]
        return f"{at} {record.levelname} [{os.getpid()}] " + "\n  ".join(lines)


class _FileHandler(logging.Handler):
    """Writes to the log; a log that cannot be written is no reason to stop."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.file = LogFile(path)

    def emit(self, record: logging.LogRecord) -> None:
        try:
            line = self.format(record)
        except Exception:  # noqa: BLE001 (an odd argument; say that much)
            line = f"a line of {record.name} cannot be written"
        self.file.write(line)


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


def log_to_file(paths: Paths, *hidden: str | None) -> None:
    """Write our own records to the profile's log, too, from INFO on.

    ``hidden`` is masked in it by value: see ``hide``.  A demo leaves no trace: do not
    call it there.
    """
    hide(*hidden)
    logger = logging.getLogger("sems_tray")
    before = logger.getEffectiveLevel()
    for other in logger.handlers:  # what is logged for the file is not for the terminal
        other.setLevel(max(other.level, before))
    handler = _FileHandler(log_path(paths))
    handler.setLevel(min(logging.INFO, before))
    handler.setFormatter(_Filed("%(name)s: %(message)s"))
    logger.setLevel(min(logging.INFO, before))
    logger.handlers = [
        it for it in logger.handlers if not isinstance(it, _FileHandler)
    ] + [handler]
    log.info(
        "SEMS Tray %s begins (%s)", sems_tray.__version__, platform.python_version()
    )


def log_path(paths: Paths) -> Path:
    """Return where a profile's log is."""
    return paths.log / LOG_NAME


class PollLog:
    """Notes what polls come to: a new trouble, its end, and the requests of a day."""

    def __init__(self) -> None:
        self._trouble: Trouble | None = None
        self._told = 0
        self._at = -_EVERY_S

    def note(self, outcome: PollOutcome) -> None:
        """Log what is news in an outcome."""
        trouble = outcome.trouble if isinstance(outcome, Failed) else None
        if trouble is not self._trouble:
            self._trouble = trouble
            if trouble is None:
                log.info("readings come again")
            else:
                log.info("no reading: %s", trouble)
        self.note_requests(outcome.requests_today)

    def note_requests(self, count: int) -> None:
        """Log the count, at most four times an hour."""
        now = time.monotonic()
        new_day = count < self._told
        if count != self._told and (new_day or now - self._at >= _EVERY_S):
            self._told, self._at = count, now
            log.info("requests today: %d", count)
