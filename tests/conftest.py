"""Guards and fixtures for every test.

Three things fail a test whatever it asserts: a Python or Qt warning (see
pyproject.toml), a log record of WARNING or above that it did not ask for with
``caplog``, and a connection to anywhere but this machine.
"""

from __future__ import annotations

import os

# Before anybody imports Qt. A developer may set it to see the windows;
# tests/desktop starts programs of its own on a real X display.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

# Most stations of the tests stand there: whoever's clock differs is told so.
os.environ["TZ"] = "Europe/Amsterdam"

import gc
import logging
import signal
import socket
import sys
import time
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    from collections.abc import Iterator

# Needs X11 and a bus; its helpers cannot even be imported elsewhere.
collect_ignore = [] if sys.platform == "linux" else ["desktop"]

_MANY_OBJECTS = 20_000

# Whoever started us with nohup or in the background: the programs under test are to be
# interrupted.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)
if sys.platform != "win32" and signal.getsignal(signal.SIGHUP) is signal.SIG_IGN:
    signal.signal(signal.SIGHUP, signal.SIG_DFL)

if sys.platform != "win32":
    time.tzset()

CHECKOUT = Path(__file__).resolve().parent.parent

# Begun first, so that no worker is left alone with one of them at the end.
LONGEST = (
    "tests/year/test_days.py",
    "tests/stories/test_languages_fit.py",
    "tests/year/",
    "tests/desktop/",
    "tests/stories/",
    "tests/cli/",
)

# A loaded CI machine is no reason to fail: pytest-timeout watches for hangs.
for name, examples in {"quick": 60, "torture": 300}.items():
    settings.register_profile(
        name,
        max_examples=examples,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow],
    )
settings.load_profile("quick")  # --hypothesis-profile chooses the other


@pytest.hookimpl(trylast=True)  # after the files were shuffled
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=_place)


def _place(item: pytest.Item) -> int:
    starts = (n for n, it in enumerate(LONGEST) if item.nodeid.startswith(it))
    return next(starts, len(LONGEST))


@pytest.fixture(autouse=True)
def tidy_in_the_main_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep Python's cycle collector out of the threads of simulators and helpers.

    What an earlier test left of Qt's would be deleted in the wrong thread.  A program
    that ends lets Python collect again; here it is not the last to live.
    """
    gc.disable()
    monkeypatch.setattr(gc, "enable", gc.disable)
    if gc.get_count()[0] > _MANY_OBJECTS:
        gc.collect()


class _Strays(logging.Handler):
    """Keep what was logged at WARNING or above."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(
            f"{record.levelname} {record.name}: {record.getMessage()}"
            f" ({record.pathname}:{record.lineno})"
        )


@pytest.fixture(autouse=True)
def no_stray_logs(request: pytest.FixtureRequest) -> Iterator[list[str]]:
    """Fail on unexpected warnings in the log (the idea is qutebrowser's)."""
    strays = _Strays()
    if "caplog" in request.fixturenames:
        yield strays.lines
        return
    logging.getLogger().addHandler(strays)
    yield strays.lines
    logging.getLogger().removeHandler(strays)
    if strays.lines:
        pytest.fail("unexpected log records:\n" + "\n".join(strays.lines))


class OutsideWorldError(RuntimeError):
    """Something in a test wanted to leave this machine.

    Not an OSError, so that no code under test takes it for bad weather.
    """


_sorties: list[str] = []


def _only_loopback(event: str, args: tuple[object, ...]) -> None:
    if event == "socket.getaddrinfo":
        host = args[0]
    elif event in {"socket.connect", "socket.sendto"} and isinstance(args[1], tuple):
        host = args[1][0]
    else:
        return
    name = host.decode("ascii", "replace") if isinstance(host, bytes) else host
    if name in (None, "", "localhost", socket.gethostname()):
        return
    if str(name).endswith(".invalid"):  # reserved: what a resolver would say
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
    try:
        loopback = ip_address(str(name)).is_loopback
    except ValueError:
        loopback = False
    if not loopback:
        _sorties.append(f"{event} {name}")
        raise OutsideWorldError(f"a test may not leave this machine: {name}")


# An audit hook sees every socket of this process, C extensions apart.
sys.addaudithook(_only_loopback)


@pytest.fixture(autouse=True)
def only_loopback() -> Iterator[list[str]]:
    """Fail a test that tried to reach another machine, even if it hid that."""
    _sorties.clear()
    yield _sorties
    if _sorties:
        pytest.fail("left this machine: " + ", ".join(_sorties))


@pytest.fixture(scope="session")
def recordings() -> Path:
    """Return the folder of the portal's recorded replies."""
    given = os.environ.get("SEMS_TRAY_RECORDINGS")
    folder = Path(given) if given else CHECKOUT.parent / "shared" / "recordings"
    if not folder.is_dir():
        pytest.skip(
            f"no recorded replies: {folder} is missing;"
            " set SEMS_TRAY_RECORDINGS to the folder that holds them"
        )
    return folder
