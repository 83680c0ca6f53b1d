import subprocess
import sys

import pytest

CHILD = """
import resource
from sems_tray.log.crashes import forbid_dumps
most = resource.getrlimit(resource.RLIMIT_CORE)[1]
forbid_dumps()
assert resource.getrlimit(resource.RLIMIT_CORE) == (0, most)
forbid_dumps()
assert resource.getrlimit(resource.RLIMIT_CORE) == (0, most)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows knows no core files")
def test_a_program_that_forbids_them_writes_no_core_file():
    subprocess.run([sys.executable, "-c", CHILD], check=True, timeout=20)
