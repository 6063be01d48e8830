"""Who is who in the demo world. Tests, docs and pictures use the same names.

Numbers lie in ranges that regulators keep free for films and books, wherever a country has one.
"""

from dataclasses import dataclass

from portal.core import i18n
from portal.core.permissions import Role
from portal.core.phone import Parts
from portal.features.pbx.models import RingingPolicy

PASSWORD = "lantern-demo-2026"  # noqa: S105 - everybody may know it
_PLAIN = str.maketrans({"ı": "i", "ł": "l"})


@dataclass(frozen=True)
class Domain:
    """A SIP domain and the web host that belongs to it."""

    name: str
    host: str
    languages: tuple[str, ...]
    cc: str
    ac: str
    time_zone: str = "Europe/Berlin"
    title: str | None = None


@dataclass(frozen=True)
class Provider:
    """A reseller."""

    name: str
    theme: str
    domains: tuple[Domain, ...]
    operator: bool = False


@dataclass(frozen=True)
class Staff:
    """Somebody who works for a provider."""

    email: str
    name: str
    role: Role
    provider: str


@dataclass(frozen=True)
class Person:
    """Somebody with a line and a contract, or in charge of a company’s."""

    name: str
    username: str
    domain: str
    email: str
    number: Parts

    @property
    def contact(self) -> dict[str, str]:
        first, _blank, last = self.name.partition(" ")
        return {"email": self.email, "first_name": first, "last_name": last}


@dataclass(frozen=True)
class Colleague:
    """An extension of a company; weight is how much of the company's telephoning is theirs."""

    extension: str
    name: str
    username: str
    weight: float = 1.0

    @property
    def email(self) -> str:
        return f"{i18n.sort_key(self.name).translate(_PLAIN).replace(' ', '.')}@lantern.example"


@dataclass(frozen=True)
class Ring:
    """A PBX group; number is the one that is printed on letters, one of the pool's."""

    extension: str
    name: str
    policy: RingingPolicy
    members: tuple[str, ...]
    number: str
    ring_seconds: int = 10


PROVIDERS = (
    Provider("Isar Telecom", "isar", (Domain("sip.isar.example", "isar.localhost", ("de", "en"), "49", "89"),), operator=True),
    Provider(
        "TelephOne",
        "telephone",
        (
            Domain("telephone.example", "telephone.localhost", ("en", "de", "es"), "49", "30"),
            Domain("lantern.telephone.example", "lantern.localhost", ("en", "de", "es"), "49", "30", title="Lantern Co"),
        ),
    ),
    Provider("Cheap Call", "cheapcall", (Domain("cheapcall.example", "cheapcall.localhost", ("de", "en", "tr"), "49", "69"),)),
    Provider(
        "Cheap Call in France",
        "cheapcall",
        (Domain("cheapcall-fr.example", "cheapcall-fr.localhost", ("fr", "en", "ar"), "33", "", "Europe/Paris"),),
    ),
)

STAFF = (
    Staff("olga@isar.example", "Olga Brunner", Role.OPERATOR, "Isar Telecom"),
    Staff("tom@telephone.example", "Tom Becker", Role.RESELLER, "TelephOne"),
    Staff("rita@cheapcall.example", "Rita Özdemir", Role.RESELLER, "Cheap Call"),
)

# --- Lantern Co ------------------------------------------------------------------------------------------------------

BASE = Parts("49", "30", "5550000")
CLARE = Person("Clare Fenn", "clare", "lantern.telephone.example", "clare.fenn@lantern.example", BASE)
POOL = tuple(Parts("49", "30", f"55507{n:02}") for n in range(20))
POOL_AT_FIRST = 17

_NAMES = (
    "Alice Meier", "Bob Turner", "Carol Nguyen", "Emil Sommer", "Fatma Yıldız", "Georg Brandt",
    "Hanna Vogel", "Ibrahim Haddad", "Julia Kern", "Karl Lindner", "Lena Köhler", "Marco Rossi",
    "Nadia Benali", "Oskar Stein", "Paula Graf", "Quentin Moreau", "Rosa Delgado", "Stefan Winter",
    "Tara Okafor", "Ulrich Behrens", "Vera Novak", "Walter Scholz", "Xenia Petrov", "Yusuf Demir",
    "Zoe Lange", "Anton Keller", "Britta Jansen", "Cem Kaya", "Daniela Ortiz", "Erik Berg",
    "Franka Hoffmann", "Gustav Krüger", "Helene Weiß", "Igor Sokolov", "Jana Fuchs", "Kemal Aydın",
    "Lotte Peters", "Milan Horvat", "Nora Busch", "Otto Lorenz", "Petra Simon", "Rafael Silva",
    "Sina Roth", "Timo Wagner", "Ute Maurer", "Viktor Hahn", "Wanda Zielińska", "Yara Farah",
    "Zeki Şahin", "Amira Nasser", "Boris Ivanov", "Clara Dietrich", "David Cohen", "Elif Arslan",
    "Felix Schäfer", "Greta Thiel", "Henrik Falk", "Ines Ramos", "Jonas Wolff", "Kofi Mensah",
)

# The first three sell; who answers for Support and Reception telephones more than the others.
_WEIGHTS = {101: 2.0, 102: 1.8, 103: 1.9} | dict.fromkeys(range(104, 112), 2.0) | dict.fromkeys((112, 113), 2.4)

LANTERN = tuple(
    Colleague(str(number), name, name.split()[0].lower() if number <= 103 else str(number), _WEIGHTS.get(number, 0.8))
    for number, name in enumerate(_NAMES, 101)
)
GROUPS = (
    Ring("600", "Sales", RingingPolicy.PARALLEL, ("101", "102", "103"), "5550700", 20),
    Ring("601", "Support", RingingPolicy.CIRCULAR, tuple(str(number) for number in range(104, 112)), "5550701", 15),
    Ring("602", "Reception", RingingPolicy.SERIAL, ("112", "113", "101"), "5550702"),
)

# --- City Bank -------------------------------------------------------------------------------------------------------

BANK_BASE = Parts("49", "30", "5560000")
IKE = Person("Ike Leonard", "ike", "telephone.example", "ike.leonard@citybank.example", BANK_BASE)
BANK_POOL = tuple(Parts("49", "30", f"55607{n:02}") for n in range(5))
_BANKERS = ("Grace Obi", "Mateo Álvarez", "Owen Hale", "Priya Raman", "Sofia Lindqvist", "Tariq Aziz")
BANK = tuple(Colleague(str(number), name, str(number)) for number, name in enumerate(_BANKERS, 101))

# --- regular subscribers ---------------------------------------------------------------------------------------------

RYLIC = Person("Rylic Dorn", "rylic", "sip.isar.example", "rylic@dts.example", Parts("49", "89", "99998007"))
CHARLIE = Person("Charlie Adler", "charlie", "cheapcall.example", "charlie@mail.example", Parts("49", "69", "90009310"))
