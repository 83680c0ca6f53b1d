"""The command line: a contract (design, section 9)."""

from __future__ import annotations

import argparse
import contextlib
import os
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from sems_tray import __version__

from .logs import log_to_stderr
from .options import DIALECTS, UsageError, read_options
from .simulator import SCENARIOS
from .streams import prepare_streams

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from .options import Options

OK, UNWRITABLE, USAGE, INTERRUPTED = 0, 1, 2, 130
_COMMANDS = ("status", "stations", "export", "import", "diagnostics", "simulate")
_EPILOG = """\
environment:
  SEMS_TRAY_ACCOUNT, SEMS_TRAY_PASSWORD   sign in without the keyring
  SEMS_TRAY_PORTAL, SEMS_TRAY_STATION, SEMS_TRAY_DIALECT   as the options

exit codes:
  0 ok, 1 a file or the history cannot be written or read, 2 usage,
  3 sign-in refused or needed, 4 network or portal unreachable,
  5 reply not understood, 6 throttled
"""


def main_and_exit() -> NoReturn:
    """Run as the installed command."""
    sys.exit(main())


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    prepare_streams()
    words = _named_demo(sys.argv[1:] if argv is None else argv)
    args = _parser(words).parse_args(words)
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
    try:
        return _commands()[args.command](args, options)
    except KeyboardInterrupt:
        # One reading that was asked for and not given is no success.
        endless = args.command in {"app", "simulate"} or args.watch
        return OK if endless else INTERRUPTED


def _named_demo(argv: Sequence[str]) -> list[str]:
    """Read ``--demo status`` as the demo and a command, not as a scenario."""
    words = list(argv)
    return [
        f"{word}=day" if word == "--demo" and following in _COMMANDS else word
        for word, following in zip(words, [*words, ""][1:], strict=True)
    ]


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


class _Parser(argparse.ArgumentParser):
    """Errors are one line; the usage is what --help is for."""

    def error(self, message: str) -> NoReturn:
        self.exit(USAGE, f"{self.prog}: {message} (see {self.prog} --help)\n")


def _parser(words: Sequence[str]) -> argparse.ArgumentParser:
    parser = _Parser(
        prog="sems-tray",
        description="Shows your GoodWe solar station in the system tray.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="store_true", help="print the version")
    parser.set_defaults(
        command="app",
        demo=None,
        portal=None,
        dialect=None,
        station=None,
        profile=None,
        verbose=False,
        watch=False,
    )
    _add_connection(parser)
    commands = parser.add_subparsers(
        title="commands", metavar="COMMAND", parser_class=_Parser
    )
    status = commands.add_parser("status", help="print one reading")
    status.add_argument("--json", action="store_true", help="print JSON")
    status.add_argument("--watch", action="store_true", help="print again and again")
    stations = commands.add_parser("stations", help="list the account's stations")
    stations.add_argument("--json", action="store_true", help="print JSON")
    export = commands.add_parser("export", help="write the history as CSV or JSON")
    import_ = commands.add_parser("import", help="merge a file written by export")
    if {"export", "import"} & {*words}:  # the tray does not wait for these
        from .archive.wishes import add_export, add_import

        add_export(export)
        add_import(import_)
    diagnostics = commands.add_parser("diagnostics", help="print what helpers ask for")
    diagnostics.add_argument("--json", action="store_true", help="print JSON")
    # The child process of diagnostics.
    hidden = argparse.SUPPRESS
    diagnostics.add_argument("--keyring-backend", action="store_true", help=hidden)
    for command, name in (
        (status, "status"),
        (stations, "stations"),
        (export, "export"),
        (import_, "import"),
        (diagnostics, "diagnostics"),
    ):
        _add_connection(command)
        command.set_defaults(command=name)
    _add_simulate(commands.add_parser("simulate", help="serve a made-up SEMS portal"))
    return parser


def _add_connection(parser: argparse.ArgumentParser) -> None:
    """Add the options that may stand before a command or after it."""
    suppress = argparse.SUPPRESS
    add = parser.add_argument
    add(
        "--demo",
        nargs="?",
        const="day",
        default=suppress,
        metavar="SCENARIO",
        help=f"show a made-up station: {', '.join(SCENARIOS)}",
    )
    add("--portal", default=suppress, metavar="URL", help="another portal's address")
    add(
        "--dialect",
        default=suppress,
        metavar="D",
        help=f"{', '.join(DIALECTS)} (auto finds out)",
    )
    add("--station", default=suppress, metavar="ID", help="the station to show")
    add(
        "--profile",
        default=suppress,
        metavar="DIR",
        type=_folder,
        help="keep settings, history and log in this folder",
    )
    add("--verbose", action="store_true", default=suppress, help="log what happens")


def _folder(name: str) -> Path:
    """Read a folder's name; an empty one is an unset variable, not "here"."""
    if not name:
        raise argparse.ArgumentTypeError("it names no folder")
    return Path(name)


def _add_simulate(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("--host", default="127.0.0.1", help="address to listen on")
    add("--port", type=int, default=0, metavar="N", help="0 takes any free one")
    add("--scenario", default="day", metavar="S", help=", ".join(SCENARIOS))
    add("--seed", type=int, default=1, metavar="N", help="another seed, other weather")
    add("--speed", type=float, default=1.0, metavar="X", help="X times faster")
    parser.set_defaults(command="simulate")


def _app(_: argparse.Namespace, options: Options) -> int:
    """Start the tray; without a display or Qt, show the terminal view instead."""
    reason = _why_no_desktop()
    if reason is None:
        from .running import run

        return run(options)
    print(f"sems-tray: {reason}; showing the terminal view", file=sys.stderr)
    return _watch(options, as_json=False)


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
    if args.watch:
        return _watch(options, as_json=args.json)
    from .terminal import status

    _get_ready(options)
    return status(options, as_json=args.json)


def _watch(options: Options, *, as_json: bool) -> int:
    from .terminal import watch

    _get_ready(options)
    return watch(options, as_json=as_json)


def _stations(args: argparse.Namespace, options: Options) -> int:
    from .terminal import stations

    _get_ready(options)
    return stations(options, as_json=args.json)


def _export(args: argparse.Namespace, options: Options) -> int:
    from .archive.commands import export_command
    from .archive.wishes import read_wish

    wish = read_wish(args)
    _get_ready(options)
    return export_command(options, wish)


def _import(args: argparse.Namespace, options: Options) -> int:
    from .archive.commands import import_command

    _get_ready(options)
    return import_command(options, args.file)


def _diagnostics(args: argparse.Namespace, options: Options) -> int:
    from .diagnostics import diagnostics_command, print_keyring_backend

    if args.keyring_backend:
        return print_keyring_backend()
    _get_ready(options)
    return diagnostics_command(options, as_json=args.json)


def _get_ready(options: Options) -> None:
    """Log, and leave tidily: a demo's folder is deleted whoever ends us."""
    log_to_stderr(verbose=options.verbose)
    for name in ("SIGTERM", "SIGHUP"):  # a service manager, a closed terminal
        number = getattr(signal, name, None)
        # Whoever started us with nohup meant it.
        if number is not None and signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, signal.default_int_handler)


def _simulate(args: argparse.Namespace, _: Options) -> int:
    from .simulator import serve_forever

    return serve_forever(args.host, args.port, args.scenario, args.seed, args.speed)
