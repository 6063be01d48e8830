"""From a folder of templates to a mail: subject.txt, body.txt, body.html."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, cast
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time, get_datetime_format, get_timezone_name
from jinja2 import ChoiceLoader, Environment, FileSystemLoader, StrictUndefined, select_autoescape

from portal.core import i18n, phone
from portal.mail.letterhead import Letterhead, Recipient

PORTAL = Path(__file__).resolve().parents[1]


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


def moment(at: datetime, time_zone: str) -> str:
    """“25 November 2026, 14:02 CET”, where the receiver lives."""
    local, locale = at.astimezone(ZoneInfo(time_zone)), i18n.babel_name(i18n.current())
    at_clock = f"{format_time(local, 'short', locale=locale)} {get_timezone_name(local, 'short', locale=locale)}"
    pattern = cast("str", get_datetime_format("long", locale=locale))  # of date and time; typed as one of a date
    return pattern.replace("'", "").format(at_clock, format_date(local, "long", locale=locale))


def compose(folder: str, *, letterhead: Letterhead, to: Recipient, **facts: Any) -> Written:
    """`folder` like “accounts/mails/new_device”; the facts are what its templates speak of."""
    known = {"letterhead": letterhead, "to": to, "lang": to.language, "text_direction": i18n.text_direction(to.language), **facts}
    with i18n.using(to.language):
        subject, text, html = (
            environment().get_template(f"{folder}/{name}").render(known) for name in ("subject.txt", "body.txt", "body.html")
        )
    return Written(" ".join(subject.split()), text.strip() + "\n", html.strip() + "\n")
