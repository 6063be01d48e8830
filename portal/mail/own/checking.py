"""What own words may hold: text, and variables by their names. Everything else that a template could do is refused."""

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import NamedTuple

from jinja2 import TemplateSyntaxError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from portal.core import i18n
from portal.core.errors import Refused, declare
from portal.core.i18n import N_
from portal.mail.own.variables import LINK, required, variables

declare("mail-variable", N_("There is no variable “%(name)s” in this mail. It has: %(known)s."))
declare("mail-code", N_("“%(part)s” cannot be used. Only variables by their names, like {{ name }}."))
declare("mail-braces", N_("Something is wrong with the braces near “%(near)s”. A variable is written like {{ name }}."))
declare("mail-missing", N_("{{ %(name)s }} is missing: without it this mail is of no use."))
declare("mail-empty", N_("Please type a text."))
declare("mail-long", N_("Use at most %(longest)s characters."))
declare("mail-lines", N_("The subject is one line."))
declare("mail-link-subject", N_("The address to follow is secret; it cannot stand in the subject."))
declare("mail-foreign-link", N_("“%(address)s” leads elsewhere. Links of mails lead to your own addresses: %(hosts)s."))
declare("mail-mixed-link", N_("An address cannot be put together from variables: “%(address)s”."))
declare("mail-label", N_("“%(label)s” looks like an address. Say in words where the link leads."))

LONGEST_SUBJECT, LONGEST_BODY = 150, 5000
# What marks places in a text while it is read is nobody’s to type.
_OURS = str.maketrans("", "", "\ue000\ue001\ue002\ue003\r")
SHOWN = 40  # characters of what is refused
HOLE, LINK_HOLE = "\ue000", "\ue001"  # stand for a variable where addresses are looked for
ADDRESS = re.compile(r"(?:[a-z][a-z0-9+.-]*://|\bwww\.)\S*", re.IGNORECASE)
LABELLED = re.compile(r"\[([^\[\]\n]*)\]\(([^()\n]*)\)")
TRAILING = ".,;:!?)]}’”*\"'"  # behind an address, not of it
# Nothing is known in it: no filters, tests or globals, so that even what slips through the check finds nothing to call.
_ENVIRONMENT = ImmutableSandboxedEnvironment(autoescape=False)
_ENVIRONMENT.filters, _ENVIRONMENT.tests, _ENVIRONMENT.globals = {}, {}, {}


class Piece(NamedTuple):
    """Text as it stands, or the name of a variable."""

    text: str
    variable: bool = False


def pieces(source: str) -> list[Piece]:
    """Text and variables in turn. Raises Refused for everything else: filters, attributes, calls, loops, comments, raw blocks."""
    try:
        return list(_pieces(source.translate(_OURS)))
    except TemplateSyntaxError as error:
        raise Refused("mail-braces", near=_near(source, error.lineno)) from error


def _pieces(source: str) -> Iterator[Piece]:
    inside: list[str] = []
    for _line, kind, value in _ENVIRONMENT.lex(source):
        if kind == "data" and not inside:
            yield _plain(value)
        elif kind == "variable_begin" and value == "{{":
            inside = ["{{"]
        elif kind == "variable_end" and value == "}}":
            yield _variable("".join(inside[1:]))
            inside = []
        elif inside:
            inside.append(value)
        else:
            raise Refused("mail-code", part=_short(value))
    if inside:
        raise Refused("mail-braces", near=_short("".join(inside)))


def _plain(text: str) -> Piece:
    for sign in ("{{", "}}", "{%", "%}", "{#", "#}"):
        if sign in text:
            raise Refused("mail-braces", near=_short(text[max(text.index(sign) - 5, 0) :]))
    return Piece(text)


def _variable(inside: str) -> Piece:
    name = inside.strip()
    if not name.isascii() or not name.isidentifier():
        raise Refused("mail-code", part=_short("{{" + inside + "}}"))
    return Piece(name, variable=True)


def check(kind: str, subject: str, body: str, hosts: Collection[str]) -> None:
    """Raises Refused at the field “subject” or “body”. `hosts`: where links may lead."""
    _at("subject", lambda: _check_subject(kind, subject))
    _at("body", lambda: _check_body(kind, body, hosts))


def _at(field: str, checking: Callable[[], None]) -> None:
    try:
        checking()
    except Refused as refusal:
        raise Refused(refusal.code, field=field, **refusal.facts) from refusal


def _check_subject(kind: str, subject: str) -> None:
    _check_size(subject, LONGEST_SUBJECT)
    if not subject.isprintable():
        raise Refused("mail-lines")
    found = pieces(subject)
    if Piece(LINK, variable=True) in found:
        raise Refused("mail-link-subject")
    _check_names(kind, found)
    _check_addresses(found, ())


def _check_body(kind: str, body: str, hosts: Collection[str]) -> None:
    _check_size(body, LONGEST_BODY)
    found = pieces(body)
    _check_names(kind, found)
    used = {piece.text for piece in found if piece.variable}
    for name in required(kind):
        if name not in used:
            raise Refused("mail-missing", name=name)
    _check_addresses(found, hosts)


def _check_size(text: str, longest: int) -> None:
    if not text.strip():
        raise Refused("mail-empty")
    if len(text) > longest:
        raise Refused("mail-long", longest=longest)


def _check_names(kind: str, found: Sequence[Piece]) -> None:
    known = [one.name for one in variables(kind)]
    for piece in found:
        if piece.variable and piece.text not in known:
            raise Refused("mail-variable", name=_short(piece.text), known=i18n.listed(known))


def _check_addresses(found: Sequence[Piece], hosts: Collection[str]) -> None:
    """Whatever looks like an address leads to the tenant's own host; what a label shows does not pretend to be another."""
    text = "".join((LINK_HOLE if piece.text == LINK else HOLE) if piece.variable else piece.text for piece in found)
    for label, target in LABELLED.findall(text):
        if ADDRESS.search(label):
            raise Refused("mail-label", label=_said(label))
        if target.strip() != LINK_HOLE and not _is_own(target, hosts):
            raise _foreign(target, hosts)
    for match in ADDRESS.finditer(text):
        address = match[0].rstrip(TRAILING)
        if not _is_own(address, hosts):
            raise _foreign(address, hosts)


def _foreign(address: str, hosts: Collection[str]) -> Refused:
    if HOLE in address or LINK_HOLE in address:
        return Refused("mail-mixed-link", address=_said(address))
    return Refused("mail-foreign-link", address=_short(address), hosts=i18n.listed(hosts) or "–")


def _said(text: str) -> str:
    return _short(text.replace(HOLE, "{{ … }}").replace(LINK_HOLE, "{{ link }}"))


_OWN = re.compile(r"https?://([a-z0-9.-]+)(?::\d{1,5})?(?:[/?#][\w\-./~%!$&+,;=:@?#]*)?", re.IGNORECASE | re.ASCII)


def _is_own(address: str, hosts: Collection[str]) -> bool:
    found = _OWN.fullmatch(address)
    return found is not None and found[1].lower() in hosts


def _short(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= SHOWN else f"{words[:SHOWN]}…"


def _near(source: str, line: int) -> str:
    lines = source.splitlines()
    return _short(lines[line - 1]) if 0 < line <= len(lines) else ""
