"""Where the frozen program starts: PyInstaller wants a script, not a package."""

import sys

from sems_tray.__main__ import run

if __name__ == "__main__":
    sys.exit(run())
