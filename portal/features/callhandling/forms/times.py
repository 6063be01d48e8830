"""Time sets, as they are filled in: a name, and parts that buttons add and take away."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from flask_babel import gettext as _, lazy_gettext as _l
from wtforms import HiddenField

from portal.core.errors import Refused
from portal.features.callhandling import rules
from portal.features.callhandling.queries import KeptTimes
from portal.features.callhandling.rules import Span, SpanKind, Times, Typed
from portal.web.fields import ChoiceField, TextField, offered
from portal.web.sections import SectionForm, Values

EXCEPT = "except"
SEVERAL = ("kind", "take", "begins", "ends", "first", "last", "country", "region")
COMPANY, OWN = "company", "own"


@dataclass(frozen=True)
class Part:
    """A part of the times at its place, with what is wrong with it."""

    typed: Typed
    error: str = ""


class WhoseForm(SectionForm):
    """Something that the company shares or one line has for itself."""

    whose = ChoiceField(_l("For whom"), default=COMPANY, draw={"hints": {}})

    def settle_owner(self) -> None:
        """What is there has its owner."""
        del self.whose

    def offer(self, *, company: bool) -> None:
        """Whoever does not run the company keeps it for the own line, and is not asked."""
        shared = [(COMPANY, _("All lines of the company"))] if company else []
        self.whose.choices = offered([*shared, (OWN, _("My line only"))])
        if not company:
            self.whose.data = OWN


class TimesForm(WhoseForm):
    name = TextField(_l("Name"), required=True, longest=rules.LONGEST_CONDITION_NAME, draw={"attrs": {"autocomplete": "off"}})
    spans = HiddenField()

    EDITED = ("name", "spans")
    parts: Sequence[Part] = ()

    @staticmethod
    def stored(kept: KeptTimes) -> Values:
        return {"name": kept.row.name, "spans": rules.spans_as_text(kept.times.spans)}

    def take(self, values: Values) -> None:
        super().take(values)
        self.parts = [Part(typed) for typed in rules.typed_from_text(values["spans"])]

    def take_parts(self, sent: Mapping[str, str], days: Mapping[int, frozenset[str]]) -> None:
        """From the fields of the parts; without them, as after two edits met, from the text that was sent along."""
        places = [place for place in range(rules.MOST_SPANS + 1) if f"part_{place}_kind" in sent]
        if places or "spans" not in sent:
            self.parts = [Part(_typed(place, sent, days.get(place, frozenset()))) for place in places]
        else:
            self.parts = [Part(typed) for typed in rules.typed_from_text(self.spans.data or "")]

    def press(self, pressed: str) -> None:
        """A button within the form: add-weekly, remove-2; any other only shows the form again."""
        verb, _dash, what = pressed.partition("-")
        if verb == "add" and what in set(SpanKind) and len(self.parts) <= rules.MOST_SPANS:
            self.parts = [*self.parts, Part(Typed(what, country=self.usual_country))]
        elif verb == "remove" and what.isdecimal():
            self.parts = [part for place, part in enumerate(self.parts) if str(place) != what]

    usual_country = ""

    def read(self) -> list[Span]:
        """The spans, as far as they can be read; what cannot says so at its part. With that, the text is settled."""
        spans: list[Span] = []
        parts: list[Part] = []
        for part in self.parts:
            try:
                spans.append(part.typed.span())
                parts.append(replace(part, error=""))
            except Refused as refusal:
                parts.append(replace(part, error=refusal.sentence()))
        self.parts = parts
        if not self.wrong:
            self.spans.data = rules.spans_as_text(spans)
        return spans

    @property
    def wrong(self) -> list[tuple[str, str]]:
        return [(f"part-{place}", part.error) for place, part in enumerate(self.parts) if part.error]

    @property
    def summary(self) -> list[tuple[str | None, str]]:
        return [*super().summary, *self.wrong]

    def in_words(self, name: str, value: str) -> str:
        if name != "spans":
            return super().in_words(name, value)
        return rules.times_in_words(Times("", tuple(one.span() for one in rules.typed_from_text(value))))


def _typed(place: int, sent: Mapping[str, str], days: frozenset[str]) -> Typed:
    kind, take, *texts = (sent.get(f"part_{place}_{name}", "") for name in SEVERAL)
    begins, ends, first, last, country, region = texts
    return Typed(kind, take == EXCEPT, days, begins, ends, first, last, country, region)
