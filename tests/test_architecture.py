"""What import-linter cannot say of the house: its size, and what its rules stand on."""

import ast
import sys
from collections import Counter
from pathlib import Path

import pytest

import sems_tray

PACKAGE = Path(sems_tray.__file__).parent
SOURCES = sorted(PACKAGE.rglob("*.py"))
MODULES = [it for it in SOURCES if it.name != "__init__.py"]
# The simulator counts as code, but a newcomer to the program need not know it.
MOST_MODULES = 215
MOST_CODE_LINES = 33_000


def _imported(source: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            names.add(node.module)
    return names


@pytest.mark.parametrize(
    ("folder", "libraries"),
    [("domain", ()), ("alerts", ("msgspec",)), ("daylight", ())],
)
def test_the_rules_need_little_more_than_the_standard_library(
    folder: str, libraries: tuple[str, ...]
) -> None:
    known = {*sys.stdlib_module_names, "sems_tray", *libraries}
    strangers = {
        f"{source.relative_to(PACKAGE)}: {name}"
        for source in (PACKAGE / folder).rglob("*.py")
        for name in _imported(source)
        if name.partition(".")[0] not in known
    }
    assert not strangers


def test_a_package_loads_nothing_by_itself() -> None:
    loaded = {
        it.parent.name
        for it in SOURCES
        if it.name == "__init__.py" and it.parent != PACKAGE and _imported(it)
    }
    assert not loaded


def test_a_newcomer_finds_each_file_by_its_folder() -> None:
    folders = Counter(it.parent for it in MODULES)
    assert folders[PACKAGE] <= 4
    assert {it.name: n for it, n in folders.items() if n > 15} == {}


def test_the_house_is_not_larger_than_a_newcomer_can_learn() -> None:
    outside = [it for it in MODULES if "simulator" not in it.parts]
    assert len(outside) <= MOST_MODULES
    assert sum(map(_code_lines, SOURCES)) <= MOST_CODE_LINES


def _code_lines(source: Path) -> int:
    """Count the lines without blanks, comments, docstrings and imports."""
    text = source.read_text(encoding="utf-8")
    left_out: set[int] = set()
    for node in ast.walk(ast.parse(text)):
        match node:
            case ast.Import() | ast.ImportFrom():
                left_out |= _lines_of(node)
            case ast.Expr(value=ast.Constant(value=str())):
                left_out |= _lines_of(node)
    return sum(
        bool(line.strip()) and not line.strip().startswith("#")
        for number, line in enumerate(text.splitlines(), start=1)
        if number not in left_out
    )


def _lines_of(node: ast.stmt) -> set[int]:
    return set(range(node.lineno, (node.end_lineno or node.lineno) + 1))


def test_no_module_is_longer_than_can_be_read_at_once() -> None:
    lengths = {
        it.relative_to(PACKAGE): len(it.read_text(encoding="utf-8").splitlines())
        for it in MODULES
    }
    assert {it: n for it, n in lengths.items() if n > 500} == {}


def test_it_names_nothing_that_outlives_a_line() -> None:
    called_it = [
        f"{source.relative_to(PACKAGE)}:{node.lineno}"
        for source in MODULES
        for node in ast.walk(ast.parse(source.read_text(encoding="utf-8")))
        if isinstance(node, ast.arg) and node.arg == "it"
    ]
    assert len(called_it) < 20


def test_no_public_class_name_has_two_meanings() -> None:
    places: dict[str, list[str]] = {}
    for source in MODULES:
        if "simulator" in source.parts:
            continue  # a stranger: its alarm is not the client's
        for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                places.setdefault(node.name, []).append(source.name)
    assert {name: it for name, it in places.items() if len(it) > 1} == {}
