"""CSV files that people open in spreadsheets."""

import re
from itertools import dropwhile
from unicodedata import category

_RUNS = tuple("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")  # the last four are the wide forms of the first
_PLAIN_NUMBER = re.compile(r"[+-]?[0-9][0-9 ]*(?:[.,][0-9]+)?")

MARK = "\ufeff"  # by which spreadsheets know UTF-8


def safe(text: str) -> str:
    """The text such that no spreadsheet runs it. A telephone number or an amount stays what it is."""
    if (text.startswith(_RUNS) or _seen(text).startswith(_RUNS)) and not _PLAIN_NUMBER.fullmatch(text):
        return f"'{text}"
    return text


def _seen(text: str) -> str:
    """From the first sign that can be seen on: spreadsheets may look behind whatever comes before it."""
    return "".join(dropwhile(lambda sign: sign.isspace() or category(sign) in {"Cc", "Cf"}, text))


def cell(text: str) -> str:
    """Always quoted, never run."""
    return '"' + safe(text).replace('"', '""') + '"'


def line(*texts: str) -> str:
    return ",".join(map(cell, texts)) + "\r\n"


def marked(text: str) -> str:
    """What already begins like a cell that was made harmless gets one more mark, so that reading takes away just ours."""
    return f"'{text}" if _is_harmless(text) else text


def unmarked(cell: str) -> str:
    """A cell of one of our files as it was before it was made harmless."""
    return cell[1:] if _is_harmless(cell) else cell


def _is_harmless(cell: str) -> bool:
    bare = cell.lstrip("'")
    return bare != cell and safe(bare) != bare
