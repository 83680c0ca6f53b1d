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


def log_to_stderr(*, verbose: bool) -> None:
    """Send our own records to standard error; without ``verbose`` only errors.

    The HTTP library is never heard: its lines hold query strings.
    """
    logger = logging.getLogger("sems_tray")
    logger.setLevel(logging.DEBUG if verbose else logging.ERROR)
    logger.propagate = False
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Redacting(_FORMAT))
    logger.handlers = [handler]
