"""No recording is forgotten: each file is read by a test that says what it holds."""

from tests.portal.replies import RECORDED

from . import test_recordings_classic as classic
from . import test_recordings_measured as measured
from . import test_recordings_semsplus as semsplus


def test_every_recording_has_its_test(recordings):
    found = {path.name for path in recordings.glob("*.json")}
    assert found - RECORDED.keys() == set(), "recordings that no test reads"


def test_every_test_of_a_recording_has_its_file(recordings):
    found = {path.name for path in recordings.glob("*.json")}
    assert RECORDED.keys() - found == set(), "files that are named and missing"


def test_the_table_names_tests_that_exist():
    modules = (classic, measured, semsplus)
    names = {name for module in modules for name in vars(module)}
    assert set(RECORDED.values()) <= names
