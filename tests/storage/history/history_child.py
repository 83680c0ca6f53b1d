"""A process of its own that does one thing to a history, for tests that kill it."""

import os
import resource
import sys
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from sems_tray.domain.model import Dialect, Energy, EnergySums, Powers, Reading, Station
from sems_tray.storage.history.reader import HistoryReader
from sems_tray.storage.history.store import History

NOBODY = 65534


def numbered(n):
    """Return the n-th minute's reading."""
    at = datetime.fromtimestamp(1_699_999_980 + n * 60, UTC)
    return Reading(
        dialect=Dialect.CLASSIC,
        station=Station(id="plant-1", timezone="UTC"),
        received_at=at,
        measured_at=at,
        power=Powers(pv_w=n),
        energy=Energy(year=EnergySums(pv_kwh=n)),
    )


def say(text):
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def write(path, first, count):
    """Write on and on, saying what is stored."""
    with History(path) as history:
        assert not history.message, history.message
        for n in range(int(first), int(first) + int(count)):
            assert history.add(numbered(n)), history.message
            say(n)


def mend(path):
    """Open, which mends a damaged file."""
    say("ready")
    with History(path) as history:
        say(history.message)


def full(path):
    """Meet a file that cannot grow, and later one that can."""
    with History(path) as history:
        for n in range(500):
            assert history.add(numbered(n))
        size = path.stat().st_size
        hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
        stored = [history.add(numbered(n)) for n in range(500, 1500)]
        assert not stored[-1]
        say(history.message)
        assert history.waiting
        with HistoryReader(path) as reader:
            assert reader.newest("plant-1") is not None
        resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
        assert history.add(numbered(1500)), history.message
        assert not history.message
        assert not history.waiting
    say("done")


def read_only(path):
    """Meet a folder that cannot be written, as a user who is nobody's friend."""
    with History(path) as history:
        assert history.add(numbered(1))
    folder = path.parent
    for it in folder.iterdir():
        it.chmod(0o444)
    folder.chmod(0o555)
    if os.geteuid() == 0:  # root may write anywhere
        os.setgroups([])
        os.setgid(NOBODY)
        os.setuid(NOBODY)
    ticks = [0.0]
    with History(path, tick=lambda: ticks[0]) as history:
        say(history.message)
        assert not history.add(numbered(2))
        assert history.waiting == 1
        assert history.reader.newest("plant-1") == numbered(1).measured_at
        with HistoryReader(path) as reader:
            assert reader.newest("plant-1") == numbered(1).measured_at
        ticks[0] += 3600
        assert not history.add(numbered(3))
    fresh = folder / "none" / "history.sqlite3"
    with History(fresh) as history:
        say(history.message)
        assert not history.add(numbered(2))
        assert history.reader.stations() == ()
    say("done")


if __name__ == "__main__":
    what, name, *more = sys.argv[1:]
    globals()[what](Path(name), *more)
