"""Errors that nobody caught go to the log, and do not end the program.

PySide hands an exception in a slot or an event to ``sys.excepthook`` and goes on.  By
itself that prints it where, under a desktop, nobody reads it, and unmasked.
"""

from __future__ import annotations

import logging
import sys
import threading
from contextlib import suppress
from typing import TYPE_CHECKING

from .handlers import Repeats

if TYPE_CHECKING:
    from types import TracebackType


log = logging.getLogger(__name__)

_repeats = Repeats()


def log_uncaught() -> None:
    """Log what nobody catches, in every thread, from now on."""
    sys.excepthook = _on_error
    threading.excepthook = _on_thread_error
    sys.unraisablehook = _on_unraisable


def _on_error(
    kind: type[BaseException], error: BaseException, trace: TracebackType | None
) -> None:
    if issubclass(kind, KeyboardInterrupt):  # no error: somebody ends the program
        sys.__excepthook__(kind, error, trace)
        return
    number = _repeats.count((kind, *_place(trace)))
    if number is None:
        return
    if number == 1:
        log.critical("an error in SEMS Tray itself", exc_info=(kind, error, trace))
    else:
        log.critical(
            "an error in SEMS Tray itself, %d times by now: %s", number, kind.__name__
        )


def _place(trace: TracebackType | None) -> tuple[str, int]:
    """Return the file and line where an error was made."""
    if trace is None:
        return "", 0
    while trace.tb_next is not None:
        trace = trace.tb_next
    return trace.tb_frame.f_code.co_filename, trace.tb_lineno


def _on_thread_error(args: threading.ExceptHookArgs) -> None:
    if args.exc_value is not None and not issubclass(args.exc_type, SystemExit):
        _on_error(args.exc_type, args.exc_value, args.exc_traceback)


def _on_unraisable(args: sys.UnraisableHookArgs) -> None:
    if args.exc_value is not None:
        _on_error(args.exc_type, args.exc_value, args.exc_traceback)


# No picture of the memory on the disk: password and token would be in it.


if sys.platform != "win32":
    import resource


def forbid_dumps() -> None:
    """Let a crash of this program, or of one that it starts, write no core file."""
    if sys.platform != "win32":
        with suppress(OSError, ValueError):
            most = resource.getrlimit(resource.RLIMIT_CORE)[1]
            resource.setrlimit(resource.RLIMIT_CORE, (0, most))
