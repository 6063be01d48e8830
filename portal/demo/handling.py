"""What Clare’s company does with calls: times and callers by name, who is blocked, short keys. Every step is a real operation."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from functools import partial

from portal.core.identity import Identity
from portal.core.phone import Home
from portal.demo import world
from portal.demo.actors import identity_of
from portal.features.accounts import queries as account_queries
from portal.features.callhandling import operations, queries, rules
from portal.features.callhandling.rules import Destination, Dial, Direction, Entry, Holidays, Mode, Span, Weekly
from portal.features.subscribers.models import Subscriber

HOME = Home(world.BASE.cc, world.BASE.ac)
EVERY_DAY, WEEKEND = frozenset(range(7)), frozenset({5, 6})
OPENS, CLOSES = time(8), time(18)

# Of the ranges of partners.
KRANZ, HOFMANN, WEAVER = "493023125142", "494066969118", "442079460958"
JONAS, PARENTS, UNWANTED = "491713920021", "491760406934", "498999998077"


@dataclass(frozen=True)
class Handling:
    """`lines` by extension, as far as they have joined by the moment of a step."""

    clare: Identity
    lines: Mapping[str, Subscriber]

    def steps(self, moment: Callable[[int, str], datetime]) -> Sequence[tuple[datetime, Callable[[], object]]]:
        return [
            (moment(61, "09:12"), self.times),
            (moment(61, "09:31"), self.key_customers),
            (moment(45, "10:07"), partial(self.no_premium_numbers, "115", "127")),
            (moment(40, "12:48"), partial(self.family, "101")),
            (moment(33, "16:02"), partial(self.short_keys, "101")),
            (moment(9, "13:20"), partial(self.block, "101")),
        ]

    def person(self, extension: str) -> Identity:
        account = account_queries.of_subscriber(self.lines[extension].id)
        return identity_of(account) if account else self.clare

    def times(self) -> None:
        weekend = Weekly(WEEKEND, time.min, time.min)
        after_hours: list[Span] = [Weekly(EVERY_DAY, CLOSES, OPENS), weekend, Holidays("DE", "BE")]
        operations.add_times(by=self.clare, line=None, name="After hours", spans=after_hours)
        operations.add_times(by=self.clare, line=None, name="Public holidays", spans=[Holidays("DE", "BE")])

    def key_customers(self) -> None:
        known = {"Kranz & Söhne": KRANZ, "Hofmann Logistik": HOFMANN, "Weaver & Co, London": WEAVER}
        entries = [Entry(number, name) for name, number in known.items()]
        operations.add_callers(by=self.clare, line=None, name="Key customers", entries=entries)

    def no_premium_numbers(self, *extensions: str) -> None:
        entries = rules.read_entries("0900*  Premium numbers\n00*  Abroad", HOME)
        for extension in extensions:
            line = self.lines[extension]
            operations.change_blocking(
                by=self.clare,
                line=line,
                version=_version(line),
                direction=Direction.OUT,
                mode=Mode.BLOCK,
                entries=entries,
                home=HOME,
            )

    def family(self, extension: str) -> None:
        """The own list of a person."""
        entries = [Entry(JONAS, "Jonas"), Entry(PARENTS, "Mum and Dad")]
        by, line = self.person(extension), self.lines[extension]
        operations.add_callers(by=by, line=line, name="Family", entries=entries)

    def short_keys(self, extension: str) -> None:
        line = self.lines[extension]
        dials = {
            0: Dial(Destination(number=KRANZ), "Kranz & Söhne"),
            1: Dial(Destination(line=self.lines["602"].public_id)),
            2: Dial(Destination(number=JONAS), "Jonas"),
        }
        operations.change_speed_dials(by=self.person(extension), line=line, version=_version(line), dials=dials)

    def block(self, extension: str) -> None:
        operations.block_caller(by=self.person(extension), line=self.lines[extension], number=UNWANTED)


def _version(line: Subscriber) -> int:
    return queries.sheet(line.public_id).handling.version
