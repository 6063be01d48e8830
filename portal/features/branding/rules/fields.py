"""theme.toml as the single values that people edit, by dotted keys: “look.accent”, “texts.de.help”. All of them are texts."""

import json
from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import Any

from portal.core.errors import Refused, declare
from portal.core.i18n import N_
from portal.features.branding.rules import shade, sheet
from portal.features.branding.rules.theme import NEUTRAL, Problem

_WHOLE = frozenset({"look.radius"})
_DECIMAL = frozenset({"look.density"})
_MAY_BE_EMPTY = frozenset({"look.scheme", "look.on_accent"})

declare("theme-missing", sheet.MISSING)
declare("theme-empty", sheet.EMPTY)
declare("theme-text", sheet.NOT_TEXT)
declare("theme-table", sheet.NOT_TABLE)
declare("theme-too-long", sheet.TOO_LONG)
declare("theme-one-line", sheet.ONE_LINE)
declare("theme-colour", sheet.NOT_COLOUR)
declare("theme-choice", sheet.NOT_CHOICE)
declare("theme-whole", sheet.NOT_WHOLE)
declare("theme-between", sheet.NOT_BETWEEN)
declare("theme-link", sheet.NOT_LINK)
declare("theme-mail", sheet.NOT_MAIL)
declare("theme-phone", sheet.NOT_PHONE)
declare("theme-language", sheet.NOT_LANGUAGE)
declare("theme-linked", sheet.NOT_LINKED)
declare("theme-unknown", sheet.UNKNOWN)
declare("theme-problem", N_("%(file)s: %(sentence)s"))
declare("theme-problem-at", N_("%(file)s, %(key)s: %(sentence)s"))
CODES = {
    sheet.MISSING: "theme-missing",
    sheet.EMPTY: "theme-empty",
    sheet.NOT_TEXT: "theme-text",
    sheet.NOT_TABLE: "theme-table",
    sheet.TOO_LONG: "theme-too-long",
    sheet.ONE_LINE: "theme-one-line",
    sheet.NOT_COLOUR: "theme-colour",
    sheet.NOT_CHOICE: "theme-choice",
    sheet.NOT_WHOLE: "theme-whole",
    sheet.NOT_BETWEEN: "theme-between",
    sheet.NOT_LINK: "theme-link",
    sheet.NOT_MAIL: "theme-mail",
    sheet.NOT_PHONE: "theme-phone",
    sheet.NOT_LANGUAGE: "theme-language",
    sheet.NOT_LINKED: "theme-linked",
    sheet.UNKNOWN: "theme-unknown",
}


def refusal(problem: Problem) -> Refused:
    """A problem as a form shows it, at the field with the same key."""
    if problem.message in CODES:
        return Refused(CODES[problem.message], field=problem.key, **problem.facts)
    return Refused("theme-problem", field=problem.key or problem.file, file=problem.file, sentence=problem.sentence())


def refusal_in_file(problem: Problem) -> Refused:
    """The same at the field where all files were given together."""
    facts = {"file": problem.file, "sentence": problem.sentence()}
    if problem.key:
        return Refused("theme-problem-at", field="file", key=problem.key, **facts)
    return Refused("theme-problem", field="file", **facts)


def plain(brand: str) -> dict[str, Any]:
    """What a brand starts with that has chosen nothing yet."""
    look = {
        "accent": shade.parse(NEUTRAL.accent).hex,
        "tint": shade.parse(NEUTRAL.tint).hex,
        "radius": NEUTRAL.radius,
        "frame": NEUTRAL.frame.value,
        "font": NEUTRAL.font,
        "density": 1,
        "scheme": "",
    }
    return {"name": brand, "look": look} if brand else {"look": look}


def values(content: Mapping[str, Any]) -> dict[str, str]:
    """Every value there is, by its key."""
    return dict(_values(content, ""))


def _values(table: Mapping[str, Any], path: str) -> Iterator[tuple[str, str]]:
    for name, value in table.items():
        key = f"{path}.{name}".lstrip(".")
        if isinstance(value, dict):
            yield from _values(value, key)
        else:
            yield key, f"{value:g}" if isinstance(value, float) else str(value)


def changed(content: Mapping[str, Any], new: Mapping[str, str]) -> dict[str, Any]:
    """With these values in place of what was there; an empty one takes it away. Raises Refused at the first that cannot be."""
    result = deepcopy(dict(content))
    for key, typed in new.items():
        text = typed.replace("\r\n", "\n")
        if text.strip() or (key in _MAY_BE_EMPTY and not text):
            _put(result, key, _checked(key, text))
        else:
            _drop(result, key)
    return result


def _checked(key: str, text: str) -> object:
    value = _typed(key, text if key.startswith(("wordmark.", "texts.")) else text.strip())
    found = sheet.value_problems(key, value)
    if found:
        raise refusal(found[0])
    return value


def _typed(key: str, text: str) -> object:
    """As theme.toml holds it; what is no number stays a text, and is refused as one."""
    try:
        if key in _WHOLE:
            return int(text)
        if key in _DECIMAL:
            number = float(text.replace(",", "."))
            return int(number) if number.is_integer() else number
    except (ValueError, OverflowError):
        return text
    return text


def _put(content: dict[str, Any], key: str, value: object) -> None:
    *path, name = key.split(".")
    for part in path:
        if not isinstance(content.get(part), dict):
            content[part] = {}
        content = content[part]
    content[name] = value


def _drop(content: dict[str, Any], key: str) -> None:
    """With tables that it leaves empty."""
    *path, name = key.split(".")
    tables = [content]
    for part in path:
        inner = tables[-1].get(part)
        if not isinstance(inner, dict):
            return
        tables.append(inner)
    tables[-1].pop(name, None)
    for table, part in zip(reversed(tables[:-1]), reversed(path), strict=True):
        if not table[part]:
            del table[part]


# --- written ------------------------------------------------------------------------------------------------------------------

_ORDER = ("name", "wordmark", "look", "links", "support", "texts")


def written(content: Mapping[str, Any]) -> str:
    """theme.toml, as `tomllib` reads the same again."""
    tables: list[str] = []
    _write(content, "", tables)
    return "\n\n".join(tables) + "\n"


def _write(table: Mapping[str, Any], path: str, tables: list[str]) -> None:
    names = sorted(table, key=lambda name: _ORDER.index(name) if not path and name in _ORDER else len(_ORDER))
    own = [f"{_key(name)} = {_value(table[name])}" for name in names if not isinstance(table[name], dict)]
    if own or (path and not table):
        tables.append("\n".join([f"[{path}]", *own] if path else own))
    for name in names:
        if isinstance(table[name], dict):
            _write(table[name], f"{path}.{_key(name)}".lstrip("."), tables)


def _key(name: str) -> str:
    return name if name and all(sign.isascii() and (sign.isalnum() or sign in "-_") for sign in name) else _quoted(name)


def _value(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    text = str(value)
    return _block(text) if "\n" in text else _quoted(text)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _block(text: str) -> str:
    """Over several lines, as one writes it; the first line end after the quotes is not part of the text."""
    return '"""\n' + "\n".join(_quoted(line)[1:-1] for line in text.split("\n")) + '"""'
