"""``--quit`` and ``--refresh``: sent to the instance that runs, without a display."""

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


def send_command(command: str, options: Options) -> int:
    """Send ``quit`` or ``refresh`` to this profile's instance; return the exit code."""
    paths = paths_of(options)
    try:
        from PySide6.QtCore import QCoreApplication

        from sems_tray.desktop import instance_socket
    except ImportError as exc:
        return _print(f"Qt cannot be loaded ({exc})".replace("\n", " "), FAILED)
    _application = QCoreApplication([])
    try:
        address = instance_socket.instance_address(paths.key)
        return _quit(address) if command == instance_socket.QUIT else _refresh(address)
    except instance_socket.SilentError as exc:
        return _print(str(exc), FAILED)


def _refresh(address: InstanceAddress) -> int:
    from sems_tray.desktop import instance_socket

    answer = instance_socket.send(address, instance_socket.REFRESH)
    match (answer or "").split():
        case []:
            return _print("SEMS Tray is not running", FAILED)
        case [instance_socket.OK]:
            return OK
        case [instance_socket.PAUSED, left] if left.isdecimal():
            length = wait(timedelta(seconds=int(left)))
            return _print(f"the portal asked for a pause of {length}", THROTTLED)
        case _:
            return _print("the SEMS Tray that runs does not know --refresh", FAILED)


def _quit(address: InstanceAddress) -> int:
    from sems_tray.desktop import instance_socket

    process = address.lock.owner
    with address.lock.watched() as has_ended:
        quit_ = instance_socket.QUIT
        answer = None if has_ended() else instance_socket.send(address, quit_)
        match answer:
            case None:
                return _print("SEMS Tray is not running", OK)
            case instance_socket.OK:
                pass
            case _:
                return _print("the SEMS Tray that runs does not know --quit", FAILED)
        ends_at = time.monotonic() + _ENDS_WITHIN_S
        while not has_ended():
            if time.monotonic() > ends_at:
                which = "" if process is None else f" (process {process})"
                return _print(f"SEMS Tray{which} has not ended yet", FAILED)
            time.sleep(_PAUSE_S)
    return OK


def _print(line: str, code: int) -> int:
    sys.stderr.write(f"sems-tray: {line}\n")
    return code
