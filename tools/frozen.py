"""Where the frozen program starts: PyInstaller wants a script, not a package."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import MutableMapping

# The manual of PyInstaller, "LD_LIBRARY_PATH / LIBPATH considerations".
_LIBRARIES = "LD_LIBRARY_PATH"
_BEFORE = "LD_LIBRARY_PATH_ORIG"
# Its hook for PySide6 sets them; Qt finds the plug-ins without.
_OF_QT = ("QT_PLUGIN_PATH", "QML2_IMPORT_PATH")
# By these a bundle that is started knows that it is a child, and does not look for
# its libraries again.
_NOTES = "_PYI_"


def give_back(environment: MutableMapping[str, str]) -> None:
    """Make the environment again what it was before the bundle was started.

    Every program that is started inherits it: a browser would load our libraries.
    This process needs it no more, as the loader has read it once.
    """
    if _BEFORE in environment:
        environment[_LIBRARIES] = environment.pop(_BEFORE)
    else:
        environment.pop(_LIBRARIES, None)
    for name in [*environment]:
        if name in _OF_QT or name.startswith(_NOTES):
            del environment[name]


def read_utf8(environment: MutableMapping[str, str]) -> None:
    """Leave the C locale as Python does where it is not frozen (PEP 538).

    Qt would complain of it.
    """
    given = (environment.get(it) for it in ("LC_ALL", "LC_CTYPE", "LANG"))
    if next((it for it in given if it), "C") in {"C", "POSIX"}:
        environment["LC_CTYPE"] = "C.UTF-8"


if __name__ == "__main__":
    if sys.platform == "linux":
        give_back(os.environ)
        read_utf8(os.environ)
    from sems_tray.__main__ import run

    sys.exit(run())
