"""One rule of forwarding, as it is filled in."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from flask_babel import gettext as _, lazy_gettext as _l
from markupsafe import Markup
from wtforms import HiddenField
from wtforms.fields.choices import SelectChoice

from portal.core import clock, i18n, ids, phone
from portal.core.errors import Refused
from portal.core.i18n import N_
from portal.core.ids import PublicId
from portal.core.phone import Home
from portal.features.callhandling import rules
from portal.features.callhandling.queries import KeptCallers, KeptTimes, Rule, Sheet
from portal.features.callhandling.rules import MOST_DESTINATIONS, Destination, Exchange, Plan, When
from portal.features.callhandling.rules.spans import read_clock
from portal.web.fields import ChoiceField, SelectField, TextField
from portal.web.sections import SectionForm, Values

USUAL_SECONDS = "20"
QUARTER = 15 * 60
ROWS = range(1, MOST_DESTINATIONS + 1)
ONLY, EXCEPT = "only", "except"
ONLY_FROM, NOT_FROM = N_("Only from “%(name)s”"), N_("Not from “%(name)s”")
ONLY_THEN, NOT_THEN = N_("Only “%(name)s”"), N_("Not “%(name)s”")


class MomentField(TextField):
    """A day or a time of day. What does not exist stays readable: a browser's own control would not show it."""

    def __init__(self, label: Any, kind: str, **more: Any) -> None:
        super().__init__(label, longest=20, **more)
        self.kind = kind

    def __call__(self, **keywords: Any) -> Markup:
        return super().__call__(type="text" if self.errors else self.kind, width="middle", **keywords)


TYPED = {"list": "destinations", "autocomplete": "off", "spellcheck": "false"}


def _to(label: Any) -> TextField:
    return TextField(label, longest=160, draw={"attrs": TYPED})


def _seconds() -> TextField:
    drawing = {"width": "short", "unit": _l("seconds"), "attrs": {"inputmode": "numeric", "autocomplete": "off"}}
    return TextField(_l("Rings for"), longest=5, draw=drawing)


class ForwardForm(SectionForm):
    """`rows`: how many destinations are shown. With `scheduled`, from a moment to another."""

    scheduled = HiddenField()
    rows = HiddenField()
    enabled = HiddenField()
    place = HiddenField()
    when = ChoiceField(_l("Calls are forwarded"))
    to_1 = _to(_l("Calls go to"))
    to_2, to_3, to_4, to_5 = _to(_l("Then to")), _to(_l("Then to")), _to(_l("Then to")), _to(_l("Then to"))
    seconds_1, seconds_2, seconds_3, seconds_4, seconds_5 = _seconds(), _seconds(), _seconds(), _seconds(), _seconds()
    starts_day = MomentField(_l("From"), "date")
    starts_time = MomentField(_l("At"), "time")
    ends_day = MomentField(_l("Until"), "date")
    ends_time = MomentField(_l("At"), "time")
    callers = SelectField(_l("Calls from"), default="")
    times = SelectField(_l("At these times"), default="")
    called = SelectField(_l("Calls to"), default="")

    CONDITIONS = ("callers", "times", "called")
    PERIOD = ("starts_day", "starts_time", "ends_day", "ends_time")
    EDITED = (
        "when",
        *(name for row in ROWS for name in (f"to_{row}", f"seconds_{row}")),
        *PERIOD,
        *CONDITIONS,
    )

    # --- what is offered ----------------------------------------------------------------------------------------------------

    def offer(self, sheet: Sheet, exchange: Exchange, times: Sequence[KeptTimes], callers: Sequence[KeptCallers]) -> None:
        self.people = rules.offered(exchange, besides=sheet.line.public_id)
        self.when.choices = [SelectChoice(when.value, title) for when, title in titles().items()]
        hints = hints_of(sheet)
        self.when.drawing = {"hints": {when.value: hint for when, hint in hints.items()}}
        kept = [(one.row.public_id, one.row.name) for one in callers]
        self.callers.choices = _both_ways(_("Everybody"), i18n.gettext(ONLY_FROM), i18n.gettext(NOT_FROM), kept)
        kept = [(one.row.public_id, one.row.name) for one in times]
        self.times.choices = _both_ways(_("Always"), i18n.gettext(ONLY_THEN), i18n.gettext(NOT_THEN), kept)
        shown = [(number, phone.spoken(number, exchange.home.cc)) for number in sheet.numbers]
        self.called.choices = [SelectChoice("", _("Any of the numbers")), *(SelectChoice(*number) for number in shown)]
        for one in self:
            one.flags.optional = False  # what has to be filled in depends on the rest

    # --- what is shown ------------------------------------------------------------------------------------------------------

    @property
    def shown_rows(self) -> range:
        """Those that somebody filled in or asked for, one at least."""
        filled = max((row for row in ROWS if self[f"to_{row}"].data or self[f"to_{row}"].errors), default=1)
        asked = int(self.rows.data) if self.rows.data and self.rows.data.isascii() and self.rows.data.isdigit() else 1
        return range(1, max(1, min(MOST_DESTINATIONS, max(filled, asked))) + 1)

    @property
    def conditions_open(self) -> bool:
        return any(self[name].data or self[name].errors for name in self.CONDITIONS)

    def begin(self, asked: Mapping[str, str], zone: ZoneInfo) -> None:
        """What the address asks for, and else what is likely."""
        self.when.data = asked["when"] if asked.get("when") in set(When) else When.ALWAYS.value
        for row in ROWS:
            self[f"to_{row}"].data = asked.get(f"to_{row}", "")
            self[f"seconds_{row}"].data = asked.get(f"seconds_{row}") or USUAL_SECONDS
        for name in self.CONDITIONS:
            offered = {choice.value for choice in self[name].choices}
            self[name].data = asked[name] if asked.get(name) in offered else ""
        if asked.get("scheduled"):
            self.scheduled.data = "1"
            day, hour = _typed_moment(_next_quarter(clock.now()), zone)
            usual = {"starts_day": day, "starts_time": hour, "ends_time": "08:00"}
            for name in self.PERIOD:
                self[name].data = asked.get(name) or usual.get(name, "")

    def show_rule(self, values: Values, rule: Rule) -> None:
        self.show(values, rule.version)
        self.scheduled.data = "1" if rule.scheduled else ""
        self.enabled.data = "" if rule.enabled else "off"

    def as_query(self) -> str:
        """What was typed so far, to come back to."""
        typed = {name: self[name].data for name in ("scheduled", *self.EDITED)}
        return urlencode({name: value for name, value in typed.items() if value})

    @property
    def place_number(self) -> int | None:
        text = self.place.data or ""
        return int(text) if text.isascii() and text.isdigit() and len(text) < 3 else None

    def rearrange(self, action: str, row: int) -> None:
        """Destinations without saving: another one, one less, or in another order."""
        pairs = [(self[f"to_{one}"].data or "", self[f"seconds_{one}"].data or USUAL_SECONDS) for one in self.shown_rows]
        place = row - 1
        if action == "more":
            pairs.append(("", USUAL_SECONDS))
        elif action == "drop" and place < len(pairs):
            del pairs[place]
        elif action == "up" and 0 < place < len(pairs):
            pairs[place - 1], pairs[place] = pairs[place], pairs[place - 1]
        elif action == "down" and place + 1 < len(pairs):
            pairs[place + 1], pairs[place] = pairs[place], pairs[place + 1]
        pairs = pairs[:MOST_DESTINATIONS]
        self.rows.data = str(max(1, len(pairs)))
        padded = [*pairs, *[("", USUAL_SECONDS)] * (MOST_DESTINATIONS - len(pairs))]
        for one, (to, seconds) in zip(ROWS, padded, strict=True):
            self[f"to_{one}"].data, self[f"seconds_{one}"].data = to, seconds

    # --- what was meant -----------------------------------------------------------------------------------------------------

    def plan(self, exchange: Exchange, zone: ZoneInfo) -> Plan | None:
        """None when something cannot be understood; that is said at its field."""
        destinations = [one for row in ROWS if (one := self._destination(row, exchange))]
        starts, ends = self._moment("starts", zone), self._moment("ends", zone)
        if self.errors:
            return None
        if not destinations:
            self.refuse(Refused("forward-nowhere", field="to_1"))
            return None
        callers_except, callers = _chosen(self.callers.data)
        times_except, times = _chosen(self.times.data)
        return Plan(
            when=When(self.when.data),
            destinations=destinations,
            callers=callers,
            callers_except=callers_except,
            called=self.called.data or None,
            times=times,
            times_except=times_except,
            starts=starts,
            ends=ends,
            enabled=self.enabled.data != "off",
        )

    def _destination(self, row: int, exchange: Exchange) -> Destination | None:
        typed, seconds = self[f"to_{row}"].data, (self[f"seconds_{row}"].data or USUAL_SECONDS)
        if not typed:
            return None
        try:
            found = rules.destination(typed, exchange)
        except Refused as refusal:
            self.refuse(Refused(refusal.code, field=f"to_{row}", **refusal.facts))
            return None
        if not (seconds.isascii() and seconds.isdigit() and 1 <= int(seconds) <= rules.LONGEST_RING):
            self.refuse(Refused("forward-ring", field=f"seconds_{row}"))
            return None
        return Destination(found.line, found.number, int(seconds))

    def _moment(self, end: str, zone: ZoneInfo) -> datetime | None:
        if not self.scheduled.data:
            return None
        day, hour = self[f"{end}_day"], self[f"{end}_time"]
        try:
            on = date.fromisoformat(day.data or "")
        except ValueError:
            day.errors = [_("This date does not exist.") if day.data else _("Please fill this in.")]
            return None
        try:
            at = read_clock(hour.data or "-")
        except Refused as refusal:
            hour.errors = [refusal.sentence()]
            return None
        return datetime.combine(on, at, zone).astimezone(UTC)


def _both_ways(everything: str, only: str, besides: str, kept: Iterable[tuple[str, str]]) -> list[SelectChoice]:
    """`only` and `besides` are sentences about a name."""
    named, ways = list(kept), ((ONLY, only), (EXCEPT, besides))
    return [
        SelectChoice("", everything),
        *(SelectChoice(f"{way}-{public_id}", words % {"name": name}) for way, words in ways for public_id, name in named),
    ]


def _chosen(value: str | None) -> tuple[bool, PublicId | None]:
    way, _dash, public_id = (value or "").partition("-")
    return way == EXCEPT, PublicId(public_id) if ids.PATTERN.fullmatch(public_id) else None


def _next_quarter(moment: datetime) -> datetime:
    return datetime.fromtimestamp(-(-moment.timestamp() // QUARTER) * QUARTER, UTC)


def _typed_moment(moment: datetime, zone: ZoneInfo) -> tuple[str, str]:
    local = moment.astimezone(zone)
    return local.date().isoformat(), f"{local:%H:%M}"


def titles() -> dict[When, str]:
    return {
        When.ALWAYS: _("Always"),
        When.BUSY: _("When busy"),
        When.NO_ANSWER: _("When not answered"),
        When.UNREACHABLE: _("When not reachable"),
    }


def hints_of(sheet: Sheet) -> dict[When, str]:
    if sheet.is_group:
        return {
            When.ALWAYS: _("All calls, at once. The group does not ring."),
            When.BUSY: _("Everybody in the group is on the phone."),
            When.NO_ANSWER: _("The group has rung, and nobody has answered."),
            When.UNREACHABLE: _("Nobody in the group has a phone that is switched on."),
        }
    return {
        When.ALWAYS: _("All calls, at once. Nothing rings here."),
        When.BUSY: _("Somebody is on the phone, or do not disturb is on."),
        When.NO_ANSWER: _("It has rung for %(seconds)s seconds.", seconds=sheet.handling.ring_seconds),
        When.UNREACHABLE: _("No phone is switched on."),
    }


def stored(rule: Rule, zone: ZoneInfo, home: Home) -> Values:
    """A rule as this form shows it."""
    values = dict.fromkeys(ForwardForm.EDITED, "") | {f"seconds_{row}": USUAL_SECONDS for row in ROWS}
    values["when"] = rule.when.value
    for row, place in enumerate(rule.places, 1):
        shown = place.target.label if place.target else rules.typed(place.number or "", home)
        values |= {f"to_{row}": shown, f"seconds_{row}": str(place.ring_seconds)}
    for end, moment in (("starts", rule.starts_at), ("ends", rule.ends_at)):
        if moment:
            values[f"{end}_day"], values[f"{end}_time"] = _typed_moment(moment, zone)
    for name, kept, excepted in (("callers", rule.callers, rule.callers_except), ("times", rule.times, rule.times_except)):
        values[name] = f"{EXCEPT if excepted else ONLY}-{kept.public_id}" if kept else ""
    values["called"] = rule.called or ""
    return values
