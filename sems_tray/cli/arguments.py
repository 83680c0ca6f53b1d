"""The options and commands of the command line, read into a namespace."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from sems_tray.runtime.options import DIALECTS
from sems_tray.simulator.scenarios import SCENARIOS

if TYPE_CHECKING:
    from collections.abc import Sequence


USAGE = 2
_COMMANDS = ("status", "stations", "export", "import", "diagnostics", "simulate")
_EPILOG = """\
environment:
  SEMS_TRAY_ACCOUNT, SEMS_TRAY_PASSWORD   sign in without the keyring
  SEMS_TRAY_PORTAL, SEMS_TRAY_STATION, SEMS_TRAY_DIALECT   as the options

exit codes:
  0 ok, 1 a file or the history cannot be written or read, or no running
  SEMS Tray answers, 2 usage,
  3 sign-in refused or needed, 4 network or portal unreachable,
  5 reply not understood, 6 throttled
"""


def parse(argv: Sequence[str]) -> argparse.Namespace:
    """Read the words; help and wrong ones end the program."""
    words = _named_demo(argv)
    return _parser(words).parse_args(words)


def _named_demo(argv: Sequence[str]) -> list[str]:
    """Read ``--demo status`` as the demo and a command, not as a scenario."""
    words = list(argv)
    return [
        f"{word}=day" if word == "--demo" and following in _COMMANDS else word
        for word, following in zip(words, [*words, ""][1:], strict=True)
    ]


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
    told = parser.add_mutually_exclusive_group()
    for word, what in (
        ("refresh", "make the SEMS Tray that runs ask for everything now"),
        ("quit", "end the SEMS Tray that runs, and wait until it has ended"),
    ):
        told.add_argument(
            f"--{word}", dest="tell", action="store_const", const=word, help=what
        )
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
        from .transfer_arguments import add_export, add_import

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
