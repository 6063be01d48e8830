"""What lines and numbers are called in sentences and pictures."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from portal.core import i18n, phone
from portal.core.i18n import N_
from portal.core.ids import PublicId
from portal.features.callhandling.rules.lines import Destination, Exchange


@dataclass(frozen=True)
class Names:
    """`known`: names of numbers outside, by their digits."""

    exchange: Exchange
    known: Mapping[str, str] = field(default_factory=dict)

    def person(self, line: PublicId) -> str:
        """“Alice Meier”."""
        found = self.exchange.lines.get(line)
        return found.name if found else i18n.gettext(N_("a line that has ended"))

    def place(self, line: PublicId) -> str:
        """“Reception, 602”."""
        found = self.exchange.lines.get(line)
        if found is None or found.extension is None:
            return self.person(line)
        return i18n.gettext(N_("%(name)s, %(extension)s"), name=found.name, extension=f"\u2066{found.extension}\u2069")

    def number(self, digits: str) -> str:
        """“Kranz & Söhne, 030 4412870”, or the number alone."""
        shown = phone.spoken(digits, self.exchange.home.cc)
        name = self.known.get(digits)
        return i18n.gettext(N_("%(name)s, %(extension)s"), name=name, extension=shown) if name else shown

    def destination(self, destination: Destination) -> str:
        if destination.line is not None:
            return self.place(destination.line)
        return self.number(destination.number or "")
