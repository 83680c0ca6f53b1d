"""The command line: a contract (design, section 9)."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from typing import TYPE_CHECKING, NoReturn

from sems_tray import __version__
from sems_tray.log.crashes import forbid_dumps
from sems_tray.log.handlers import log_to_stderr
from sems_tray.runtime.options import UsageError, read_options

from .arguments import parse
from .output import json_line, prepare_streams

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Sequence

    from sems_tray.runtime.options import Options


OK, UNWRITABLE, USAGE, INTERRUPTED = 0, 1, 2, 130


def main_and_exit() -> NoReturn:
    """Run as the installed command."""
    sys.exit(main())


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    prepare_streams()
    args = parse(sys.argv[1:] if argv is None else argv)
    try:
        code = _run(args)
        sys.stdout.flush()
    except UsageError as exc:
        print(f"sems-tray: {exc}", file=sys.stderr)
        return USAGE
    except BrokenPipeError:  # `sems-tray status | head`
        _let_go_of_stdout()
        return OK
    except OSError as exc:  # a full disk, no room for the demo's profile
        print(f"sems-tray: {exc.strerror or exc}", file=sys.stderr)
        _let_go_of_stdout()
        return UNWRITABLE
    return code


def _run(args: argparse.Namespace) -> int:
    if args.version:
        print(f"SEMS Tray {__version__}")
        return OK
    options = read_options(args, os.environ)
    forbid_dumps()
    if args.tell is not None:
        return _tell(args, options)
    if args.command not in {"app", "simulate"}:
        _get_ready(options)
    try:
        return _commands()[args.command](args, options)
    except KeyboardInterrupt:
        # One reading that was asked for and not given is no success.
        endless = args.command in {"app", "simulate"} or args.watch
        return OK if endless else INTERRUPTED


def _let_go_of_stdout() -> None:
    """Keep Python from trying again, at its end, to write what cannot be written."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _commands() -> dict[str, Callable[[argparse.Namespace, Options], int]]:
    return {
        "app": _app,
        "status": _status,
        "stations": _stations,
        "export": _export,
        "import": _import,
        "diagnostics": _diagnostics,
        "simulate": _simulate,
    }


def _tell(args: argparse.Namespace, options: Options) -> int:
    """Reach the tray that runs; ^C means that nobody waits for it any more."""
    if args.command != "app" or options.demo is not None:
        other = "--demo" if args.command == "app" else args.command
        raise UsageError(f"--{args.tell} is for the tray; leave {other} out")
    from .remote_control import send_command

    log_to_stderr(verbose=options.verbose)
    try:
        return send_command(args.tell, options)
    except KeyboardInterrupt:
        return INTERRUPTED


def _app(_: argparse.Namespace, options: Options) -> int:
    """Start the tray; without a display or Qt, show the terminal view instead."""
    reason = _why_no_desktop()
    if reason is None:
        from sems_tray.app.startup import run

        return run(options)
    print(f"sems-tray: {reason}; showing the terminal view", file=sys.stderr)
    from .status import watch

    _get_ready(options)
    return watch(options, as_json=False)


def _why_no_desktop() -> str | None:
    """Return why there can be no tray, in one line; None if there may be.

    A display that cannot be opened shows only when Qt tries: see ``app``.
    """
    unix = sys.platform not in {"win32", "darwin"}
    places = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    if unix and not any(os.environ.get(name) for name in places):
        return "no display"
    try:
        import PySide6.QtWidgets  # noqa: F401 (may lack a library of the system's)
    except ImportError as exc:
        return f"Qt cannot be loaded ({exc})".replace("\n", " ")
    return None


def _status(args: argparse.Namespace, options: Options) -> int:
    from .status import status, watch

    command = watch if args.watch else status
    return command(options, as_json=args.json)


def _stations(args: argparse.Namespace, options: Options) -> int:
    from .status import stations

    return stations(options, as_json=args.json)


def _export(args: argparse.Namespace, options: Options) -> int:
    from .history_commands import export_command
    from .transfer_arguments import read_wish

    return export_command(options, read_wish(args))


def _import(args: argparse.Namespace, options: Options) -> int:
    from .history_commands import import_command

    return import_command(options, args.file)


def _diagnostics(args: argparse.Namespace, options: Options) -> int:
    if args.keyring_backend:
        from sems_tray.storage.keyring_child import print_keyring_backend

        return print_keyring_backend()
    from sems_tray.diagnostics.report import diagnose, to_json, to_text
    from sems_tray.runtime.context import prepared

    with prepared(options) as run:
        found = diagnose(run)
    print(json_line(to_json(found)) if args.json else to_text(found).rstrip("\n"))
    return OK


def _get_ready(options: Options) -> None:
    """Log, and leave tidily: a demo's folder is deleted whoever ends us."""
    log_to_stderr(verbose=options.verbose)
    for name in ("SIGTERM", "SIGHUP"):  # a service manager, a closed terminal
        number = getattr(signal, name, None)
        # Whoever started us with nohup meant it.
        if number is not None and signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, signal.default_int_handler)


def _simulate(args: argparse.Namespace, _: Options) -> int:
    from sems_tray.simulator.serve import serve_forever

    return serve_forever(args.host, args.port, args.scenario, args.seed, args.speed)
