"""Phonebooks of the demo world: whom Lantern Co telephones with, whom Alice knows. Every step is a real operation."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from portal.core.identity import Identity
from portal.core.phone import Home
from portal.core.sheets import line
from portal.demo import world
from portal.demo.actors import identity_of
from portal.demo.calls import CHARLIE, LANTERN
from portal.demo.handling import HOFMANN, JONAS, KRANZ, PARENTS, WEAVER
from portal.features.accounts import queries as account_queries
from portal.features.phonebook import operations
from portal.features.phonebook.queries import Book
from portal.features.subscribers.models import Subscriber

HOME = Home(world.BASE.cc, world.BASE.ac)

# In the order of Lantern’s partners, who call the more often the earlier they stand. Company, person, note.
PARTNERS = (
    ("Kranz & Söhne", "Friederike Kranz", ""),
    ("Weaver & Co", "Oliver Weaver", "Orders in English"),
    ("Pennine Lamps", "", ""),
    ("Elektro Sachs", "Jörg Sachs", ""),
    ("Lichthaus Frankfurt", "", "Closed on Mondays"),
    ("Hofmann Logistik", "Dispatch", "Lorries until 16:00"),
    ("", "Emre Yıldız", "Fitter, Berlin north"),
    ("Spreewerft", "Anke Thiel", ""),
    ("Bäckerei Morgenrot", "", "Breakfast on the first Friday"),
    ("Alsterglas", "Henrik Petersen", ""),
    ("Greenwich Signal Works", "", ""),
    ("Tide & Beacon Trust", "Moira Hall", ""),
    ("Rheinmetallbau Adam", "Klaus Adam", ""),
    ("", "Nadia Petrova", "Photographer"),
    ("Steuerkanzlei Wirth", "Dr. Ulrich Wirth", "Only by telephone"),
    ("Mainlicht", "", ""),
    ("", "Tobias Lange", "Lift maintenance, day and night"),
    ("Taunus Kabel", "Sabine Roth", ""),
    ("", "Lena Hoffmann", "Cleaning"),
    ("", "Viktor Baum", "Crane hire"),
    ("Fyrvaktaren AB", "Ingrid Lund", "Speaks German"),
    ("Hafenversicherung", "", "Policy 4711-08"),
    ("Nordlicht Messebau", "Swantje Beck", ""),
)


@dataclass(frozen=True)
class Phonebooks:
    """`lines` by extension, as far as they have joined by the moment of a step."""

    clare: Identity
    lines: Mapping[str, Subscriber]

    def steps(self, moment: Callable[[int, str], datetime]) -> Sequence[tuple[datetime, Callable[[], object]]]:
        kranz = {"company": "Kranz & Söhne", "note": "Signs for deliveries"}
        return [
            (moment(63, "10:20"), self.partners),
            (moment(36, "15:03"), partial(self.add, "Kranz & Söhne, stores", ("work", KRANZ), **kranz)),
            (moment(28, "09:44"), partial(self.add, "Weaver London", ("work", WEAVER), ("other", LANTERN.partners[24]))),
            (moment(13, "11:31"), partial(self.add, "Hofmann Spedition", ("work", HOFMANN), company="Hofmann Logistik")),
            (moment(26, "12:40"), self.family),
        ]

    def partners(self) -> None:
        """As a table, from the address book that the company had before."""
        rows = zip(PARTNERS, LANTERN.partners, strict=False)
        table = [line("Name", "Company", "Note", "Number", "Kind")]
        table += [line(person or company, company, note, f"+{digits}", _kind(digits)) for (company, person, note), digits in rows]
        data = "".join(table).encode()
        kept = operations.read_file(by=self.clare, book=Book.COMPANY, name="partners.csv", data=data, languages=["en"], home=HOME)
        operations.write_file(by=self.clare, key=kept.public_id)

    def add(self, name: str, *numbers: tuple[str, str], **more: str) -> None:
        typed = [(label, f"+{digits}") for label, digits in numbers]
        operations.add(by=self.clare, book=Book.COMPANY, name=name, numbers=typed, home=HOME, **more)

    def family(self) -> None:
        """Alice’s own, one of them under a name of her own."""
        account = account_queries.of_subscriber(self.lines["101"].id)
        if account is None:
            return
        known = (("Jonas", "mobile", JONAS), ("Mum and Dad", "home", PARENTS), ("Fritzi (Kranz)", "work", LANTERN.partners[0]))
        for name, label, digits in known:
            keep_for(identity_of(account), name, (label, digits))


def keep_for(by: Identity, name: str, *numbers: tuple[str, str]) -> None:
    """An entry of somebody’s own phonebook."""
    typed = [(label, f"+{digits}") for label, digits in numbers]
    operations.add(by=by, book=Book.MINE, name=name, numbers=typed, home=HOME)


def charlies_friends(by: Identity) -> None:
    for name, digits in zip(("Mother", "Samir", "Aunt Grace", "Dance school"), CHARLIE.friends, strict=False):
        keep_for(by, name, (_kind(digits).lower(), digits))


def _kind(digits: str) -> str:
    return "Mobile" if digits.startswith(("491", "447", "336")) else "Work"
