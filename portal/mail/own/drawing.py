"""Own words as a mail: as text, and as HTML that holds nothing but paragraphs, lists, bold words and links."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import escape

from portal.core import i18n
from portal.core.i18n import N_
from portal.mail.own.checking import ADDRESS, LABELLED, TRAILING, Piece, pieces
from portal.mail.own.variables import LINK

# Where a variable stood, and where a link did, while the marks around them are read.
_MARK, _LINKED = "\ue000{}\ue001", "\ue002{}\ue003"
_PLACE, _LINK_PLACE = re.compile("\ue000(\\d+)\ue001"), re.compile("\ue002(\\d+)\ue003")
_BOLD = re.compile(r"\*\*(?=\S)((?:(?!\*\*).)+?)(?<=\S)\*\*")
_BREAK = re.compile(r"\n[ \t]*\n+")
_ITEM = re.compile(r"[-*•] +")
_LINKS = re.compile(f"{LABELLED.pattern}|{_PLACE.pattern}|{ADDRESS.pattern}", re.IGNORECASE)


def _environment(*, escaping: bool) -> ImmutableSandboxedEnvironment:
    """Knows no filters, tests or globals."""
    made = ImmutableSandboxedEnvironment(autoescape=escaping)
    made.filters, made.tests, made.globals = {}, {}, {}
    return made


_TEXT, _HTML = _environment(escaping=False), _environment(escaping=True)


@dataclass(frozen=True)
class Style:
    """How links and the button look, from the letterhead; `button` draws it from label and address, both escaped."""

    link: str
    button: Callable[[str, str], str]


@dataclass(frozen=True)
class Drawn:
    subject: str
    text: str
    html: str


def drawn(subject: str, body: str, values: Mapping[str, str], style: Style) -> Drawn:
    """Raises Refused where the words are none that `check` lets pass, KeyError for a variable without a value."""
    title, whole = _Source(subject), _Source(body)
    paragraphs = [one.strip("\n") for one in _BREAK.split(whole.marked) if one.strip()]
    text = "\n\n".join(_paragraph_text(one) for one in paragraphs)
    html = "\n".join(_paragraph_html(one, whole.names, style) for one in paragraphs)
    line = title.filled(title.marked, values, _TEXT)
    printable = "".join(sign if sign.isprintable() else " " for sign in line)
    return Drawn(" ".join(printable.split()), whole.filled(text, values, _TEXT), whole.filled(html, values, _HTML))


class _Source:
    """A text with a mark for each variable: whatever becomes of the text, it is never read as a template again."""

    def __init__(self, source: str) -> None:
        found = pieces(source)
        self.names = [piece.text for piece in found if piece.variable]
        self.marked = "".join(_numbered(found))

    def filled(self, marked: str, values: Mapping[str, str], environment: ImmutableSandboxedEnvironment) -> str:
        """Variables by the sandbox, one by one, each of which knows nothing but itself."""
        ready = {name: environment.from_string("{{ " + name + " }}").render({name: values[name]}) for name in set(self.names)}
        return _PLACE.sub(lambda match: ready[self.names[int(match[1])]], marked)


def _numbered(found: Sequence[Piece]) -> Iterator[str]:
    place = 0
    for piece in found:
        yield _MARK.format(place) if piece.variable else piece.text
        place += piece.variable


# --- text ---------------------------------------------------------------------------------------------------------------------


def _paragraph_text(paragraph: str) -> str:
    alone = LABELLED.fullmatch(paragraph.strip())
    if alone:
        label, target = _BOLD.sub(r"\1", alone[1].strip()), alone[2].strip()
        return f"{i18n.gettext(N_('%(label)s:'), label=label)}\n{target}" if label else target
    labelled = LABELLED.sub(lambda match: f"{match[1]} ({match[2]})" if match[1] else match[2], paragraph)
    return _BOLD.sub(r"\1", labelled)


# --- html ---------------------------------------------------------------------------------------------------------------------


def _paragraph_html(paragraph: str, names: Sequence[str], style: Style) -> str:
    alone = LABELLED.fullmatch(paragraph.strip())
    if alone and _is_link(alone[2], names):
        target = alone[2].strip()
        return style.button(_bold(alone[1].strip() or target), str(escape(target)))
    lines = [line.strip() for line in paragraph.split("\n")]
    if all(_ITEM.match(line) for line in lines):
        items = "".join(f"<li>{_inline(_ITEM.sub('', line, count=1), names, style)}</li>" for line in lines)
        return f'<ul style="margin:0 0 16px;padding:0 20px">{items}</ul>'
    return "<p>" + "<br>".join(_inline(line, names, style) for line in lines) + "</p>"


def _is_link(target: str, names: Sequence[str]) -> bool:
    place = _PLACE.fullmatch(target.strip())
    return place is not None and names[int(place[1])] == LINK


def _inline(line: str, names: Sequence[str], style: Style) -> str:
    """Links are set aside while bold words are looked for, and so stay whole."""
    made: list[str] = []

    def aside(match: re.Match[str]) -> str:
        made.append(_linked(match, names, style))
        return _LINKED.format(len(made) - 1)

    without = _LINKS.sub(aside, line)
    return _LINK_PLACE.sub(lambda match: made[int(match[1])], _bold(without))


def _linked(match: re.Match[str], names: Sequence[str], style: Style) -> str:
    if match[2] is not None:
        target = match[2].strip()
        return _anchor(target, _bold(match[1].strip() or target), style)
    if match[3] is not None:
        return _anchor(match[0], match[0], style) if names[int(match[3])] == LINK else match[0]
    address = match[0].rstrip(TRAILING)
    return _anchor(address, str(escape(address)), style) + str(escape(match[0][len(address) :]))


def _anchor(address: str, words: str, style: Style) -> str:
    return f'<a href="{escape(address)}" target="_blank" rel="noopener" style="{style.link}">{words}</a>'


def _bold(text: str) -> str:
    return _BOLD.sub(r"<strong>\1</strong>", str(escape(text)))
