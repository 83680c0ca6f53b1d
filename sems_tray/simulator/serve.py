"""``sems-tray simulate``: serve until interrupted."""

import signal
import sys
import threading
from types import FrameType

from .simulator import Simulator

OK, USAGE, UNREACHABLE = 0, 2, 4


def serve_forever(host: str, port: int, scenario: str, seed: int, speed: float) -> int:
    """Serve until SIGINT or SIGTERM and return an exit code.

    0 after an interrupt, 2 for a value that makes no sense, 4 for an address that
    cannot be listened on (taken, foreign or forbidden).
    """
    if not 0 <= port <= 65535:
        return _fail(f"not a port: {port}", USAGE)
    if not 0 < speed < 1e6:
        return _fail(f"not a speed: {speed}", USAGE)
    try:
        simulator = Simulator(scenario, seed=seed, speed=speed, host=host, port=port)
    except ValueError as error:
        return _fail(str(error), USAGE)
    ended = threading.Event()

    def end(_signal: int, _frame: FrameType | None) -> None:
        ended.set()

    previous = {s: signal.signal(s, end) for s in (signal.SIGINT, signal.SIGTERM)}
    try:
        try:
            simulator.start()
        except OSError as error:
            reason = error.strerror or error
            return _fail(f"cannot listen on {host}:{port}: {reason}", UNREACHABLE)
        sys.stdout.write(f"listening on {simulator.url}\n")
        sys.stdout.flush()
        # A wait without end cannot be interrupted everywhere.
        while not ended.wait(1):
            pass
    finally:
        simulator.stop()
        for number, handler in previous.items():
            signal.signal(number, handler)
    return OK


def _fail(text: str, code: int) -> int:
    sys.stderr.write(f"{text}\n")
    return code
