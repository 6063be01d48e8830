"""What is copied, and to whom."""

from collections.abc import Sequence

from flask_babel import gettext as _, lazy_gettext as _l, ngettext
from wtforms import HiddenField

from portal.core.ids import PATTERN, PublicId
from portal.features.callhandling.queries import LineRow, Sheet
from portal.features.callhandling.rules import FOR_GROUPS, Copied
from portal.features.callhandling.rules.copying import FEATURES
from portal.web.fields import TicksField, offered
from portal.web.forms import Form


class CopyForm(Form):
    """`sure`: what is replaced was read."""

    parts = TicksField(_l("What"), validate_choice=False)
    to = TicksField(_l("To whom"), validate_choice=False)
    sure = HiddenField()

    def offer(self, sheet: Sheet) -> "CopyForm":
        titles = {
            Copied.FORWARDING: _("Forwarding") if sheet.is_group else _("Forwarding and ring time"),
            Copied.BLOCKING: _("Blocked callers") if sheet.is_group else _("Blocked callers and numbers"),
            Copied.PRIVACY: _("Own number shown or hidden"),
            Copied.SPEED_DIAL: _("Speed dial"),
        }
        every = FOR_GROUPS if sheet.is_group else tuple(Copied)
        parts = [part for part in every if all(map(sheet.ceiling.may_change, FEATURES[part]))]
        self.parts.choices = offered([(part.value, titles[part]) for part in parts])
        return self

    @property
    def chosen_parts(self) -> list[Copied]:
        return [Copied(one) for one in self.parts.data or () if one in set(Copied)]

    @property
    def chosen_lines(self) -> list[PublicId]:
        return [PublicId(one) for one in dict.fromkeys(self.to.data or ()) if PATTERN.fullmatch(one)]


def replaced(row: LineRow, parts: Sequence[Copied]) -> list[str]:
    """What a line has in these parts, in words."""
    words = {
        Copied.FORWARDING: ngettext("%(num)s rule of forwarding", "%(num)s rules of forwarding", row.rules),
        Copied.BLOCKING: ngettext("%(num)s blocked number", "%(num)s blocked numbers", row.blocked),
        Copied.SPEED_DIAL: ngettext("%(num)s speed dial key", "%(num)s speed dial keys", row.dials),
    }
    counts = {Copied.FORWARDING: row.rules, Copied.BLOCKING: row.blocked, Copied.SPEED_DIAL: row.dials}
    return [words[part] for part, number in counts.items() if part in parts and number]
