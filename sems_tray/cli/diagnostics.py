"""The command that prints what helpers ask for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sems_tray.diagnostics.report import diagnose, to_json, to_text
from sems_tray.runtime.context import prepared

from .output import json_line

if TYPE_CHECKING:
    from sems_tray.runtime.options import Options


def diagnostics_command(options: Options, *, as_json: bool) -> int:
    """Print the diagnosis."""
    with prepared(options) as run:
        found = diagnose(run)
    if as_json:
        print(json_line(to_json(found)))
    else:
        print(to_text(found), end="")
    return 0
