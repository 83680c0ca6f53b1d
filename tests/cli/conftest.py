"""The program as a child process, and portals for it to talk to."""

import itertools
import json
import logging
import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest

from sems_tray.cli.main import main
from sems_tray.simulator.simulator import Simulator

if TYPE_CHECKING:
    from sems_tray.simulator.station.specs import StationSpec

CHECKOUT = Path(__file__).resolve().parent.parent.parent
# Everything else, HOME and a display above all, is left out on purpose.
KEPT = ("PATH", "SYSTEMROOT", "LD_LIBRARY_PATH")
DOMAIN = "example.com"
ENDING = ("SIGTERM", "SIGHUP")  # the signals that the program handles itself
PASSWORD = "demo"
_numbers = itertools.count()


@dataclass(frozen=True)
class Done:
    code: int
    out: str
    err: str

    @property
    def json(self):
        return json.loads(self.out)


class Hung(NamedTuple):
    """A program that asks a portal which never answers."""

    child: subprocess.Popen[str]
    portal: Simulator
    began: float


@dataclass(frozen=True)
class Program:
    """Starts ``python -m sems_tray`` in a home of its own."""

    folder: Path
    cache: Path

    @property
    def home(self):
        return self.folder / "home"

    @property
    def temporary(self):
        return self.folder / "tmp"

    def environment(self, **changes):
        given = {name: os.environ[name] for name in KEPT if name in os.environ}
        given |= {
            "HOME": str(self.home),
            "TMPDIR": str(self.temporary),
            "PYTHONPATH": str(CHECKOUT),
            "PYTHONPYCACHEPREFIX": str(self.cache),
            "PYTHONWARNINGS": "error",
            "PYTHONUTF8": "1",
            # The portal has one session per account: programs that run at the same
            # time must not end each other's.
            "SEMS_TRAY_ACCOUNT": f"owner-{next(_numbers)}@{DOMAIN}",
            "SEMS_TRAY_PASSWORD": PASSWORD,
        }
        given |= {name: str(value) for name, value in changes.items()}
        return {name: value for name, value in given.items() if value != "unset"}

    def popen(self, *argv, portal=None, stdout=subprocess.PIPE, **changes):
        where = () if portal is None else ("--portal", portal.url)
        return subprocess.Popen(
            [sys.executable, "-m", "sems_tray", *argv, *where],
            stdin=subprocess.DEVNULL,
            stdout=stdout,
            stderr=subprocess.PIPE,
            env=self.environment(**changes),
            cwd=self.folder,
            text=True,
            encoding=changes.get("PYTHONIOENCODING", "utf-8").partition(":")[0],
        )

    def run(self, *argv, portal=None, **changes):
        """Run to the end; whatever happens, no traceback and no warning of Python's."""
        with self.popen(*argv, portal=portal, **changes) as child:
            try:
                out, err = child.communicate(timeout=60)
            finally:
                child.kill()
        assert "Traceback" not in err, err
        assert "Warning" not in err, err
        return Done(child.returncode, out, err)

    def traces(self):
        """Return every file that is left in the home and the temporary folder."""
        found = [*self.home.rglob("*"), *self.temporary.rglob("*")]
        return [str(it.relative_to(self.folder)) for it in found]


def make_program(folder, tmp_path_factory):
    for name in ("home", "tmp"):
        (folder / name).mkdir()
    # Compiled once for all tests, and not into the checkout.
    return Program(folder, tmp_path_factory.getbasetemp() / "bytecode")


@pytest.fixture
def program(tmp_path, tmp_path_factory):
    return make_program(tmp_path, tmp_path_factory)


@pytest.fixture(scope="session")
def warm():
    """Lend portals whose plants have their past computed: that takes a while."""
    with ExitStack() as stack:
        lent: list[tuple[Simulator, StationSpec]] = []
        idle: list[tuple[Simulator, StationSpec]] = []

        def lend():
            if not idle:
                sim = Simulator(limit_per_minute=None)
                idle.append((sim, sim.world.sites[0].spec))
                stack.enter_context(sim)
            sim, spec = idle.pop()
            lent.append((sim, spec))
            sim.heal()
            sim.expire_tokens()
            sim.foreign_api, sim.login_reply = None, "ok"
            sim.world.sites[0].spec = spec
            sim._recorded.clear()
            return sim

        def take_back():
            idle.extend(lent)
            lent.clear()

        yield lend, take_back


@pytest.fixture
def portals(warm):
    """Start portals; their first station's values are pinned."""
    lend, take_back = warm
    with ExitStack() as stack:
        stack.callback(take_back)

        def start(scenario="day", **options):
            if scenario == "day" and not options:
                sim = lend()
            else:
                options = {"limit_per_minute": None} | options
                sim = stack.enter_context(Simulator(scenario, **options))
            sim.override(pv_w=3210, soc_percent=76, battery_w=-1200, load_w=800)
            return sim

        yield start


@pytest.fixture
def portal(portals):
    return portals()


@pytest.fixture
def here(monkeypatch, tmp_path, capsys):
    """Run the command line in this process, which is quicker; leave no trace in it."""
    monkeypatch.setenv("SEMS_TRAY_ACCOUNT", f"here-{next(_numbers)}@{DOMAIN}")
    monkeypatch.setenv("SEMS_TRAY_PASSWORD", PASSWORD)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    (tmp_path / "home").mkdir(exist_ok=True)  # ``program`` has made it, if it is used
    for name in ("PORTAL", "STATION", "DIALECT"):
        monkeypatch.delenv(f"SEMS_TRAY_{name}", raising=False)
    numbers = [getattr(signal, it) for it in ENDING if hasattr(signal, it)]
    handlers = {it: signal.getsignal(it) for it in numbers}
    log = logging.getLogger("sems_tray")
    before = (log.level, log.propagate, log.handlers)

    def run(*argv, portal=None):
        where = () if portal is None else ("--portal", portal.url)
        try:
            code = main([*argv, *where])
        except SystemExit as usage:  # argparse's own way
            code = int(usage.code or 0)
        return Done(code, *capsys.readouterr())

    yield run
    for number, handler in handlers.items():
        signal.signal(number, handler)
    log.setLevel(before[0])
    log.propagate, log.handlers = before[1:]


def at_once(calls):
    """Run many slow things at the same time; return what each came to."""
    with ThreadPoolExecutor(8) as pool:
        running = [pool.submit(call) for call in calls]
        return [it.result() for it in running]


@pytest.fixture(scope="session", autouse=True)
def hung(tmp_path_factory):
    """Ask portals that hang, in both dialects, while the other tests run."""
    folder = tmp_path_factory.mktemp("hung")
    program = make_program(folder, tmp_path_factory)
    with ExitStack() as stack:
        asked = {}
        for dialect in ("semsplus", "classic"):
            sim = stack.enter_context(Simulator())
            sim.fail("", "hang")
            argv = ("status", "--json", "--dialect", dialect)
            child = stack.enter_context(program.popen(*argv, portal=sim))
            stack.callback(child.kill)
            asked[dialect] = Hung(child, sim, time.monotonic())
        yield asked
