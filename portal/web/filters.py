"""Lists that are asked for by their address: what is offered counts, what was typed in vain is said at its field."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import ClassVar, Self
from urllib.parse import urlencode

import wtforms
from flask import request, url_for
from flask_babel import gettext as _, lazy_gettext as _l
from wtforms.validators import ValidationError

from portal.core.periods import Period, Span, chosen, period
from portal.web.fields import DateField
from portal.web.forms import Form

SIZES = (25, 50, 100)
USUAL_SIZE = 50
LONGEST_WORDS = 100
Offered = Mapping[str, Collection[str]]


class DayField(DateField):
    """A day that does not exist stays readable: a browser's own control would not show it."""

    @property
    def macro(self) -> str:  # type: ignore[override]
        return "text" if self.errors else "date"


class PeriodForm(Form):
    """Read from the address."""

    class Meta(Form.Meta):
        csrf = False

    since = DayField(_l("From"))
    until = DayField(_l("To"))

    @classmethod
    def read(cls) -> Self:
        form = cls(formdata=request.args)
        form.validate()
        for one in form:
            one.flags.optional = False  # nobody takes a filter for a duty
        return form

    def usable(self) -> Iterator[wtforms.Field]:
        """The fields that say something. With one end of a period wrong, the other says nothing."""
        for one in self:
            together = (self.since, self.until) if one in {self.since, self.until} else (one,)
            if one.data and not any(part.errors for part in together):
                yield one

    def validate_until(self, field: DayField) -> None:
        if field.data and self.since.data and field.data < self.since.data:
            raise ValidationError(_("This day lies before the first one."))

    def values(self, offered: Offered, typed: Collection[str], usual: Mapping[str, str]) -> dict[str, str]:
        """What the address says besides the usual: of what is offered, of the fields, and of what is `typed` freely."""
        found = {name: request.args.get(name, "") for name, some in offered.items() if request.args.get(name) in some}
        found |= {one.name: request.args[one.name].strip() for one in self.usable()}
        found |= {name: text for name in typed if (text := _typed(name))}
        if "since" in found or "until" in found:
            found.pop("period", None)
        return {name: value for name, value in found.items() if value != usual.get(name)}

    def period(self, values: Mapping[str, str], usual: str, today: date) -> Period:
        if "since" in values or "until" in values:
            since, until = (self[name].data if name in values else None for name in ("since", "until"))
            return chosen(since, until, today)
        return period(Span(values.get("period", usual)), today)


def _typed(name: str) -> str:
    return "".join(sign for sign in request.args.get(name, "") if sign.isprintable()).strip()[:LONGEST_WORDS]


@dataclass(frozen=True, kw_only=True)
class Listing:
    """A list as it was asked for. `values` is what differs from the usual, by its name in the address."""

    endpoint: ClassVar[str]
    usual: ClassVar[Mapping[str, str]]

    values: Mapping[str, str]
    form: PeriodForm
    period: Period
    paths: dict[str, str] = field(default_factory=dict)  # a page has some fifty addresses of the same two paths

    @property
    def words(self) -> str:
        return self.values.get("q", "")

    @property
    def size(self) -> int:
        return int(self.values.get("rows", USUAL_SIZE))

    @property
    def period_chosen(self) -> bool:
        return self.period.span is None or self.period.span != self.usual["period"]

    def url(self, endpoint: str = "", **changes: str | int | None) -> str:
        """The same list with something else, from its beginning."""
        wanted = {**self.values, **{name: None if value is None else str(value) for name, value in changes.items()}}
        params = {name: value for name, value in wanted.items() if value not in {None, self.usual.get(name)}}
        endpoint = endpoint or self.endpoint
        path = self.paths.get(endpoint) or self.paths.setdefault(endpoint, url_for(endpoint))
        return f"{path}?{urlencode(params)}" if params else path

    def kept(self, *without: str) -> dict[str, str]:
        """For forms of the page that ask for something else."""
        return {name: value for name, value in self.values.items() if name not in without}

    def sizes(self) -> list[tuple[int, str, bool]]:
        return [(size, self.url(rows=size), size == self.size) for size in SIZES]
