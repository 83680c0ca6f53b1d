"""Break the rules on purpose, and print how often the tests notice.

    make mutants [ARGS="--number 200 --seed 2"]

On a copy of the tree, the tests that need neither desktop nor widgets run once, and
for each line is written down which of them ran it: that gives the branch coverage of
the pure half. Then one statement after another of a sample is changed (tools/mutate.py)
and the tests that run it are started, the quickest first, until one fails. What no
test noticed is printed: each is a hole in the tests, or a change that makes no
difference.

The sample is drawn by the text of the statements. So two commits have it nearly in
common; ``--shared-with TREE`` draws only from statements that stand once in each of
both, and ``--run-there`` runs the tests of that other tree.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import re
import resource
import shutil
import subprocess
import sys
import time
from collections import Counter, defaultdict
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path
from typing import TYPE_CHECKING

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import pytest
from coverage import Coverage

from tools.mutate import mutants

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from tools.mutate import Mutant

ARTEFACTS = ROOT / ".artefacts" / "mutants"
AREAS = ("domain", "alerts", "portal", "history")
PURE = (
    *(f"sems_tray/{area}/*" for area in AREAS),
    "sems_tray/storage/history/*",
    "sems_tray/daylight/*",
    "sems_tray/polling/schedule.py",
    "sems_tray/polling/other_stations.py",
    "sems_tray/*view_model.py",
    "sems_tray/window/header.py",
    "sems_tray/window/now/flow_model.py",
    "sems_tray/window/history/table_model.py",
    "sems_tray/widgets/charts/*layout.py",
    "sems_tray/widgets/charts/readout.py",
)
TESTS = (
    *(f"tests/{area}" for area in AREAS),
    "tests/cli/test_status_text.py",
    "tests/storage",
    "tests/daylight",
    "tests/polling",
    "tests/tray",
    "tests/widgets/charts",
    "tests/window",
)
# Imported once, before the forks: that takes longer than most mutants live.
PRELOADED = (
    *("asyncio", "http.server", "sqlite3", "unittest.mock", "urllib.request"),
    *("astral.sun", "jeepney", "keyring", "requests"),
    *("PySide6.QtNetwork", "PySide6.QtTest", "PySide6.QtWidgets"),
    *("hypothesis.strategies", "_hypothesis_pytestplugin", "pytestqt.plugin"),
)
QT_FIXTURES = {"qtbot", "qapp"}
SLOW_S = 3.0  # a test that takes longer is left out
NEAR_FILES, NEAR_TESTS = 4, 60
AT_MOST_S = 20.0  # for one mutant, in the time of the processor
STUCK_FACTOR, STUCK_S = 4, 20  # beyond the time that the tests took without a change


class Chosen:
    """A pytest plug-in: runs some tests, in an order, and takes their times."""

    def __init__(
        self, order: dict[str, int] | None = None, cov: Coverage | None = None
    ) -> None:
        self.seconds: dict[str, float] = {}
        self.failed: set[str] = set()
        self._order, self._cov = order, cov

    def pytest_configure(self) -> None:
        """Let hypothesis try the same examples each time, and not look for smaller."""
        from hypothesis import Phase, settings

        settings.register_profile(
            "mutants",
            settings.default,
            max_examples=25,
            derandomize=True,
            database=None,
            phases=[Phase.explicit, Phase.generate],
        )
        settings.load_profile("mutants")

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Keep what is asked for."""
        if self._order is None:
            items[:] = [
                item
                for item in items
                if not QT_FIXTURES & set(getattr(item, "fixturenames", ()))
            ]
        else:
            order = self._order
            items[:] = [item for item in items if item.nodeid in order]
            items.sort(key=lambda it: order[it.nodeid])

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        """Note which lines a test runs, and how long it takes."""
        if self._cov is not None:
            self._cov.switch_context(item.nodeid)
        began = time.process_time()
        result = yield
        self.seconds[item.nodeid] = time.process_time() - began
        if self._cov is not None:
            self._cov.switch_context("")
        return result

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note what does not pass."""
        if not report.passed:
            self.failed.add(report.nodeid)


class Tree:
    """A copy of a checkout, that may be broken."""

    def __init__(self, checkout: Path, folder: Path) -> None:
        self._checkout, self.root = checkout, folder / "tree"
        self._lines_file, self._times_file = folder / "lines", folder / "times.json"
        self.seconds: dict[str, float] = {}
        self._tests: dict[str, dict[int, list[str]]] = {}

    def copy(self) -> None:
        """Copy what git knows, or would."""
        shutil.rmtree(self.root.parent, ignore_errors=True)
        listed = subprocess.run(
            ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
            cwd=self._checkout,
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        for name in filter(None, listed.split("\0")):
            target = self.root / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(self._checkout / name, target)

    def measure(self, tests: list[str]) -> None:
        """Run the tests once, and write down which of them ran which line."""

        def run() -> int:
            cov = Coverage(
                branch=True,
                data_file=str(self._lines_file),
                source=[str(self.root / "sems_tray")],
                config_file=False,
            )
            cov.start()
            plugin = Chosen(cov=cov)
            status = self._pytest(tests, plugin)
            cov.stop()
            cov.save()
            times = {
                test: seconds
                for test, seconds in plugin.seconds.items()
                if test not in plugin.failed and seconds <= SLOW_S
            }
            self._times_file.write_text(json.dumps(times), "utf-8")
            for test in sorted(plugin.failed):
                print(f"skipped or failed, without a change: {test}", file=sys.stderr)
            return int(status) & ~1  # some may have failed

        if _forked(run, 3600, self.root.parent / "measure.log") != 0:
            raise SystemExit(f"the tests did not run: {self.root.parent}/measure.log")

    def load(self) -> None:
        """Read what was written down."""
        self.seconds = json.loads(self._times_file.read_text("utf-8"))
        cov = self._coverage()
        data = cov.get_data()
        for file in data.measured_files():
            name = Path(file).relative_to(self.root).as_posix()
            self._tests[name] = data.contexts_by_lineno(file)

    def coverage(self, patterns: Iterable[str]) -> str:
        """Return a table of the files that match: lines and branches that were run."""
        report = self.root.parent / "coverage.json"
        self._coverage().json_report(outfile=str(report))
        sums: dict[str, Counter[str]] = defaultdict(Counter)
        for file, found in json.loads(report.read_text("utf-8"))["files"].items():
            name = Path(file).resolve().relative_to(self.root).as_posix()
            if any(fnmatch(name, pattern) for pattern in patterns):
                for area in (name.split("/")[1], "all"):
                    sums[area].update(found["summary"])
        lines = ["| folder | lines | run | branches | run |", "| --- |" + " ---: |" * 4]
        for area, it in sums.items():
            if area != "all":
                lines.append(_coverage_row(area, it))
        return "\n".join([*sorted(lines[2:]), _coverage_row("all", sums["all"])])

    def _coverage(self) -> Coverage:
        cov = Coverage(branch=True, data_file=str(self._lines_file), config_file=False)
        cov.load()
        return cov

    def tests_of(self, mutant: Mutant) -> list[str]:
        """Return the tests that run a mutant's statement, the quickest first."""
        first, last = mutant.lines
        found: set[str] = set()
        if mutant.inside is not None:
            by_line = self._tests.get(mutant.file, {})
            for line in range(first, last + 1):
                found.update(by_line.get(line, ()))
        else:  # who runs a line that speaks of it?
            for name in mutant.names:
                for file, line in self._mentions(name):
                    found.update(self._tests.get(file, {}).get(line, ()))
            if not found & self.seconds.keys():
                # Another import does: any test of the module may notice.
                found.update(*self._tests.get(mutant.file, {}).values())
        return sorted(found & self.seconds.keys(), key=self.seconds.__getitem__)

    def _mentions(self, name: str) -> Iterator[tuple[str, int]]:
        word = re.compile(rf"\b{re.escape(name)}\b")
        for file in self._tests:
            text = (self.root / file).read_text("utf-8")
            for number, line in enumerate(text.splitlines(), 1):
                if word.search(line):
                    yield file, number

    def try_out(self, mutant: Mutant) -> str:
        """Return how a mutant ended: "killed", "stuck", "survived" or "not run"."""
        tests = self.tests_of(mutant)
        if not tests:
            return "not run"
        path = self.root / mutant.file
        source = path.read_bytes()
        try:
            path.write_bytes(mutant.apply(source))
            _forget_compiled(path)
            for batch in self._batches(tests):
                ended = self._run(batch)
                if ended != "survived":
                    return ended
        finally:
            path.write_bytes(source)
            _forget_compiled(path)
        return "survived"

    def _batches(self, tests: list[str]) -> Iterator[list[str]]:
        """Divide tests: first some from the files that are most about the line.

        Most mutants end there; importing all test files takes longer than that.
        """
        of_file = Counter(test.split("::")[0] for test in tests)
        all_of_file = Counter(test.split("::")[0] for test in self.seconds)
        files = sorted(of_file, key=lambda it: -of_file[it] / all_of_file[it])
        near = [it for it in tests if it.split("::")[0] in files[:NEAR_FILES]]
        near = near[:NEAR_TESTS]
        yield near
        left_s = AT_MOST_S
        rest = []
        for test in (it for it in tests if it not in near):
            left_s -= self.seconds[test]
            if left_s < 0:
                break
            rest.append(test)
        if rest:
            yield rest

    def _run(self, tests: list[str]) -> str:
        files = sorted({test.split("::")[0] for test in tests})
        plugin = Chosen(order={test: place for place, test in enumerate(tests)})
        limit_s = STUCK_S + STUCK_FACTOR * sum(self.seconds[test] for test in tests)
        log = self.root.parent / "last.log"
        status = _forked(
            lambda: int(self._pytest(["-x", *files], plugin)), int(limit_s), log
        )
        match status:
            case 0:
                return "survived"
            case 1 | 2 | 4:  # a test failed, or an import, or that of a conftest.py
                return "killed"
            case None:
                return "stuck"
        raise SystemExit(f"pytest ended with {status}: {log}")

    def _pytest(self, arguments: list[str], plugin: Chosen) -> int:
        """Run tests of the copy in this process, which is a fork."""
        os.chdir(self.root)
        os.environ["PYTHONPATH"] = str(self.root)
        recorded = self._checkout.parent / "shared" / "recordings"
        os.environ.setdefault("SEMS_TRAY_RECORDINGS", str(recorded))
        sys.path[:] = [str(self.root), *(it for it in sys.path if it != str(ROOT))]
        fixed = ["-q", "--timeout=600", "-p", "no:randomly", "-p", "no:cacheprovider"]
        preloaded = ["-W", "ignore::pytest.PytestAssertRewriteWarning"]
        return int(pytest.main([*fixed, *preloaded, *arguments], plugins=[plugin]))


def _forked(work: Callable[[], int], limit_s: int, log: Path) -> int | None:
    """Return how a child process ended; None if it took too much time.

    The limit is the processor's time: a busy machine is no reason. A child that sleeps
    has ten times as long.
    """
    child = os.fork()
    if child == 0:
        status = 70
        try:
            out = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
            os.dup2(out, 1)
            os.dup2(out, 2)
            os.setpgid(0, 0)
            resource.setrlimit(resource.RLIMIT_CPU, (limit_s, limit_s))
            status = work()
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(status)
    end = time.monotonic() + 10 * limit_s
    while True:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return None if os.WIFSIGNALED(status) else os.waitstatus_to_exitcode(status)
        if time.monotonic() > end:
            os.killpg(child, 9)
            os.waitpid(child, 0)
            return None
        time.sleep(0.02)


def _forget_compiled(path: Path) -> None:
    for compiled in (path.parent / "__pycache__").glob(f"{path.stem}.*.pyc"):
        compiled.unlink()


def _coverage_row(name: str, it: Counter[str]) -> str:
    lines, branches = it["num_statements"], it["num_branches"]
    return (
        f"| {name} | {lines} | {100 * it['covered_lines'] / lines:.1f} % "
        f"| {branches} | {100 * it['covered_branches'] / (branches or 1):.1f} % |"
    )


def all_mutants(tree: Path, folders: Iterable[str]) -> list[Mutant]:
    """Return every mutant of some folders of a tree."""
    return [
        mutant
        for folder in folders
        for path in sorted((tree / "sems_tray" / folder).rglob("*.py"))
        if "simulator" not in path.parts
        for mutant in mutants(path.relative_to(tree).as_posix(), path.read_bytes())
    ]


def once(found: Iterable[Mutant]) -> dict[tuple[str, str], Mutant]:
    """Return those whose text and change are nowhere else, by both."""
    by_text = defaultdict(list)
    for mutant in found:
        by_text[mutant.statement, mutant.mutated].append(mutant)
    return {text: same[0] for text, same in by_text.items() if len(same) == 1}


def draw(candidates: Iterable[Mutant], number: int, seed: int) -> list[Mutant]:
    """Return as many of each area, at most one of a statement."""
    by_area: dict[str, dict[str, Mutant]] = {area: {} for area in AREAS}
    for mutant in sorted(candidates, key=lambda it: it.place_in_draw(seed)):
        by_area[mutant.file.split("/")[1]].setdefault(mutant.statement, mutant)
    return [
        mutant
        for drawn in by_area.values()
        for mutant in list(drawn.values())[: -(-number // len(AREAS))]
    ]


@dataclass
class Result:
    """What became of a mutant that was drawn in an area."""

    area: str
    mutant: Mutant
    ended: str


def table(results: list[Result]) -> str:
    """Return the share that was noticed, by area, and what was not."""
    lines = ["| folder | mutants | killed | share |", "| --- | ---: | ---: | ---: |"]
    for area in (*AREAS, "all"):
        ended = [it.ended for it in results if area in (it.area, "all")]
        killed = sum(end in {"killed", "stuck"} for end in ended)
        share = 100 * killed / (len(ended) or 1)
        lines.append(f"| {area} | {len(ended)} | {killed} | {share:.0f} % |")
    lines.append("")
    for it in results:
        if it.ended not in {"killed", "stuck"}:
            place = f"{it.mutant.file}:{it.mutant.line}"
            lines.append(f"{place}  {it.ended}\n  - {it.mutant.statement}")
            lines.append(f"  + {it.mutant.mutated}")
    return "\n".join(lines)


def main() -> None:
    """Measure, draw, break, and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--number", type=int, default=160, help="of mutants")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--tests", nargs="*", default=TESTS, help="folders and files")
    parser.add_argument("--only", default="", help="all mutants of FILE or FILE:LINE")
    parser.add_argument("--pure", nargs="*", default=PURE, help="files to be covered")
    parser.add_argument("--shared-with", type=Path, metavar="TREE")
    parser.add_argument("--run-there", action="store_true")
    parser.add_argument("--again", action="store_true", help="the last run's coverage")
    wanted = parser.parse_args()
    for name in PRELOADED:
        importlib.import_module(name)
    tree = Tree(
        wanted.shared_with.resolve() if wanted.run_there else ROOT,
        ARTEFACTS / ("there" if wanted.run_there else "here"),
    )
    if not wanted.again:
        tree.copy()
        tree.measure(wanted.tests)
    tree.load()
    print(tree.coverage(wanted.pure), flush=True)
    run_in = tree.root  # the copy: a checkout may be edited meanwhile
    there: dict[tuple[str, str], Mutant] = {}
    if wanted.shared_with is None:
        drawn = all_mutants(run_in, AREAS)
    else:
        here = once(all_mutants(ROOT if wanted.run_there else run_in, AREAS))
        other = run_in if wanted.run_there else wanted.shared_with.resolve()
        there = once(all_mutants(other, [""]))
        drawn = [here[text] for text in here.keys() & there]
    if wanted.only:
        drawn = [it for it in drawn if f"{it.file}:{it.line}:".startswith(wanted.only)]
    else:
        drawn = draw(drawn, wanted.number, wanted.seed)
    results = []
    for number, mutant in enumerate(drawn, 1):
        run = there[mutant.statement, mutant.mutated] if wanted.run_there else mutant
        began = time.monotonic()
        results.append(Result(mutant.file.split("/")[1], run, tree.try_out(run)))
        took_s = time.monotonic() - began
        print(
            f"{number}/{len(drawn)} {run.file}:{run.line} {run.kind}"
            f" {results[-1].ended} {took_s:.0f} s",
            file=sys.stderr,
            flush=True,
        )
    print("\n" + table(results))


if __name__ == "__main__":
    main()
