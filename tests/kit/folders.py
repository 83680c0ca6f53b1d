"""Folders that a test takes something away from."""

import os
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def read_only(folder: Path):
    """Take the right to write; root, who may write anywhere, is nobody meanwhile."""
    folder.chmod(0o500)
    root = os.geteuid() == 0
    if root:
        os.seteuid(65534)
    try:
        yield
    finally:
        if root:
            os.seteuid(0)
        folder.chmod(0o700)
