"""The commands ``export`` and ``import``: a history as a file, and back again."""

from __future__ import annotations

import sys
import time
from contextlib import closing
from dataclasses import replace
from datetime import UTC
from itertools import count
from typing import TYPE_CHECKING, NamedTuple

from sems_tray.daylight.zone_locations import zone_of
from sems_tray.domain.failures import sentence, words
from sems_tray.domain.model import Station
from sems_tray.domain.poll_result import PollFailed
from sems_tray.domain.time_zones import utc_now
from sems_tray.history.backfill import Backfill
from sems_tray.history.recorder import HistoryRecorder
from sems_tray.history.transfer.export_model import Every, ExportRange
from sems_tray.history.transfer.exporter import (
    export,
    export_file,
    first_known,
    last_known,
    with_not_fetched,
)
from sems_tray.history.transfer.import_format import BadExportError
from sems_tray.history.transfer.importer import check_file, merge
from sems_tray.history.transfer.missing import missing_words, part_of
from sems_tray.i18n.formatting import counted, labelled, name, one_line
from sems_tray.i18n.language import reason, tr, trn
from sems_tray.portal.poll_plan import PollRequest
from sems_tray.runtime.context import connected, pace, prepared
from sems_tray.runtime.options import UsageError
from sems_tray.storage.history.database import (
    DamagedError,
    HistoryWriteError,
    StorageError,
)
from sems_tray.storage.history.reader import HistoryReader
from sems_tray.storage.history.store import History
from sems_tray.window.transfer.view_model import past_words

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from sems_tray.portal.client import SemsClient
    from sems_tray.runtime.context import AppContext
    from sems_tray.runtime.options import Options

    from .transfer_arguments import ExportArguments


_OK, _FAILED = 0, 1
# So many steps are fetched without a pause: a poll makes about as many requests.
_AT_ONCE = 12
_TIMED = {Every.MINUTES, Every.EVERYTHING}


def export_command(options: Options, wish: ExportArguments) -> int:
    """Export, after what is missing was fetched; what is known is written anyway."""
    with prepared(options) as run:
        notes = _mended(run.paths.history)
        try:
            fetched = _fetched(run, wish) if wish.fetch else _Fetched()
            try:
                written = _export(run, wish, fetched)
            except DamagedError:
                notes += _mended(run.paths.history, check=True)
                if wish.file is None:  # half of it is written
                    raise
                written = _export(run, wish, fetched)
        except StorageError as exc:
            return _fail(" ".join([_unreadable(exc), *notes]))
        except OSError as exc:
            if wish.file is None:
                raise
            return _fail(f"{_shown(wish.file)}: {reason(exc)}")
    if fetched.reason:
        # Translators: why not all could be fetched; what was written nevertheless.
        text = tr("{reason}; {outcome}").format(
            reason=fetched.reason.removesuffix("."),
            outcome="; ".join(it for it in (written.missing, written.outcome) if it),
        )
        _say(" ".join([*notes, text]))
        return fetched.code
    for line in (*notes, *written.notes):
        _say(line)
    return _OK


class _Fetched(NamedTuple):
    """Of which station it was, where that was told.

    ``reason`` says why not all could be fetched, ``code`` is the exit code of that.
    """

    station: str | None = None
    reason: str = ""
    code: int = _OK


class _Written(NamedTuple):
    """What came of an export: what to say, and briefly where something failed."""

    notes: tuple[str, ...]
    outcome: str
    missing: str = ""


def _mended(path: Path, *, check: bool = False) -> list[str]:
    """Let the writer look first: it mends what is damaged. Return what it says."""
    if not path.is_file():
        return []
    with History(path, shared=True) as history:
        if check:
            history.check()
        return [history.message] if history.writable and history.message else []


def _fetched(run: AppContext, wish: ExportArguments) -> _Fetched:
    """Fetch what the range lacks and keep it: the next export has it."""
    with HistoryReader(run.paths.history) as reader:
        is_known = bool(_station(run, reader).id)
    # Closed by then: two that have the file open leave a log behind.
    options = run.options
    signed_in = options.demo is not None or options.account or run.settings.account
    if is_known and not signed_in:
        return _Fetched()
    recorder = HistoryRecorder(run.paths.history, now=utc_now, shared=True)
    try:
        with closing(recorder), connected(run) as client:
            try:
                return _fetch(run, wish, client, recorder)
            finally:
                recorder.save_request_count(client.requests)
    except HistoryWriteError as exc:
        return _Fetched(reason=str(exc), code=_FAILED)
    except KeyboardInterrupt:
        _say(tr("stopped; what was fetched is kept, and another export goes on"))
        raise


def _fetch(
    run: AppContext,
    wish: ExportArguments,
    client: SemsClient,
    recorder: HistoryRecorder,
) -> _Fetched:
    """Fetch politely, of the account's first station if none was chosen.

    Raises HistoryWriteError as soon as the history cannot keep what comes: it would be
    fetched for nothing.
    """
    outcome = client.fetch(PollRequest())  # the station's zone comes with a reading
    if isinstance(outcome, PollFailed):
        return _not_fetched(outcome)
    station = outcome.reading.station
    recorder.record_reading(outcome.reading)
    part = part_of(wish.every, *_range_to_fetch(wish, recorder, station))
    backfill, pace_s = Backfill(recorder, station, part), pace(run.options)
    try:
        for steps in count(1):
            progress = backfill.step(client)
            if progress.trouble:
                raise HistoryWriteError(progress.trouble)
            if progress.failed is not None:
                return _not_fetched(progress.failed, station.id)
            if progress.finished:
                break
            _show(past_words(progress, wanted=True, wait=None))
            if steps >= _AT_ONCE and progress.done != progress.total:
                time.sleep(pace_s.total_seconds())
    finally:
        _show("")
    return _Fetched(station.id)


def _range_to_fetch(
    wish: ExportArguments, recorder: HistoryRecorder, station: Station
) -> tuple[date, date]:
    today = utc_now().astimezone(recorder.zone(station)).date()
    first, last = wish.first, min(wish.last or today, today)
    if first is None:
        known = recorder.first_day(station)
        first = min(known or last, last.replace(day=1))
    return first, last


def _not_fetched(failed: PollFailed, station: str | None = None) -> _Fetched:
    return _Fetched(station, sentence(failed), words(failed.trouble).exit_code)


def _show(progress: str) -> None:
    """Show how far it is to somebody who looks; a log needs no such lines."""
    if sys.stderr.isatty():
        sys.stderr.write(f"\r\x1b[K{progress}")
        sys.stderr.flush()


def import_command(options: Options, path: Path) -> int:
    """Merge a file into the history."""
    if options.demo is not None:
        raise UsageError(tr("a demo keeps nothing; leave --demo out"))
    with prepared(options) as run:
        try:
            return _import(run, path)
        except BadExportError as exc:
            text = tr("{file}: {why}; nothing is imported")
            return _fail(text.format(file=_shown(path), why=exc))
        except OSError as exc:
            return _fail(f"{_shown(path)}: {reason(exc)}")
        except HistoryWriteError as exc:
            return _fail(str(exc))
        except StorageError as exc:
            return _fail(_unreadable(exc))


def _import(run: AppContext, path: Path) -> int:
    """Check first: a file that is refused leaves no trace, not even a new history."""
    if not path.is_file():  # a pipe cannot be read twice
        text = tr("{file}: there is no such file")
        return _fail(text.format(file=_shown(path)))
    found = check_file(path)
    if run.options.station not in {None, found.station.id}:
        text = tr("the file is of station {station}, not this one")
        raise UsageError(text.format(station=name(found.station.id)))
    notes = _mended(run.paths.history)
    with History(run.paths.history, shared=True) as history:
        if not history.writable:
            return _fail(history.message)
        if history.message:
            notes.append(history.message)
        new = merge(history, path)
    for note in notes:
        _say(note)
    # Translators: {rows} is "12 rows"; so many of these rows are new.
    text = trn(
        "{file}: {rows}, {count} of them new",
        "{file}: {rows}, {count} of them new",
        new,
    )
    _say(text.format(file=_shown(path), rows=counted(found.rows), count=new))
    return _OK


def _export(run: AppContext, wish: ExportArguments, fetched: _Fetched) -> _Written:
    """Write what is known; raises OSError and StorageError."""
    spare = bool(fetched.reason)
    with HistoryReader(run.paths.history) as reader:
        station = _station(run, reader, fetched.station)
        asked = bool(fetched.station or fetched.reason)
        selection = _selection(station, reader, wish, asked=asked)
        if wish.file is None:
            found = export(reader, selection, wish.format, sys.stdout.buffer)
        else:
            found = export_file(reader, selection, wish.format, wish.file, spare=spare)
    if not found.rows:
        whom = name(station.name) or name(station.id)
        text = (
            tr("nothing is known of {station} from {first} to {last}")
            if whom
            else tr("nothing is known of any station from {first} to {last}")
        )
        said = text.format(station=whom, first=selection.first, last=selection.last)
        return _Written((said,), said)
    notes = []
    if zone_of(station, utc_now()) is None and wish.every in _TIMED:
        text = tr("the station's time zone is not known; the times are in UTC")
        notes.append(text)
    missing = missing_words(found.missing)
    if wish.file is None:
        notes += [missing] if missing else []
        return _Written(tuple(notes), tr("what is known was written"), missing)
    shown = _shown(wish.file)
    said = "; ".join(it for it in (counted(found.rows), missing) if it)
    notes.append(labelled(shown, said))
    outcome = tr("what is known was written to {file}").format(file=shown)
    return _Written(tuple(notes), outcome, missing)


def _selection(
    station: Station, reader: HistoryReader, wish: ExportArguments, *, asked: bool
) -> ExportRange:
    """Return what to write; where nobody was ``asked`` it ends with what is known."""
    where = zone_of(station, utc_now()) or UTC
    today = utc_now().astimezone(where).date()
    if wish.first is not None and wish.first > (wish.last or today):
        text = tr("--from {first} is after today, {today}")
        raise UsageError(text.format(first=wish.first, today=today))
    whole = ExportRange(
        station=station,
        where=where,
        every=wish.every,
        first=today,
        last=today,
        today=today,
        lived_since=wish.first,
    )
    until = today if asked else last_known(reader, whole)
    last = wish.last or max(until, wish.first or until)
    first = wish.first or min(first_known(reader, whole), last)
    selection = replace(whole, first=first, last=last)
    return with_not_fetched(reader, selection, utc_now())


def _station(
    run: AppContext, reader: HistoryReader, first: str | None = None
) -> Station:
    """Return the station that is asked for, else the account's, else one known."""
    known = reader.stations()
    wanted = run.station or first
    if wanted is None:
        return known[0] if known else Station(id="")
    return next((it for it in known if it.id == wanted), Station(id=wanted))


def _shown(path: Path) -> str:
    return one_line(str(path))


def _unreadable(exc: StorageError) -> str:
    return tr("The history cannot be read: {why}.").format(why=exc.said)


def _fail(text: str) -> int:
    _say(text)
    return _FAILED


def _say(text: str) -> None:
    sys.stderr.write(f"sems-tray: {text}\n")
