"""From a folder of templates to a mail: subject.txt, body.txt, body.html."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import structlog
from jinja2 import ChoiceLoader, Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from portal.core import i18n, phone
from portal.mail import own
from portal.mail.letterhead import Letterhead, Recipient
from portal.mail.moments import moment

PORTAL = Path(__file__).resolve().parents[1]
log = structlog.get_logger()


@dataclass(frozen=True)
class Written:
    subject: str
    text: str
    html: str


@cache
def environment() -> Environment:
    folders = [PORTAL / "mail" / "templates", *sorted(PORTAL.glob("features/*/templates"))]
    env = Environment(
        loader=ChoiceLoader([FileSystemLoader(folder) for folder in folders]),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    env.install_gettext_callables(_text, _plural, newstyle=True)  # type: ignore[attr-defined]
    env.filters["moment"] = moment
    env.filters["phone"] = lambda digits: phone.spoken(digits, "")
    return env


def _text(text: str) -> str:
    """Jinja fills in the facts itself."""
    return i18n.catalogue(i18n.current()).gettext(text)


def _plural(one: str, many: str, count: int) -> str:
    return i18n.catalogue(i18n.current()).ngettext(one, many, count)


@dataclass(frozen=True)
class Words:
    """A reseller's own for a mail, as it has typed them (portal.mail.own)."""

    subject: str
    body: str


def compose(folder: str, *, letterhead: Letterhead, to: Recipient, words: Words | None = None, **facts: Any) -> Written:
    """`folder` like “accounts/mails/new_device”; the facts are what its templates speak of.

    Own words that cannot be used are noted, and the mail goes out in the usual ones.
    """
    known = {"letterhead": letterhead, "to": to, "lang": to.language, "text_direction": i18n.text_direction(to.language), **facts}
    with i18n.using(to.language):
        if words is not None:
            try:
                return _in_own_words(folder, known, words)
            except Exception:
                log.exception("own words of a mail cannot be used", mail=folder, language=to.language, reseller=to.reseller_id)
        return _written(*(_rendered(f"{folder}/{name}", known) for name in ("subject.txt", "body.txt", "body.html")))


def in_own_words(folder: str, *, letterhead: Letterhead, to: Recipient, words: Words, **facts: Any) -> Written:
    """The same for a preview: raises whatever is wrong with the words."""
    known = {"letterhead": letterhead, "to": to, "lang": to.language, "text_direction": i18n.text_direction(to.language), **facts}
    with i18n.using(to.language):
        return _in_own_words(folder, known, words)


def folder_of(kind: str) -> str:
    """Where the templates of a kind of mail are; one folder for each (portal/features/*/templates/*/mails)."""
    return folders()[kind]


@cache
def folders() -> dict[str, str]:
    found = (path for path in sorted(PORTAL.glob("features/*/templates/*/mails/*")) if path.is_dir())
    return {path.name: str(path.relative_to(path.parents[2])) for path in found}


def _in_own_words(folder: str, known: dict[str, Any], words: Words) -> Written:
    """On the letterhead, and with the reason why somebody gets it, as all mails of the kind."""
    kind, parts = folder.rpartition("/")[2], environment().get_template("mail/parts.html").make_module(known)
    style = own.Style(
        link=f"color:{known['letterhead'].colours['accent_ink']}",
        button=lambda label, url: str(parts.button(Markup(label), Markup(url))),  # type: ignore[attr-defined]  # noqa: S704 - escaped
    )
    values = own.values(kind, letterhead=known["letterhead"], to=known["to"], facts=known)
    drawn = own.drawn(words.subject, words.body, values, style)
    text = _rendered("mail/own.txt", {**known, "shipped": f"{folder}/body.txt", "own_text": drawn.text})
    html = {"shipped": f"{folder}/body.html", "own_subject": drawn.subject, "own_html": Markup(drawn.html)}  # noqa: S704 - escaped
    return _written(drawn.subject, text, _rendered("mail/own.html", known | html))


def _rendered(template: str, known: dict[str, Any]) -> str:
    return environment().get_template(template).render(known)


def _written(subject: str, text: str, html: str) -> Written:
    return Written(" ".join(subject.split()), text.strip() + "\n", html.strip() + "\n")
