"""What ``export`` and ``import`` are asked for on the command line."""

from __future__ import annotations

import argparse
import contextlib
import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sems_tray.domain.time_zones import POSSIBLE_YEARS
from sems_tray.history.transfer.export_model import Every, Format
from sems_tray.runtime.options import UsageError


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportArguments:
    """What to export; a date that is None is the first known one, or today.

    Without a file it is standard output.
    """

    first: date | None
    last: date | None
    every: Every
    format: Format
    file: Path | None
    fetch: bool


def read_wish(args: argparse.Namespace) -> ExportArguments:
    """Return what the options of ``export`` ask for; raises UsageError.

    Without a format it is CSV, but for everything, which only JSON can hold.
    """
    every = Every(args.every)
    default = Format.JSON if every is Every.EVERYTHING else Format.CSV
    form = Format(args.format or default)
    if args.first and args.last and args.first > args.last:
        raise UsageError(f"--from {args.first} is after --to {args.last}")
    if every is Every.EVERYTHING and form is Format.CSV:
        raise UsageError("--every everything needs --format json")
    return ExportArguments(
        first=args.first,
        last=args.last,
        every=every,
        format=form,
        file=None if args.output == Path("-") else args.output,
        fetch=not args.no_fetch,
    )


def add_import(parser: argparse.ArgumentParser) -> None:
    """Add the argument of ``import``."""
    parser.add_argument("file", type=_file, metavar="FILE", help="an export in JSON")


def _file(name: str) -> Path:
    """Read a file's name."""
    if not name:
        raise argparse.ArgumentTypeError("it names no file")
    return Path(name)


def _date(text: str) -> date:
    """Read a date like 2026-06-21."""
    if re.fullmatch(r"\d{4}-\d\d-\d\d", text, re.ASCII):
        with contextlib.suppress(ValueError):
            found = date.fromisoformat(text)
            if found.year not in POSSIBLE_YEARS:
                first, last = POSSIBLE_YEARS.start, POSSIBLE_YEARS.stop - 1
                raise argparse.ArgumentTypeError(
                    f"{text} is out of range, {first} to {last}"
                )
            return found
    raise argparse.ArgumentTypeError(f"{text!r} is no date like 2026-06-21")


def add_export(parser: argparse.ArgumentParser) -> None:
    """Add the options of ``export``."""
    add = parser.add_argument
    add(
        "--from",
        dest="first",
        type=_date,
        metavar="D",
        help="the first date, like 2026-01-31 (default: the first known)",
    )
    add(
        "--to",
        dest="last",
        type=_date,
        metavar="D",
        help="the last date (default: today; the last known if nothing is fetched)",
    )
    add(
        "--every",
        choices=[it.value for it in Every],
        default=Every.DAY.value,
        help="what a row spans; everything is for moving to another computer",
    )
    add(
        "--format",
        choices=[it.value for it in Format],
        help="csv, but json for everything",
    )
    add(
        "-o",
        "--output",
        type=_file,
        metavar="FILE",
        help="write this file, not standard output",
    )
    add(
        "--no-fetch",
        action="store_true",
        help="export what is known; ask the portal for nothing",
    )
