"""`portal calls import`: reads a switch's file."""

import csv
import os
import stat
import time
from collections.abc import Iterable, Sequence
from types import TracebackType
from typing import BinaryIO, TextIO

import click
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn
from sqlalchemy.exc import ProgrammingError

from portal.core import db, secrets
from portal.core.identity import Identity
from portal.core.sheets import safe
from portal.features.calls import operations
from portal.features.calls.operations import Counts, Reject, Step
from portal.features.calls.rules.files import Format, UnusableFile
from portal.settings import from_environment

SOME_SET_ASIDE, UNUSABLE = 1, 2
SHOWN_REJECTS = 10
SECONDS_BETWEEN_LINES = 5.0
BY = Identity.system("portal calls import")


@click.group()
def calls() -> None:
    """Look after call records."""


@calls.command("import")
@click.argument("file", type=click.File("rb"))
@click.option("--format", "wanted", type=click.Choice([*Format]), help="Found out from the file when left out.")
@click.option("--report", type=click.File("w", encoding="utf-8-sig"), help="Writes what was set aside to this CSV file.")
def import_calls(file: BinaryIO, wanted: str | None, report: TextIO | None) -> None:
    """Takes the call records of FILE ("-": what is piped in). Reading a file again changes nothing.

    Ends with 0 when every line was taken, known or of nobody here, with 1 when lines were set aside, with 2 when the file
    cannot be used.
    """
    if not db.is_installed():
        settings = from_environment()
        secrets.install(settings.secret_keys)
        db.install(db.open_database(settings))
    name = str(getattr(file, "name", "standard input"))
    steps = operations.take_file(file, name=name, by=BY, wanted=Format(wanted) if wanted else None)
    try:
        totals, shown = _followed(steps, file, report)
    except UnusableFile as error:
        click.echo(f"{name}: {error}", err=True)
        raise SystemExit(UNUSABLE) from None
    except (*db.Unavailable, ProgrammingError) as error:
        trouble = str(getattr(error, "orig", error)).partition("\n")[0]
        click.echo(f"The database cannot take calls: {trouble}. Is it there, and up to date (portal db upgrade)?", err=True)
        raise SystemExit(UNUSABLE) from None
    _say(totals, shown)
    if totals.set_aside:
        raise SystemExit(SOME_SET_ASIDE)


def _followed(steps: Iterable[Step], file: BinaryIO, report: TextIO | None) -> tuple[Counts, list[Reject]]:
    totals = Counts()
    shown: list[Reject] = []
    written = Report(report) if report else None
    with progress_of(file) as progress:
        for step in steps:
            totals = step.totals
            if written:
                written.add(step.rejects)
            shown += step.rejects[: SHOWN_REJECTS - len(shown)]
            progress.forward(step.size, totals)
    return totals, shown


class Report:
    """What was set aside, as a CSV file that a spreadsheet can open."""

    def __init__(self, file: TextIO) -> None:
        self._write = csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\n")
        self._write.writerow(("line", "reason", "content"))

    def add(self, rejects: Iterable[Reject]) -> None:
        self._write.writerows((reject.line, safe(reject.reason), safe(_encodable(reject.raw))) for reject in rejects)


class Bar:
    """A progress bar, for a terminal."""

    def __init__(self, size: int | None) -> None:
        columns = (BarColumn(), DownloadColumn(), TimeRemainingColumn(), TextColumn("{task.description}"))
        self._progress = Progress(*columns, console=Console(stderr=True), transient=True)
        self._task = self._progress.add_task("", total=size)

    def __enter__(self) -> "Bar":
        self._progress.start()
        return self

    def __exit__(self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None) -> None:
        self._progress.stop()

    def forward(self, size: int, totals: Counts) -> None:
        self._progress.update(self._task, advance=size, description=f"{totals.lines:,} lines")


class PlainLines:
    """A line of text now and then, for logs and pipes."""

    def __init__(self, size: int | None) -> None:
        self._size, self._done = size, 0
        self._said = time.monotonic()

    def __enter__(self) -> "PlainLines":
        return self

    def __exit__(self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None) -> None:
        return None

    def forward(self, size: int, totals: Counts) -> None:
        self._done += size
        if time.monotonic() - self._said >= SECONDS_BETWEEN_LINES:
            self._said = time.monotonic()
            share = f" ({self._done / self._size:.0%})" if self._size else ""
            click.echo(f"{totals.lines:,} lines read{share}", err=True)


def progress_of(file: BinaryIO) -> Bar | PlainLines:
    return Bar(_size(file)) if Console(stderr=True).is_terminal else PlainLines(_size(file))


def _size(file: BinaryIO) -> int | None:
    try:
        found = os.fstat(file.fileno())
    except OSError:
        return None
    return found.st_size if stat.S_ISREG(found.st_mode) else None


def _encodable(raw: str) -> str:
    return raw.encode("utf-8", "replace").decode()


def _say(totals: Counts, shown: Sequence[Reject]) -> None:
    click.echo(
        f"{totals.lines:,} lines: {totals.taken:,} taken ({totals.records:,} records), {totals.known:,} known before, "
        f"{totals.not_ours:,} of nobody here, {totals.set_aside:,} set aside.",
    )
    for reject in shown:
        click.echo(f"  line {reject.line}: {_encodable(reject.reason)}")
    if totals.set_aside > len(shown):
        click.echo(f"  … and {totals.set_aside - len(shown):,} more; --report FILE writes them all.")
