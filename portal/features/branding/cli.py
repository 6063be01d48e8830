"""`portal theme …`: looking after themes from the command line."""

from pathlib import Path

import click

from portal.features.branding import queries
from portal.features.branding.rules.palette import Move, Palette, derive, worst
from portal.features.branding.rules.theme import Scheme, ThemeError


@click.group()
def theme() -> None:
    """Look after themes."""


@theme.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
def check(folder: Path) -> None:
    """Says what is wrong with the theme in FOLDER, or which colours were moved and how readable it is."""
    try:
        read = queries.theme(folder.resolve())
    except ThemeError as error:
        for problem in error.problems:
            click.echo(str(problem), err=True)
        raise SystemExit(1) from None
    palette = derive(read)
    click.echo(f"{read.brand}: {read.frame} frame, texts in {', '.join(read.texts)}.")
    for move in palette.moves:
        click.echo(_sentence(move))
    for scheme in Scheme:
        click.echo(_proof(palette, scheme))


def _sentence(move: Move) -> str:
    above, below, minimum = move.pair
    return (
        f"{move.scheme}: {move.token} is {move.now}, not {move.was}, "
        f"which gives {above} on {below} only {move.ratio:.2f}:1 of {minimum:g}:1."
    )


def _proof(palette: Palette, scheme: Scheme) -> str:
    (above, below, minimum), ratio = worst(palette, scheme)
    return f"{scheme}: nearest to its limit is {above} on {below}, {ratio:.2f}:1 of {minimum:g}:1."
