"""Diagnostics on a real desktop: who shows icons and bubbles."""

import json

import pytest

from .daemon import Dunst
from .program import this_python


@pytest.fixture
def diagnosis(desktop):
    """Return a function that asks for the desktop's part of the diagnosis."""

    def ask():
        command = this_python("-m", "sems_tray", "diagnostics", "--json")
        app = desktop.run_app(command)
        assert app.wait(15) == 0, app.stderr
        return json.loads(app.stdout)["desktop"]

    return ask


def test_a_panel_and_a_daemon_are_named(desktop, diagnosis):
    Dunst(desktop)
    told = diagnosis()
    assert told["tray"] == "a StatusNotifier host is on the bus"
    assert told["notifications"].startswith("dunst 1.")
    assert told["display"] == "X11"


def test_neither_is_started_by_the_question(desktop, diagnosis):
    desktop.stop_panel()
    told = diagnosis()
    assert told["tray"] == "no StatusNotifier watcher on the bus"
    assert told["notifications"] == "no daemon runs (the first bubble may start one)"
