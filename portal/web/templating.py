"""Pages: one Jinja environment, and what every template knows."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import DateTimePattern, format_date, format_time, format_timedelta, get_date_format, parse_pattern
from babel.numbers import format_currency, format_decimal
from flask import Flask, Response, current_app, flash, g, get_flashed_messages, redirect, request, session as visit, url_for
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup, escape
from werkzeug.wrappers import Response as AnyResponse

from portal.core import clock, db, i18n, ids, phone
from portal.web import language
from portal.web.brand import Brand
from portal.web.nav import Card, nav, sections
from portal.web.session import me_or_nobody
from portal.web.tenant import tenant

TEMPLATES = Path(__file__).parent / "templates"
SLOTS = frozenset({"slots/door_art.html"})
_AFTER_SENTENCE = re.compile(r"(?<=[.!?…؟。])\s+")


@dataclass(frozen=True)
class Undo:
    """A way back, offered inside the message; `fields` go with it, unseen by logs."""

    endpoint: str
    params: Mapping[str, Any]
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Message:
    text: str
    kind: str
    undo_url: str | None
    undo_fields: tuple[tuple[str, str], ...] = ()


def install(app: Flask, brand_of: Callable[[Any], Brand]) -> None:
    app.extensions["brand_of"] = brand_of
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters.update(
        phone=phone_filter,
        when=when,
        from_now=from_now,
        day=day,
        clock=clock_time,
        duration=duration,
        money=money,
        number=number,
        initials=initials,
        hue=hue,
        stamp=stamp,
        tel=phone.link,
        listed=listed,
        sentences=sentences,
    )
    app.jinja_env.globals.update(csrf_field=csrf_field, url_for=address, blank=BLANK, comma=i18n.comma)
    app.jinja_env.install_gettext_callables(_text, _plural, newstyle=True, pgettext=_text_in, npgettext=_plural_in)  # type: ignore[attr-defined]


def _text(text: str) -> str:
    """Jinja fills in the facts itself."""
    return i18n.catalogue(i18n.current()).gettext(text)


def _plural(one: str, many: str, count: int) -> str:
    return i18n.catalogue(i18n.current()).ngettext(one, many, count)


def _text_in(context: str, text: str) -> str:
    return str(i18n.catalogue(i18n.current()).pgettext(context, text))


def _plural_in(context: str, one: str, many: str, count: int) -> str:
    return str(i18n.catalogue(i18n.current()).npgettext(context, one, many, count))


@dataclass(frozen=True)
class Blank:
    """What stands for a row in a piece of page that is drawn once and stamped for each."""

    id: str = "0" * ids.LENGTH
    name: str = "\ue000"


BLANK = Blank()


def stamp(piece: Markup, public_id: str, name: str) -> Markup:
    """The piece for one row: fifty menus cost as much as two."""
    return Markup(str(piece).replace(BLANK.id, public_id).replace(BLANK.name, str(escape(name))))  # noqa: S704 - both are safe


def address(endpoint: str, **values: Any) -> str:
    """url_for for templates, which ask for the same addresses again and again."""
    if endpoint.startswith("."):
        endpoint = f"{request.blueprint}{endpoint}"
    return _address(request.script_root, endpoint, tuple(values.items()))


@lru_cache(maxsize=16384)
def _address(_root: str, endpoint: str, values: tuple[tuple[str, Any], ...]) -> str:
    return url_for(endpoint, **dict(values))


def render(template: str, *, status: int | None = None, form: FlaskForm | None = None, **context: Any) -> Response:
    """A page of this request's tenant. A form with errors makes it 422."""
    refused = form is not None and bool(form.errors)
    html = current_app.jinja_env.get_template(template).render(**page_context(), form=form, **context)
    return Response(html, status=status or (422 if refused else 200), mimetype="text/html")


def page_context() -> dict[str, Any]:
    here, who = tenant(), me_or_nobody()
    spoken = i18n.current()
    card: Card | None = None if who is None else g.get("card") or nav().card_of(who)
    context: dict[str, Any] = {
        "brand": current_app.extensions["brand_of"](here),
        "tenant": here,
        "me": who,
        "card": card,
        "nav": sections(nav().items(who)) if who and not who.owes else [],
        "lang": spoken,
        "text_direction": i18n.text_direction(spoken),
        "scheme": scheme(),
        "languages": [(code, i18n.own_name(code), code == spoken) for code in here.languages],
        "messages": take_messages(),
        "request": request,
        "here": request.full_path.rstrip("?"),
    }
    return context


def scheme() -> str:
    who = me_or_nobody()
    wish = visit.get("scheme") or (who.scheme if who else None)
    return wish if wish in {"light", "dark"} else ""


def csrf_field() -> Markup:
    return Markup('<input type="hidden" name="csrf_token" value="{}">').format(generate_csrf())


def done(text: str, endpoint: str, *, undo: Undo | None = None, kind: str = "good", **params: Any) -> AnyResponse:
    """The answer to what succeeded: back to a page that says so, once."""
    db.session().flush()  # what the database refuses shows here, not after “Saved.”
    say(text, kind=kind, undo=undo)
    return redirect(url_for(endpoint, **params), code=303)


def say(text: str, *, kind: str = "good", undo: Undo | None = None) -> None:
    way_back = [url_for(undo.endpoint, **undo.params), list(undo.fields.items())] if undo else []
    parts: Any = [text, *way_back]  # Flask keeps whatever JSON can hold, it only says str
    flash(parts, kind)


def take_messages() -> list[Message]:
    kept: list[Any] = list(get_flashed_messages(with_categories=True))
    return [_message(kind, *parts) for kind, parts in kept]


def _message(kind: str, text: str, undo_url: str | None = None, undo_fields: Sequence[Sequence[str]] = ()) -> Message:
    return Message(text, kind, undo_url, tuple((name, value) for name, value in undo_fields))


# --- what filters show; patterns and results are cached, formatting is what pages spend their time on -----------------------


def zone() -> ZoneInfo:
    if "zone" not in g:
        g.zone = _zone(language.time_zone_name())
    found: ZoneInfo = g.zone
    return found


@lru_cache(maxsize=512)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def phone_filter(digits: str | None, extension: str | None = None) -> Markup:
    """As it is dialled here; with its extension set apart when that is said."""
    if not digits:
        return Markup("")
    shown = phone.display(digits, tenant().home.cc)
    if extension and shown.endswith(extension) and shown[: -len(extension)][-1:].isdigit():
        shown = f"{shown[: -len(extension)]} {extension}"
    return Markup('<bdi class="phone">{}</bdi>').format(shown)


def listed(parts: Iterable[str]) -> Markup:
    return escape(i18n.comma()).join(parts)


def when(moment: datetime | None) -> Markup:
    """“Today 14:02”, with the exact time for machines and on hover."""
    if moment is None:
        return Markup("")
    local = moment.astimezone(zone())
    return Markup('<time datetime="{}">{} {}</time>').format(
        moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"), day(local), _clock(local.hour, local.minute, i18n.current()),
    )


def from_now(moment: datetime) -> Markup:
    """“In 42 minutes”, with the exact time for machines and on hover."""
    local, spoken = moment.astimezone(zone()), i18n.current()
    left = max(moment - clock.now(), timedelta(minutes=1))
    return Markup('<time datetime="{}" title="{} {}">{}</time>').format(
        moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        day(local),
        _clock(local.hour, local.minute, spoken),
        format_timedelta(left, "minute", add_direction=True, locale=i18n.babel_name(spoken)),
    )


def day(moment: date) -> str:
    """Today, yesterday, or the date as people say it; of a day, or of a moment here."""
    which = moment.astimezone(zone()).date() if isinstance(moment, datetime) else moment
    today = clock.today(zone())
    if which == today:
        return _("Today")
    if (today - which).days == 1:
        return _("Yesterday")
    return _date(which, i18n.current(), which.year == today.year)


def clock_time(moment: datetime) -> str:
    local = moment.astimezone(zone())
    return _clock(local.hour, local.minute, i18n.current())


@lru_cache(maxsize=4096)
def _clock(hour: int, minute: int, spoken: str) -> str:
    return str(format_time(datetime(2000, 1, 1, hour, minute, tzinfo=UTC), "short", locale=i18n.babel_name(spoken)))


@lru_cache(maxsize=4096)
def _date(which: date, spoken: str, this_year: bool) -> str:  # noqa: FBT001
    pattern = _without_year(spoken) if this_year else get_date_format("long", locale=i18n.babel_name(spoken))
    return str(format_date(which, pattern.pattern, locale=i18n.babel_name(spoken)))


@lru_cache(maxsize=64)
def _without_year(spoken: str) -> DateTimePattern:
    skeletons = i18n.babel_locale(spoken).datetime_skeletons
    return skeletons["MMMd"] if "MMMMd" not in skeletons else skeletons["MMMMd"] or parse_pattern("d MMMM")


def duration(seconds: float | None) -> str:
    """4:12, or 1:04:12 from an hour on."""
    if seconds is None:
        return ""
    minutes, second = divmod(round(seconds), 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours}:{minute:02}:{second:02}" if hours else f"{minute}:{second:02}"


@lru_cache(maxsize=4096)
def _money(amount: Decimal, currency: str, spoken: str) -> str:
    return str(format_currency(amount, currency, locale=i18n.babel_name(spoken)))


def money(amount: Decimal | None, currency: str = "EUR") -> str:
    return "" if amount is None else _money(amount, currency, i18n.current())


@lru_cache(maxsize=4096)
def _number(value: float, spoken: str) -> str:
    return str(format_decimal(value, locale=i18n.babel_name(spoken)))


def number(value: float | None) -> str:
    return "" if value is None else _number(value, i18n.current())


@lru_cache(maxsize=4096)
def sentences(text: str) -> list[str]:
    """One by one, so that a line may end where a sentence ends."""
    return _AFTER_SENTENCE.split(text.strip())


def initials(name: str) -> str:
    words = [word for word in name.split() if word[:1].isalnum()]
    return "".join(word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words)).upper()


@lru_cache(maxsize=4096)
def hue(name: str) -> int:
    """One of six hues around the brand's own, the same for a name on every page."""
    return sum(name.encode()) % 6
