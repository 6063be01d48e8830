"""Files that are made while they are read."""

from collections.abc import Iterable

from flask import Response

from portal.core.sheets import MARK


def spreadsheet(name: str, header: str, lines: Iterable[str]) -> Response:
    """A CSV file of any length; `lines` come in pieces of any size."""
    return Response(
        _pieces(header, lines),
        content_type="text/csv; charset=utf-8; header=present",
        headers={"Content-Disposition": f'attachment; filename="{name}.csv"', "Cache-Control": "no-store"},
    )


def attachment(name: str, kind: str, text: str) -> Response:
    """A file that is made already; `kind` is its content type."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(text, content_type=kind, headers=headers)


def _pieces(header: str, lines: Iterable[str]) -> Iterable[str]:
    yield MARK + header
    yield from lines
