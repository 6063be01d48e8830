"""The switch's machine without a switch: its functions are asked as Kamailio asks them, and phones answer as a test says."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import text

from portal.core import db, i18n, ids
from portal.core.ids import PublicId
from portal.features.callhandling.rules import Call, Exchange, Line, Phones
from portal.features.pbx.models import Group, Member
from portal.features.subscribers.models import Subscriber
from tests.cast import Cast
from tests.factories.callhandling import write_handling
from tests.factories.subscribers import NumberFactory, SubscriberFactory

Row = Any
DOMAIN = "lantern.telephone.example"


def as_switch(statement: str, **values: Any) -> Sequence[Row]:
    """As the functions run: nobody but Kamailio may ask them."""
    session = db.session()
    session.flush()
    asks = "kamailio." in statement and "INSERT" not in statement
    session.execute(text(f"SET LOCAL ROLE {'portal_switch' if asks else 'portal_owner'}"))
    result: Any = session.execute(text(statement), values)
    rows = result.all() if result.returns_rows else []
    session.execute(text("SET LOCAL ROLE portal_web"))
    return rows


def written(cast: Cast, exchange: Exchange) -> dict[PublicId, int]:
    """The company's lines in the database, in place of those that were there."""
    pilot = cast.clare.subscriber
    db.session().execute(text("DELETE FROM pbx_group_member"))
    db.session().execute(text("UPDATE subscriber SET status = 'terminated' WHERE kind IN ('extension', 'group')"))
    db.session().execute(text("UPDATE sip_domain SET cc = :cc, ac = :ac, time_zone = :zone"), _home(exchange))
    lines = {line.public_id: _line(pilot, line) for line in exchange.lines.values()}
    keys = {name: line.id for name, line in lines.items()}
    for name in _led_to(exchange) - keys.keys():
        keys[name] = _line(pilot, Line(name, name, None, ()), status="terminated").id
    for name, line in exchange.lines.items():
        write_handling(lines[name], line.handling, keys)
        if line.ringing is not None:
            _group(lines[name], line, keys)
    db.session().flush()
    return keys


def _led_to(exchange: Exchange) -> set[PublicId]:
    """The lines that forwarding leads to, those that have ended among them."""
    rules = [rule for line in exchange.lines.values() for rule in line.handling.forwards]
    return {one.line for rule in rules for one in rule.destinations if one.line is not None}


def _home(exchange: Exchange) -> dict[str, str]:
    return {"cc": exchange.home.cc, "ac": exchange.home.ac, "zone": str(exchange.zone)}


def _line(pilot: Subscriber, line: Line, **facts: Any) -> Subscriber:
    made: Subscriber = SubscriberFactory(
        public_id=PublicId(f"{line.public_id}-{ids.new()}"),
        reseller_id=pilot.reseller_id,
        customer_id=pilot.customer_id,
        domain_id=pilot.domain_id,
        kind="group" if line.ringing is not None else "extension" if line.extension else "regular",
        username=f"{line.public_id}-{ids.new()[:6]}",
        display_name=line.name,
        name_sort=i18n.sort_key(line.name),
        extension=line.extension,
        lock_level=int(line.lock),
        **facts,
    )
    for place, digits in enumerate(line.numbers):
        parts = {"cc": digits[:2], "ac": digits[2:4], "sn": digits[4:], "digits": digits}
        owner = {"reseller_id": made.reseller_id, "customer_id": made.customer_id, "subscriber_id": made.id}
        NumberFactory(**owner, **parts, role="alias" if place else "primary")
    return made


def _group(line: Subscriber, stored: Line, keys: Mapping[PublicId, int]) -> None:
    ringing = stored.ringing
    assert ringing is not None
    owned = {"reseller_id": line.reseller_id, "customer_id": line.customer_id}
    facts = {"policy": ringing.order.value, "ring_seconds": ringing.seconds, "ignore_forwards": ringing.ignore_forwards}
    together = len(ringing.steps) == 1 and len(ringing.steps[0]) > 1  # else one after the other
    db.session().add(Group(subscriber_id=line.id, **owned, **{**facts, "policy": "parallel" if together else "serial"}))
    db.session().flush()
    people = [member for step in ringing.steps for member in step]
    db.session().add_all(
        Member(group_id=line.id, subscriber_id=keys[member], position=place, **owned) for place, member in enumerate(people)
    )


def signed_in(keys: Sequence[int]) -> None:
    """A phone at each of the lines."""
    for key in keys:
        as_switch(
            "INSERT INTO kamailio.location (ruid, username, domain, contact, user_agent)"
            " SELECT :ruid, username, domain, 'sip:' || username || '@192.0.2.7', 'Test' FROM subscriber"
            " JOIN sip_domain ON sip_domain.id = domain_id WHERE subscriber.id = :key",
            ruid=ids.new(),
            key=key,
        )


@dataclass
class Played:
    """What came of a call: steps in the words of the cases, why it ended, and when."""

    steps: list[tuple[object, ...]] = field(default_factory=list)
    why: str = ""
    at: int = 0


@dataclass
class Player:
    """`phones`: what those of some lines do; the others ring, and nobody answers."""

    exchange: Exchange
    keys: Mapping[PublicId, int]
    phones: Mapping[PublicId, Phones]
    names: Mapping[int, PublicId] = field(init=False)

    def __post_init__(self) -> None:
        self.names = {key: name for name, key in self.keys.items()}

    def call(self, call: Call, at: datetime) -> Played:
        who = ("line", str(self.keys[call.colleague]), "x") if call.colleague else ("peer", "1", call.caller or "anonymous")
        kind, sender, shown = who
        begun = as_switch(
            "SELECT * FROM kamailio.begin_call(:kind, :sender, :dialled, :domain, :shown, :anonymous, 'test', :at)",
            kind=kind,
            sender=sender,
            dialled=self._dialled(call),
            domain=DOMAIN,
            shown=shown,
            anonymous=int(call.hidden),
            at=at,
        )
        return self._played(begun)

    def _dialled(self, call: Call) -> str:
        """Nobody outside dials an extension; whole numbers have their plus."""
        line = self.exchange.at(call.called)
        if line is None or (call.colleague and call.called == line.extension):
            return call.called
        return "+" + (line.numbers[0] if call.called == line.extension else call.called)

    def _played(self, rows: Sequence[Row]) -> Played:
        played = Played()
        while rows[0].action != "refuse":
            event, elapsed, inside = self._answer(rows)
            played.steps += inside
            rows = as_switch(
                "SELECT * FROM kamailio.next_action(:call, :event, :elapsed)",
                call=rows[0].call,
                event=event,
                elapsed=elapsed,
            )
        if rows[0].call:
            self._end(played, rows[0].call)
        return played

    def _answer(self, rows: Sequence[Row]) -> tuple[str, int | None, list[tuple[object, ...]]]:
        if rows[0].action == "leave":
            return "timeout", None, []
        children = [
            self._played(as_switch("SELECT * FROM kamailio.begin_child(:id)", id=row.uri)) for row in rows if row.via == "self"
        ]
        phones = [self.phones.get(self.names[int(row.line)], Phones.FREE) for row in rows if row.line]
        inside = [step for child in children for step in child.steps]
        if not children:
            return "busy" if set(phones) == {Phones.BUSY} else "timeout", None, inside
        begun = as_switch("SELECT (state->>'at')::int FROM kamailio.call WHERE id = :id", id=rows[0].call)[0][0]
        ends = [child.at for child in children] + [begun + rows[0].seconds for phone in phones if phone is Phones.FREE]
        if any(child.why == "not-answered" for child in children) or Phones.FREE in phones:
            return "timeout", max(ends), inside
        busy = all(child.why in {"busy", "do-not-disturb"} for child in children)
        return "busy" if busy else "unreachable", None, inside

    def _child(self, call: str) -> Played:
        return self._played(as_switch("SELECT * FROM kamailio.begin_child(:id)", id=call))

    def _end(self, played: Played, call: str) -> None:
        state, trace = as_switch("SELECT state, trace FROM kamailio.call WHERE id = :id", id=call)[0]
        played.why = (state["result"] or {"why": "nobody"})["why"]
        played.at = state["at"]
        played.steps += [
            self._told(step) for step in trace if not self._is_known_by_its_answer(step) and step["step"] != "refused"
        ]
        played.steps.sort(key=lambda step: (step[2], str(step)))

    def _is_known_by_its_answer(self, step: Mapping[str, Any]) -> bool:
        """The switch finds out that a phone is busy by ringing it; what comes of that is another step."""
        if step["step"] == "refused":
            return True
        return step["step"] == "rings" and self.phones.get(self.names[step["line"]]) is Phones.BUSY

    def _told(self, step: Mapping[str, Any]) -> tuple[object, ...]:
        name = self.names.get(step.get("line") or 0)
        within = self.names.get(step.get("within") or 0)
        match step["step"]:
            case "rings":
                return ("rings", name, step["begins"], step["seconds"], within, self._rule(step["via"]))
            case "leaves":
                return ("leaves", step["number"], step["begins"], step["seconds"], self._rule(step["via"]))
            case "barred":
                return ("barred", step["number"], step["begins"], step["why"], self._rule(step["via"]))
            case "silent":
                return ("silent", name, step["begins"], step["why"], within)
            case _:
                return ("forwarded", name, step["begins"], self._rule(step.get("rule")), step.get("why"))

    def _rule(self, key: int | None) -> str | None:
        return None if key is None else as_switch("SELECT public_id FROM forward WHERE id = :key", key=key)[0][0]
