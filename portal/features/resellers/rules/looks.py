"""Where a name leads in the DNS, record by record, and where it should.

A phone looks for NAPTR, then SRV, then addresses (RFC 3263); a browser for addresses only.
"""

import ipaddress
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import chain

from portal.core.lookups import UNANSWERED, Answer, Answers, Outcome, Question, Record
from portal.features.resellers.rules.names import is_ip, is_reserved, proof_name

SERVICES = (("_sip._udp", 5060), ("_sip._tcp", 5060), ("_sips._tcp", 5061))
TRANSPORTS = {"_sip._udp": "SIP+D2U", "_sip._tcp": "SIP+D2T", "_sips._tcp": "SIPS+D2T"}
ADDRESSES = (Record.A, Record.AAAA)
MOST_FOLLOWED = 8  # names that SRV records lead to


class Points(StrEnum):
    """Where a name leads. The value is stored."""

    HERE = "here"
    PARTLY = "partly"  # here, and elsewhere too
    ELSEWHERE = "elsewhere"
    SEEN = "seen"  # there is something; the platform does not say what it should be
    NOTHING = "nothing"
    RESERVED = "reserved"  # no DNS has such names
    SILENT = "silent"  # could not be found out


@dataclass(frozen=True)
class Row:
    """A record: what was found, what it should be, and what that means. `optional`: it works without."""

    record: Record
    name: str
    answer: Answer
    expected: tuple[str, ...]
    points: Points
    optional: bool = False


@dataclass(frozen=True)
class Sight:
    """What was seen of a name. `proof`: whether its proof was there; None when that could not be found out."""

    points: Points
    rows: tuple[Row, ...]
    proof: bool | None = None


class Targets:
    """Where names have to lead: host names or addresses, as the platform is set up."""

    def __init__(self, targets: Iterable[str] = ()) -> None:
        told = tuple(targets)
        self.addresses = frozenset(str(ipaddress.ip_address(one)) for one in told if is_ip(one))
        self.names = tuple(one for one in told if not is_ip(one))

    def __bool__(self) -> bool:
        return bool(self.addresses or self.names)

    def questions(self) -> list[Question]:
        return list(_about(self.names))

    def known_by(self, answers: Answers) -> "Known":
        return Known(self, self.addresses | _found(answers, self.names))


@dataclass(frozen=True)
class Known:
    """The same, with the addresses that the host names have."""

    targets: Targets
    addresses: frozenset[str]

    def expected(self, record: Record) -> tuple[str, ...]:
        version = 4 if record is Record.A else 6
        return tuple(sorted(one for one in self.addresses if ipaddress.ip_address(one).version == version))

    def of_addresses(self, answer: Answer) -> Points:
        if not answer.known:
            return Points.SILENT
        if answer.outcome is Outcome.NOTHING:
            return Points.NOTHING
        if not self.targets:
            return Points.SEEN
        if answer.alias in self.targets.names:
            return Points.HERE
        return _share(one in self.addresses for one in answer.values)

    def of_services(self, answer: Answer, answers: Answers) -> Points:
        if not answer.known or answer.outcome is Outcome.NOTHING:
            return Points.NOTHING if answer.known else Points.SILENT
        if not self.targets:
            return Points.SEEN
        return _share(self._ours(_led_to(value), answers) for value in answer.values)

    def _ours(self, name: str, answers: Answers) -> bool:
        found = _found(answers, [name])
        return name in self.targets.names or bool(found and found <= self.addresses)


def _share(here: Iterable[bool]) -> Points:
    found = set(here)
    if found == {True}:
        return Points.HERE
    return Points.PARTLY if True in found else Points.ELSEWHERE


def _about(names: Iterable[str]) -> Iterator[Question]:
    return (Question(record, name) for name in names for record in ADDRESSES)


def _found(answers: Answers, names: Iterable[str]) -> frozenset[str]:
    return frozenset(value for question in _about(names) for value in answers.get(question, UNANSWERED).values)


def _led_to(value: str) -> str:
    """The host that an SRV record names at its end."""
    return value.rpartition(" ")[2]


# --- SIP domains ------------------------------------------------------------------------------------------------------


def domain_questions(domain: str, targets: Targets) -> list[Question]:
    services = [Question(Record.SRV, f"{service}.{domain}") for service, _port in SERVICES]
    return [Question(Record.NAPTR, domain), *services, *_about([domain]), *targets.questions()]


def further_questions(domain: str, answers: Answers, targets: Targets) -> list[Question]:
    """About the hosts that its SRV records lead to."""
    services = (answers.get(Question(Record.SRV, f"{service}.{domain}"), UNANSWERED) for service, _port in SERVICES)
    named = {_led_to(value) for value in chain.from_iterable(one.values for one in services)}
    return list(_about(sorted(named - {*targets.names, domain, "."})[:MOST_FOLLOWED]))


def domain_sight(domain: str, answers: Answers, targets: Targets) -> Sight:
    if is_ip(domain):
        return Sight(_of_literal(domain, targets.known_by(answers)), ())
    known = targets.known_by(answers)
    services = [_service(domain, service, port, answers, known) for service, port in SERVICES]
    served = any(row.answer.values for row in services)
    addresses = _addresses(domain, answers, known, needed=not served)
    rows = (_naptr(domain, answers, targets), *services, *addresses)
    return Sight(_overall(domain, services if served else addresses), rows)


def _of_literal(domain: str, known: Known) -> Points:
    if not known.targets:
        return Points.SEEN
    return Points.HERE if domain in known.addresses else Points.ELSEWHERE


def _naptr(domain: str, answers: Answers, targets: Targets) -> Row:
    """Says which transports to try, and in which order; the SRV records that it names are judged themselves."""
    answer = answers.get(Question(Record.NAPTR, domain), UNANSWERED)
    expected = tuple(
        f'{order} 10 "s" "{TRANSPORTS[service]}" "" {service}.{domain}'
        for order, (service, _port) in zip((30, 20, 10), SERVICES, strict=True)
    )
    points = {Outcome.FOUND: Points.SEEN, Outcome.NOTHING: Points.NOTHING}.get(answer.outcome, Points.SILENT)
    return Row(Record.NAPTR, domain, answer, expected[::-1] if targets.names else (), points, optional=True)


def _service(domain: str, service: str, port: int, answers: Answers, known: Known) -> Row:
    question = Question(Record.SRV, f"{service}.{domain}")
    answer = answers.get(question, UNANSWERED)
    expected = tuple(f"10 10 {port} {name}" for name in known.targets.names)
    return Row(Record.SRV, question.name, answer, expected, known.of_services(answer, answers), optional=True)


def _address(name: str, record: Record, answers: Answers, known: Known) -> Row:
    answer = answers.get(Question(record, name), UNANSWERED)
    expected = known.expected(record)
    return Row(record, name, answer, expected, known.of_addresses(answer), optional=bool(known.targets) and not expected)


def _addresses(name: str, answers: Answers, known: Known, *, needed: bool = True) -> list[Row]:
    """One kind of address is enough."""
    rows = [_address(name, record, answers, known) for record in ADDRESSES]
    enough = not needed or any(row.answer.values for row in rows)
    return [replace(row, optional=row.optional or enough) for row in rows]


def _overall(name: str, rows: Sequence[Row]) -> Points:
    found = {row.points for row in rows} - {Points.NOTHING}
    if not found:
        return Points.RESERVED if is_reserved(name) else Points.NOTHING
    if found == {Points.SILENT} and is_reserved(name):
        return Points.RESERVED
    known = found - {Points.SILENT}
    if len(known) == 1:
        return next(iter(known))
    return Points.PARTLY if known else Points.SILENT


# --- web hosts --------------------------------------------------------------------------------------------------------


def host_questions(host: str, targets: Targets) -> list[Question]:
    return [Question(Record.TXT, proof_name(host)), *_about([host]), *targets.questions()]


def host_sight(host: str, proof: str, answers: Answers, targets: Targets, *, to_be_proved: bool = True) -> Sight:
    known = targets.known_by(answers)
    told = answers.get(Question(Record.TXT, proof_name(host)), UNANSWERED)
    there = proof in {value.strip() for value in told.values}
    addresses = _addresses(host, answers, known)
    points = Points.HERE if there else Points.ELSEWHERE if told.values else Points.NOTHING if told.known else Points.SILENT
    row = Row(Record.TXT, proof_name(host), told, (proof,) if to_be_proved else (), points, optional=not to_be_proved)
    return Sight(_overall(host, addresses), (row, *addresses), proof=there if told.known else None)


# --- when to look -----------------------------------------------------------------------------------------------------

FIRST, YOUNG, OLD, DAILY = 15, 5 * 60, 60 * 60, 24 * 60 * 60  # seconds


def next_look(turn: int, *, days: float, settled: bool) -> int:
    """Seconds until the next look: soon for what was just set up, daily for what is as it should be, or has been left alone."""
    if settled or days > 30:
        return DAILY
    if days > 1:
        return OLD
    return min(FIRST * (1 << min(turn, 10)), YOUNG)
