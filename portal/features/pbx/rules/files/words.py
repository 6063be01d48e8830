"""What stands in the cells of a file: read in every language and in the trade's own words, written in the reader's."""

import re
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Any

from portal.core import i18n, phone
from portal.core.errors import Refused, declare
from portal.core.i18n import N_
from portal.core.phone import Home
from portal.features.pbx.rules.files.columns import plain
from portal.features.pbx.rules.ringing import CANCEL_WORDS, POLICY_WORDS, check_ring_seconds

declare("word-switch", N_("Say on or off."))
declare("word-policy", N_("“%(word)s” is no ringing policy. There are: %(words)s."))
declare("word-cancel", N_("“%(word)s” is not possible here. There are: %(words)s."))
declare("word-language", N_("“%(word)s” is not a language of your portal. There are: %(words)s."))
declare("word-outgoing", N_("Say whether the own number, the base number or a further number is seen."))

OWN, BASE = "own", "base"
_SWITCH: Mapping[bool, tuple[str, ...]] = {
    True: (N_("on"), N_("yes"), "true", "1", "x", "y", "ja", "j", "an", "oui", "sí", "si", "evet", "açık"),
    False: (N_("off"), N_("no"), "false", "0", "n", "nein", "aus", "non", "hayır", "kapalı", "-"),
}
_POLICY = {policy.value: (words.title, policy.value) for policy, words in POLICY_WORDS.items()}
_CANCEL = {mode.value: (words.title, mode.value) for mode, words in CANCEL_WORDS.items()}
_OUTGOING = {OWN: (N_("the own number"), "own"), BASE: (N_("the base number"), "base")}
_CHOICES: Mapping[str, Mapping[Any, tuple[str, ...]]] = {
    "switch": _SWITCH,
    "policy": _POLICY,
    "cancel_mode": _CANCEL,
    "outgoing": _OUTGOING,
}
_SWITCHES = frozenset({"do_not_disturb", "music_on_hold", "ignore_forwards"})
_PARTS = re.compile(r'\s*(?:"((?:[^"]|"")*)"|([^,;|\n]*))\s*(?:[,;|\n]|$)')


@cache
def _meanings(choice: str) -> Mapping[str, Any]:
    """Word, without case and signs -> value, from all languages."""
    found: dict[str, Any] = {}
    for language in sorted(i18n.available()):
        with i18n.using(language):
            for value, words in _CHOICES[choice].items():
                for word in words:
                    found.setdefault(plain(i18n.gettext(word)) or word, value)
                    found.setdefault(plain(word) or word, value)
    return found


def _meaning(choice: str, typed: str) -> Any:
    """None for no word of this choice."""
    return _meanings(choice).get(plain(typed) or typed.strip())


def titles(choice: str) -> list[str]:
    """What can be chosen, in the reader's language."""
    return [i18n.gettext(words[0]) for words in _CHOICES[choice].values()]


# --- reading: each raises Refused -------------------------------------------------------------------------------------


def switch(typed: str) -> bool:
    found: bool | None = _meaning("switch", typed)
    if found is None:
        raise Refused("word-switch")
    return found


def policy(typed: str) -> str:
    return _chosen("policy", "word-policy", typed)


def cancel_mode(typed: str) -> str:
    return _chosen("cancel_mode", "word-cancel", typed)


def _chosen(choice: str, code: str, typed: str) -> str:
    found: str | None = _meaning(choice, typed)
    if found is None:
        raise Refused(code, word=typed.strip())
    return found


def more_facts(code: str) -> dict[str, object]:
    """What a sentence says in the language of whoever reads it."""
    choice = {"word-policy": "policy", "word-cancel": "cancel_mode"}.get(code)
    return {"words": i18n.listed(titles(choice))} if choice else {}


def seconds(typed: str) -> int:
    text = typed.strip()
    if not (text.isascii() and text.isdigit() and len(text) < 6):
        raise Refused("ring-seconds")
    return check_ring_seconds(int(text))


def language(typed: str, offered: Iterable[str]) -> str:
    """A code like “de”, or the language's name in itself, in English or in another language that there is here."""
    found = _languages(tuple(offered)).get(plain(typed))
    if found is None:
        names = i18n.listed(i18n.own_name(code) for code in offered)
        raise Refused("word-language", word=typed.strip(), words=names)
    return found


@cache
def _languages(offered: tuple[str, ...]) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for code in offered:
        names = [i18n.babel_locale(code).get_language_name(other) for other in sorted(i18n.available())]
        for name in (code, i18n.own_name(code), *names):
            found.setdefault(plain(name or ""), code)
    return found


def outgoing(typed: str, number: Callable[[str], str]) -> str:
    """“own”, “base”, or the digits that `number` makes of it."""
    found: str | None = _meaning("outgoing", typed)
    if found is not None:
        return found
    if not any(sign.isdigit() for sign in typed):
        raise Refused("word-outgoing")
    return number(typed)


def digits(typed: str, home: Home, known: Mapping[str, Any]) -> str:
    """The canonical digits of a number, one of `known` if it can be meant. Raises NotANumber.

    Spreadsheets take +49 305 55 for a sum and leave 4930555: what reads like that is looked for as well.
    """
    bare = phone.bare(typed).removeprefix("+")
    try:
        parsed = phone.parse(typed, home)
    except phone.NotANumber:
        if bare in known:
            return bare
        raise
    return bare if parsed not in known and bare in known else parsed


def parts(typed: str) -> list[str]:
    """The members of a list in a cell. One that has a separator in itself stands in quotation marks."""
    found = []
    for match in _PARTS.finditer(typed):
        text = match[1].replace('""', '"') if match[1] is not None else (match[2] or "").strip()
        if text:
            found.append(text)
        if match.end() >= len(typed):
            break
    return found


def whole_or_parts(typed: str, known: Callable[[str], bool]) -> list[str]:
    """The same for a cell that may be one name with a comma in it."""
    return [typed.strip()] if known(typed) else parts(typed)


# --- writing ----------------------------------------------------------------------------------------------------------


def joined(texts: Iterable[str]) -> str:
    """A list for a cell, such that `parts` reads it back. A blank keeps 101; 102 from being taken for a number."""
    return "; ".join('"' + text.replace('"', '""') + '"' if re.search(r'[,;|\n"]', text) else text for text in texts)


def number_text(spelled: phone.Parts) -> str:
    """International, with blanks: no spreadsheet takes it for a sum."""
    return " ".join(part for part in (f"+{spelled.cc}", spelled.ac, spelled.sn) if part)


def cell_text(field: str, value: Any, number: Callable[[str], str]) -> str:
    """A value as it stands in an exported file. `number` writes digits."""
    if value is None:
        return ""
    if field in _SWITCHES:
        return i18n.gettext(_SWITCH[bool(value)][0])
    if isinstance(value, list | tuple):
        return joined(number(one) for one in value) if field == "numbers" else joined(value)
    if field in _CHOICES and value in _CHOICES[field]:
        return i18n.gettext(_CHOICES[field][value][0])
    if field == "language":
        return i18n.own_name(value)
    return number(value) if field in {"outgoing", "number"} else str(value)


def in_words(field: str, value: Any, home_cc: str) -> str:
    """A value of a dry run for the eye; empty when there is none."""
    if isinstance(value, list | tuple) and field == "numbers":
        return i18n.listed(phone.spoken(one, home_cc) for one in value)
    if isinstance(value, list | tuple):
        return i18n.listed(map(str, value))
    return cell_text(field, value, lambda digits: phone.spoken(digits, home_cc))
