"""What happened at Lantern Co: how it grew, and what its pilot changed in the past weeks. Every step is a real operation."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from portal.core import clock, db
from portal.core.identity import Identity
from portal.core.ids import PublicId
from portal.demo import bulk, rhythm, world
from portal.demo.actors import identity_of
from portal.demo.book import Phonebooks
from portal.demo.forwards import Forwards
from portal.demo.groups import Groups
from portal.demo.handling import Handling
from portal.demo.profiles import Profiles
from portal.demo.world import Colleague
from portal.features.accounts import operations as accounts, queries as account_queries
from portal.features.numbers import operations as number_operations, queries as numbers
from portal.features.pbx import operations as pbx
from portal.features.subscribers import operations as subscribers
from portal.features.subscribers.models import OutgoingNumber, Subscriber
from portal.features.subscribers.queries import company as company_of
from portal.features.subscribers.rules import LockLevel

ZONE = ZoneInfo("Europe/Berlin")
Steps = Sequence[tuple[datetime, Callable[[], object]]]
GROWN_OVER = 200  # working days


def moment(days_ago: int, at: str) -> datetime:
    """An hour of a working day; days_ago counts working days, 0 is today, or the latest one on which this hour has passed."""
    today = clock.today(ZONE)
    day = today if rhythm.is_working_day(today) else rhythm.working_day_before(today)
    if _at(day, at) > clock.now() - timedelta(minutes=5):
        day = rhythm.working_day_before(day)
    for _ in range(days_ago):
        day = rhythm.working_day_before(day)
    return _at(day, at)


def _at(day: date, at: str) -> datetime:
    return datetime.combine(day, time.fromisoformat(at), ZONE).astimezone(UTC)


def play(steps: Steps) -> None:
    """Does everything at its moment, in order."""
    for at, step in sorted(steps, key=lambda pair: pair[0]):
        with clock.frozen(at):
            step()
            db.session().flush()


@dataclass
class Lantern:
    """Clare’s company while it grows; lines by extension."""

    clare: Identity
    tom: Identity
    pilot: Subscriber
    lines: dict[str, Subscriber] = field(default_factory=dict)

    def steps(self) -> Steps:
        parts = (Handling, Forwards, Groups, Phonebooks, Profiles)
        more = [step for part in parts for step in part(self.clare, self.lines).steps(moment)]
        return [*self._growth(), *self._past_weeks(), *more]

    def _growth(self) -> Steps:
        groups = [(moment(GROWN_OVER - 3, f"16:{n:02}"), partial(self.group, ring)) for n, ring in enumerate(world.GROUPS)]
        return [(self._joined(n), partial(self.join, colleague)) for n, colleague in enumerate(world.LANTERN)] + groups

    def _joined(self, n: int) -> datetime:
        """Most came with the company, the others one by one, the last two this month."""
        if n < 48:
            return moment(GROWN_OVER - 1 - n // 24, f"{9 + n % 24 // 4:02}:{n % 4 * 14 + 3:02}")
        return moment({58: 14, 59: 6}.get(n, 170 - (n - 48) * 15), f"10:{n % 10 * 5:02}")

    def join(self, colleague: Colleague) -> None:
        new = pbx.create_extension(
            by=self.clare,
            customer_id=self.pilot.customer_id,
            display_name=_FORMER_NAMES.get(colleague.extension, colleague.name),
            extension=colleague.extension,
            username=colleague.username,
            email=colleague.email,
        )
        self.lines[colleague.extension] = new.subscriber

    def group(self, ring: world.Ring) -> None:
        group = pbx.create_group(
            by=self.clare,
            customer_id=self.pilot.customer_id,
            display_name=ring.name,
            extension=ring.extension,
            policy=ring.policy,
            ring_seconds=ring.ring_seconds,
            members=[self.lines[extension] for extension in ring.members],
        )
        self.lines[ring.extension] = group
        self.give(ring.extension, ring.number)

    def give(self, extension: str, *sns: str) -> None:
        to = self.lines[extension]
        pbx.assign_numbers(by=self.clare, customer_id=to.customer_id, numbers=_public_ids(sns), to=to)

    def take(self, *sns: str) -> None:
        pbx.return_numbers(by=self.clare, customer_id=self.pilot.customer_id, numbers=_public_ids(sns))

    def lock(self, extension: str, level: LockLevel, reason: str) -> None:
        subscribers.lock(by=self.clare, line=self.lines[extension], level=level, reason=reason)

    def unlock(self, extension: str) -> None:
        subscribers.unlock(by=self.clare, line=self.lines[extension])

    def rename(self, extension: str, name: str) -> None:
        line = self.lines[extension]
        colleague = next(one for one in world.LANTERN if one.extension == extension)
        pbx.change_person(
            by=self.clare,
            line=line,
            version=line.version,
            display_name=name,
            email=colleague.email,
            web_username=colleague.username,
            language=None,
        )

    def show_base_number(self, extension: str) -> None:
        line = self.lines[extension]
        keep = [number.public_id for number in numbers.aliases_of(line.id)]
        base = OutgoingNumber.BASE
        pbx.change_numbers(by=self.clare, line=line, version=line.version, extension=extension, outgoing=base, keep=keep)

    def do_not_disturb(self, extension: str) -> None:
        line = self.lines[extension]
        pbx.change_allowed(by=self.clare, line=line, version=line.version, do_not_disturb=True, music_on_hold=True)

    def renew(self, extension: str) -> None:
        subscribers.renew_sip_password(by=self.clare, line=self.lines[extension])

    def more_numbers(self) -> None:
        """By the provider: the last of the pool."""
        company = company_of(self.pilot.customer_id)
        added = world.POOL[world.POOL_AT_FIRST :]
        number_operations.add_numbers(by=self.tom, customer=company.customer, holder_id=self.pilot.id, parts=added)

    def speak(self, extension: str, language: str) -> None:
        """By the person: the language of the own account."""
        account = account_queries.of_subscriber(self.lines[extension].id)
        if account is not None:
            accounts.change_display(by=identity_of(account), language=language, time_zone=None, scheme=None)

    def leave(self, extension: str) -> None:
        pbx.terminate(by=self.clare, line=self.lines.pop(extension))

    def _past_weeks(self) -> Steps:
        return [
            (moment(150, "11:20"), partial(self.give, "101", "5550711")),
            (moment(149, "11:25"), partial(self.give, "102", "5550712")),
            (moment(120, "15:40"), partial(self.give, "115", "5550715", "5550716")),
            (moment(90, "09:15"), partial(self.give, "127", "5550707")),
            (moment(64, "10:30"), partial(self.give, "106", "5550706")),
            (moment(50, "10:05"), partial(self.join, Colleague("161", "Dirk Abel", "161"))),
            (moment(47, "13:15"), partial(self.give, "139", "5550714")),
            (moment(41, "14:25"), partial(self.give, "148", "5550708")),
            (moment(30, "16:12"), partial(self.rename, "119", "Tara Okafor")),
            (moment(27, "09:41"), partial(self.lock, "131", LockLevel.FOREIGN, "Works from the warehouse")),
            (moment(24, "12:06"), self.more_numbers),
            (moment(22, "11:02"), partial(self.leave, "161")),
            (moment(17, "13:48"), partial(self.give, "103", "5550713")),
            (moment(15, "15:20"), partial(self.show_base_number, "112")),
            (moment(12, "10:26"), partial(self.lock, "118", LockLevel.IN_AND_OUT, "Phone lost on the way to Hamburg")),
            (moment(11, "08:52"), partial(self.renew, "118")),
            (moment(11, "08:54"), partial(self.unlock, "118")),
            (moment(8, "16:35"), partial(self.give, "159", "5550709")),
            (moment(5, "11:15"), partial(self.show_base_number, "113")),
            (moment(4, "09:30"), partial(self.lock, "152", LockLevel.OUTGOING, "On parental leave until spring")),
            (moment(3, "14:02"), partial(self.give, "107", "5550706")),
            (moment(2, "10:11"), partial(self.do_not_disturb, "117")),
            (moment(1, "11:38"), partial(self.speak, "103", "en")),
            (moment(1, "15:47"), partial(self.take, "5550716")),
            (moment(1, "16:20"), partial(self.give, "160", "5550710")),
            (moment(0, "08:34"), partial(self.renew, "124")),
            (moment(0, "08:51"), partial(bulk.new_office, self.clare, self.pilot.customer_id)),
        ]


_FORMER_NAMES = {"119": "Tara Adeyemi"}


def _public_ids(sns: Iterable[str]) -> list[PublicId]:
    return [number.public_id for number in numbers.known([f"{world.BASE.cc}{world.BASE.ac}{sn}" for sn in sns])]
