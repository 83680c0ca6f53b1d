"""Starts the demo as a program of its own, which outlives the one that started it."""

from __future__ import annotations

from PySide6.QtCore import QProcess, QProcessEnvironment

from sems_tray.desktop.autostart import login_entry


def demo_command() -> tuple[str, ...]:
    """Return what starts the demo of this very program."""
    return (*login_entry(None).command, "--demo")


def start_demo() -> bool:
    """Start the demo; say whether that worked."""
    program, *arguments = demo_command()
    demo = QProcess()
    demo.setProgram(program)
    demo.setArguments(arguments)
    folder = login_entry(None).folder
    if folder is not None:
        demo.setWorkingDirectory(str(folder))
    environment = QProcessEnvironment.systemEnvironment()
    for name in environment.keys():  # noqa: SIM118 (no dictionary)
        if name.startswith("SEMS_TRAY_"):  # a password among them
            environment.remove(name)
    demo.setProcessEnvironment(environment)
    started: object = demo.startDetached()
    # A bool, whatever the stubs say: the pair is the static method's.
    return bool(started[0] if isinstance(started, tuple) else started)
