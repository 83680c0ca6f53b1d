"""``--quit`` and ``--refresh``: told to the instance that runs, without a display."""

from __future__ import annotations

import sys
import time
from datetime import timedelta
from typing import TYPE_CHECKING

from sems_tray.i18n.formatting import wait
from sems_tray.runtime.context import paths_of

if TYPE_CHECKING:
    from sems_tray.desktop.instance_socket import InstanceAddress
    from sems_tray.runtime.options import Options


OK, FAILED, THROTTLED = 0, 1, 6
_ENDS_WITHIN_S = 10.0
_PAUSE_S = 0.05


def tell(word: str, options: Options) -> int:
    """Say ``quit`` or ``refresh`` to this profile's instance; return the exit code."""
    paths = paths_of(options)
    try:
        from PySide6.QtCore import QCoreApplication

        from sems_tray.desktop.instance_socket import QUIT, SilentError, place_of
    except ImportError as exc:
        return _said(f"Qt cannot be loaded ({exc})".replace("\n", " "), FAILED)
    _application = QCoreApplication([])
    try:
        place = place_of(paths.key)
        return _quit(place) if word == QUIT else _refresh(place)
    except SilentError as exc:
        return _said(str(exc), FAILED)


def _refresh(place: InstanceAddress) -> int:
    from sems_tray.desktop.instance_socket import OK as DONE
    from sems_tray.desktop.instance_socket import PAUSED, REFRESH, reach

    match (reach(place, REFRESH) or "").split():
        case []:
            return _said("SEMS Tray is not running", FAILED)
        case [word] if word == DONE:
            return OK
        case [word, left] if word == PAUSED and left.isdecimal():
            length = wait(timedelta(seconds=int(left)))
            return _said(f"the portal asked for a pause of {length}", THROTTLED)
        case _:
            return _said("the SEMS Tray that runs does not know --refresh", FAILED)


def _quit(place: InstanceAddress) -> int:
    from sems_tray.desktop.instance_socket import OK as DONE
    from sems_tray.desktop.instance_socket import QUIT, reach

    if not place.lock.is_held():
        return _said("SEMS Tray is not running", OK)
    process = place.lock.owner
    with place.lock.watched() as has_ended:
        match reach(place, QUIT):
            case None:
                return _said("SEMS Tray is not running", OK)
            case answer if answer != DONE:
                return _said("the SEMS Tray that runs does not know --quit", FAILED)
        ends_at = time.monotonic() + _ENDS_WITHIN_S
        while not has_ended():
            if time.monotonic() > ends_at:
                which = "" if process is None else f" (process {process})"
                return _said(f"SEMS Tray{which} has not ended yet", FAILED)
            time.sleep(_PAUSE_S)
    return OK


def _said(line: str, code: int) -> int:
    sys.stderr.write(f"sems-tray: {line}\n")
    return code
