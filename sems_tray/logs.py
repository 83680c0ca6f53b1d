"""Logging: to the terminal when asked for; always redacted."""

from __future__ import annotations

import logging
import sys

_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"


class _Redacting(logging.Formatter):
    """Masks e-mail addresses, tokens, serial numbers and station ids in every line."""

    def format(self, record: logging.LogRecord) -> str:
        # Imported at the first line, not at the start: most runs log nothing.
        from sems_tray.sems.redact import redact

        return redact(super().format(record))


class _Brief(_Redacting):
    """One line, no traceback; who knows what an error's own words give away."""

    def format(self, record: logging.LogRecord) -> str:
        from sems_tray.sems.redact import redact

        kind = record.exc_info[0] if record.exc_info else None
        cause = f" ({kind.__name__}; --verbose tells more)" if kind else ""
        return redact(f"sems-tray: {record.getMessage()}{cause}")


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
