"""Where the files of ``resources/`` are: checkout, wheel and bundle differ."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
# In a wheel inside the package; in a checkout and in PyInstaller's folder beside it.
_FOLDERS = (_PACKAGE / "resources", _PACKAGE.parent / "resources")


def resource(name: str) -> Path | None:
    """Return where a file of ``resources/`` is; None if it was not installed."""
    found = (folder / name for folder in _FOLDERS)
    return next((path for path in found if path.is_file()), None)
