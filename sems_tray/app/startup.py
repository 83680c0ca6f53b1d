"""Runs the tray app: one instance, an event loop, and an end that leaves nothing."""

from __future__ import annotations

import logging
import os
import shutil
import sys
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer

from sems_tray.desktop.qt_application import (
    OsSignals,
    exec_terminal,
    make_application,
    wear_icon,
)
from sems_tray.i18n.language import ENGLISH, current_locale
from sems_tray.log.crashes import log_uncaught
from sems_tray.log.handlers import log_to_file, log_to_stderr
from sems_tray.runtime.context import prepared

from .app import App

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from sems_tray.desktop.single_instance import Instance
    from sems_tray.runtime.context import AppContext
    from sems_tray.runtime.options import Options


log = logging.getLogger(__name__)

# Until it looks whether the start at login finds it: the start has enough to do.
_LOOKS_AFTER_MS = 10_000


def run(options: Options) -> int:
    """Run the tray app and return its exit code."""
    log_to_stderr(verbose=options.verbose)
    log_uncaught()
    application = make_application(_give_way)
    interrupts = OsSignals()  # before the demo has a folder to delete
    with prepared(options) as run_:
        instance = _instance(run_)
        if instance is not None:
            code = _other(instance, interrupts, application)
            if code is not None:
                interrupts.close()
                return code
        if options.demo is None:
            known = (options.account, options.password, run_.settings.account)
            log_to_file(run_.paths.log, *known, run_.station)
            if run_.loaded.message:  # the terminal was told when they were read
                log.info("settings: %s", run_.loaded.message)
        _let_qt_speak()
        app = App(run_, instance)
        wear_icon(application)
        if options.demo is None:  # a demo is nobody's at login
            QTimer.singleShot(_LOOKS_AFTER_MS, app, app.settings.follow_move)
        interrupts.came.connect(app.quit)
        # Not commitDataRequest: a session may only be saved, or a logout cancelled.
        application.aboutToQuit.connect(app.quit)
        code = application.exec()
        interrupts.close()
        if instance is not None:
            instance.release()
        if app.stuck:
            # A thread that cannot be ended would abort the process at exit.
            _leave_at_once(run_, code)
    return code


def _instance(run_: AppContext) -> Instance | None:
    """Return the guard against a second start; demos may run side by side."""
    if run_.options.demo is not None:
        return None
    from sems_tray.desktop.single_instance import Instance

    return Instance(run_.paths.key)


def _other(
    instance: Instance, interrupts: OsSignals, application: QApplication
) -> int | None:
    """Return the exit code if another instance runs; None if this one is to run."""
    from sems_tray.desktop.instance_socket import SilentError

    while True:
        try:
            return None if instance.is_first() else 0
        except SilentError as exc:
            log.warning("%s", exc)
        from sems_tray.desktop.single_instance import is_to_be_ended

        wear_icon(application)
        _let_qt_speak()
        if not is_to_be_ended(interrupts) or not instance.end_first():
            return 1


def _let_qt_speak() -> None:
    """Give Qt's own dialogs the language; in English they have it."""
    if current_locale().language != ENGLISH:
        from sems_tray.i18n.qt_translator import follow_speech

        follow_speech()


def _give_way() -> None:
    exec_terminal(sys.argv[1:])


def _leave_at_once(run_: AppContext, code: int) -> None:
    if run_.options.demo is not None:
        shutil.rmtree(run_.paths.data, ignore_errors=True)
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)
