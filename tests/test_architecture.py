"""What import-linter cannot say: the core uses the standard library only."""

import ast
import sys
from pathlib import Path

import sems_tray

PACKAGE = Path(sems_tray.__file__).parent


def _imported(source: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            names.add(node.module)
    return names


def test_the_core_imports_the_standard_library_only() -> None:
    strangers = {
        f"{source.relative_to(PACKAGE)}: {name}"
        for source in (PACKAGE / "core").rglob("*.py")
        for name in _imported(source)
        if name.partition(".")[0] not in sys.stdlib_module_names
        and not f"{name}.".startswith("sems_tray.core.")
    }
    assert not strangers
