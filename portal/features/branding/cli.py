"""`portal theme …`: looking after themes from the command line."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import click

from portal.core import db, secrets
from portal.core.errors import NotFound, Refused
from portal.core.identity import Identity
from portal.core.tenancy import Scope
from portal.features.branding import operations, queries
from portal.features.branding.models import ThemeVersion
from portal.features.branding.rules import archive, source
from portal.features.branding.rules.palette import Move, Palette, derive, worst
from portal.features.branding.rules.theme import Scheme, Theme, ThemeError
from portal.settings import from_environment

FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


@click.group()
def theme() -> None:
    """Look after themes."""


@theme.command()
@click.argument("folder", type=FOLDER)
def check(folder: Path) -> None:
    """Says what is wrong with the theme in FOLDER, or which colours were moved and how readable it is."""
    read = _read(folder)
    palette = derive(read)
    click.echo(f"{read.brand}: {read.frame} frame, texts in {', '.join(read.texts)}.")
    for move in palette.moves:
        click.echo(_sentence(move))
    for scheme in Scheme:
        click.echo(_proof(palette, scheme))


@theme.command()
@click.argument("folder", type=FOLDER)
@click.option("--reseller", required=True, help="Its name.")
@click.option("--note", default="", help="What is new, for the list of versions.")
def deploy(folder: Path, reseller: str, note: str) -> None:
    """Publishes the theme in FOLDER for a reseller, and says which colours were moved. A draft that is there stays."""
    files = _cleaned(_files(folder))
    _check(folder.name, files)
    with _database():
        by = Identity.system("portal theme deploy", reseller_id=_reseller(reseller))
        made, moves = operations.publish_files(by=by, files=files, note=note)
        number = made.number
    for move in moves:
        click.echo(_sentence(move))
    click.echo(f"{reseller} shows version {number} now.")


@theme.command()
@click.argument("target", type=click.Path(path_type=Path))
@click.option("--reseller", required=True, help="Its name.")
@click.option("--version", "number", type=int, help="The number of a version; without it, what everybody sees.")
def export(target: Path, reseller: str, number: int | None) -> None:
    """Writes a reseller's theme to TARGET: a new folder, or a file if it ends in .zip."""
    if target.exists():
        raise click.ClickException(f"{target} is there already; nothing was written.")
    with _database():
        files = queries.version_files(_version(_reseller(reseller), number))
    if target.suffix == ".zip":
        target.write_bytes(archive.packed(files))
    else:
        _write(target, files)
    click.echo(f"{target} holds {len(files)} files.")


def _read(folder: Path) -> Theme:
    return _check(folder.resolve().name, _files(folder))


def _files(folder: Path) -> dict[str, bytes]:
    try:
        return queries.files(folder.resolve())
    except ThemeError as error:
        raise _wrong(error) from None


def _cleaned(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Pictures may come larger than they are kept."""
    pictures = {path: content for path, content in files.items() if archive.place_of(path) in source.PICTURES}
    try:
        return {path: content for path, content in files.items() if path not in pictures} | archive.cleaned(pictures)
    except Refused as refusal:
        raise click.ClickException(refusal.sentence()) from None


def _check(name: str, files: Mapping[str, bytes]) -> Theme:
    try:
        return source.read(name, files)
    except ThemeError as error:
        raise _wrong(error) from None


def _wrong(error: ThemeError) -> SystemExit:
    for problem in error.problems:
        click.echo(str(problem), err=True)
    return SystemExit(1)


@contextmanager
def _database() -> Iterator[None]:
    """One transaction, as the platform; what is refused is said."""
    settings = from_environment()
    secrets.install(settings.secret_keys)
    db.install(db.open_database(settings))
    try:
        with db.unit_of_work(Scope.platform()):
            yield
    except Refused as refusal:
        raise click.ClickException(refusal.sentence()) from refusal


def _reseller(name: str) -> int:
    found = queries.reseller_named(name)
    if found is None:
        raise click.ClickException(f"There is no reseller “{name}”.")
    return found


def _version(reseller_id: int, number: int | None) -> ThemeVersion:
    if number is None:
        found = queries.published(reseller_id)
        if found is None:
            raise click.ClickException("This reseller has published no theme of its own yet.")
        return found
    try:
        return queries.version_numbered(reseller_id, number)
    except NotFound:
        raise click.ClickException(f"There is no version {number}.") from None


def _write(target: Path, files: Mapping[str, bytes]) -> None:
    for path, content in files.items():
        place = target / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)


def _sentence(move: Move) -> str:
    above, below, minimum = move.pair
    return (
        f"{move.scheme}: {move.token} is {move.now}, not {move.was}, "
        f"which gives {above} on {below} only {move.ratio:.2f}:1 of {minimum:g}:1."
    )


def _proof(palette: Palette, scheme: Scheme) -> str:
    (above, below, minimum), ratio = worst(palette, scheme)
    return f"{scheme}: nearest to its limit is {above} on {below}, {ratio:.2f}:1 of {minimum:g}:1."
