"""No picture of the memory on the disk: password and token would be in it."""

from __future__ import annotations

import sys
from contextlib import suppress

if sys.platform != "win32":
    import resource


def forbid_dumps() -> None:
    """Let a crash of this program, or of one that it starts, write no core file."""
    if sys.platform != "win32":
        with suppress(OSError, ValueError):
            most = resource.getrlimit(resource.RLIMIT_CORE)[1]
            resource.setrlimit(resource.RLIMIT_CORE, (0, most))
