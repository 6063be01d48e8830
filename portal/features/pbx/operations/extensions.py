"""The life of an extension."""

from collections.abc import Collection, Sequence

from sqlalchemy.orm.attributes import flag_modified

from portal.core import db, i18n
from portal.core.audit import Event
from portal.core.errors import NotFound, Refused
from portal.core.identity import Identity
from portal.core.ids import PublicId
from portal.core.phone import Parts
from portal.features.accounts import operations as accounts
from portal.features.accounts.models import Account
from portal.features.callhandling import operations as callhandling
from portal.features.contacts import operations as contacts
from portal.features.customers.queries import hold as hold_customer
from portal.features.numbers import operations as numbers, queries as number_queries, rules as number_rules
from portal.features.numbers.models import Number
from portal.features.pbx import queries, rules
from portal.features.pbx.models import Group
from portal.features.pbx.operations import members, pool
from portal.features.pbx.operations.claims import at_version, claim_extension, free_username
from portal.features.subscribers import operations as subscribers, queries as subscriber_queries, rules as subscriber_rules
from portal.features.subscribers.models import Kind, OutgoingNumber, Subscriber
from portal.features.subscribers.operations import Draft, NewLine, record
from portal.features.subscribers.rules import Feature

Change = tuple[object, object]


def create_extension(
    *,
    by: Identity,
    customer_id: int,
    display_name: str,
    extension: str,
    username: str | None = None,
    email: str | None = None,
    web_username: str | None = None,
    web_password: str | None = None,
    invite: bool = False,
    language: str | None = None,
    outgoing: OutgoingNumber = OutgoingNumber.OWN,
    like: Subscriber | None = None,
) -> NewLine:
    """A new seat. `like`: a colleague whose language, outgoing number, music on hold and groups it takes over.

    Checks in the order of the trade (domain.md 1.6), so that the first refusal is the one that matters most.
    """
    customer = subscribers.hold_with_room(customer_id)
    company = subscriber_queries.company(customer_id)
    claimed = claim_extension(company, extension)
    draft = Draft(
        kind=Kind.EXTENSION,
        username=free_username(company, username, rules.default_usernames(claimed, company.pilot.username)),
        display_name=display_name,
        extension=claimed,
        email=email,
        web_username=web_username or None,
        web_password=web_password,
        invite=invite,
        language=language or (like.language if like else None),
        outgoing=OutgoingNumber.BASE if like and like.outgoing == OutgoingNumber.BASE else outgoing,
        music_on_hold=like.music_on_hold if like else True,
    )
    new = subscribers.open_line(by=by, customer=customer, domain=company.domain, draft=draft)
    number = numbers.give_primary(
        customer=customer, holder_id=new.subscriber.id, parts=number_rules.derived(company.base.parts, claimed)
    )
    groups = members.join_groups_of(like, new.subscriber) if like else []
    record(
        Event.EXTENSION_CREATED,
        by=by,
        line=new.subscriber,
        extension=claimed,
        number=number.digits,
        username=new.subscriber.username,
        groups=groups,
    )
    subscribers.open_portal(by=by, new=new, draft=draft)
    return new


def change_person(
    *,
    by: Identity,
    line: Subscriber,
    version: int,
    display_name: str,
    email: str | None,
    web_username: str | None,
    language: str | None,
) -> Subscriber:
    """Who sits there. `web_username` is only looked at where there is an account."""
    line = at_version(line, version)
    account = subscriber_queries.account_of(line)
    changes: dict[str, Change] = {
        "display_name": (line.display_name, subscriber_rules.check_name(display_name)),
        "email": (queries.email_of(line), email or None),
        "language": (line.language, language or None),
    }
    if account is not None:
        changes["web_username"] = (
            account.username,
            subscriber_rules.check_username(web_username or line.username, field="web_username"),
        )
    changed = {name: change for name, change in changes.items() if change[0] != change[1]}
    if not changed:
        return line
    if changed.keys() & {"email", "web_username"}:
        accounts.check_alone(by)  # where links go, and what is typed to sign in
    _write_person(by, line, account, {name: now for name, (_was, now) in changes.items()})
    _save(by, line, changed)
    return line


def _write_person(by: Identity, line: Subscriber, account: Account | None, now: dict[str, object]) -> None:
    name, email, language = str(now["display_name"]), _text(now["email"]), _text(now["language"])
    line.display_name, line.name_sort = name, i18n.sort_key(name)
    line.language = language
    contact_id = line.contact_id
    line.contact_id = contacts.keep_email(reseller_id=line.reseller_id, contact_id=contact_id, email=email)
    db.session().flush()
    if contact_id is not None and line.contact_id is None:
        contacts.drop(contact_id)
    if account is not None:
        accounts.rename_web_user(account=account, username=str(now["web_username"]))
        account.name, account.language = name, language
        if account.email != email:
            accounts.move_mail(by=by, account=account, address=email)


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _save(by: Identity, line: Subscriber, changed: dict[str, Change]) -> None:
    """One trace and one new version, also where only rows beside the line have changed."""
    flag_modified(line, "display_name")
    record(Event.EXTENSION_CHANGED, by=by, line=line, **changed)
    db.session().flush()


def change_numbers(
    *,
    by: Identity,
    line: Subscriber,
    version: int,
    extension: str,
    outgoing: OutgoingNumber,
    outgoing_alias: PublicId | None = None,
    keep: Collection[PublicId] = (),
    add: Collection[PublicId] = (),
) -> Subscriber:
    """Extension, further numbers and what called people see.

    Of its further numbers the line keeps `keep`; `add` come from the pool.
    """
    customer = hold_customer(line.customer_id)
    line = at_version(line, version)
    company = subscriber_queries.company(customer.id)
    changed: dict[str, Change] = {}
    if extension.strip() != line.extension:
        claimed = claim_extension(company, extension, besides=line)
        changed["extension"] = (line.extension, claimed)
        line.extension = claimed
        numbers.give_primary(customer=customer, holder_id=line.id, parts=number_rules.derived(company.base.parts, claimed))
    pool.exchange(by=by, company=company, line=line, keep=keep, add=add)
    changed |= _choose_outgoing(line, outgoing, outgoing_alias)
    if changed:
        _save(by, line, changed)
    return line


def _choose_outgoing(line: Subscriber, outgoing: OutgoingNumber, alias: PublicId | None) -> dict[str, Change]:
    own = number_queries.aliases_of(line.id)
    chosen = next((number for number in own if number.public_id == alias), None) if outgoing is OutgoingNumber.ALIAS else None
    if outgoing is OutgoingNumber.ALIAS and chosen is None:
        raise Refused("outgoing-number", field="outgoing")
    was = _shown(line, own)
    line.outgoing, line.outgoing_number_id = outgoing.value, chosen.id if chosen else None
    now = _shown(line, own)
    return {} if was == now else {"outgoing": (was, now)}


def _shown(line: Subscriber, aliases: Sequence[Number]) -> str:
    """“own”, “base”, or the digits of an alias."""
    return next((number.digits for number in aliases if number.id == line.outgoing_number_id), line.outgoing)


def change_allowed(*, by: Identity, line: Subscriber, version: int, do_not_disturb: bool, music_on_hold: bool) -> Subscriber:
    line = at_version(line, version)
    wanted = {"do_not_disturb": do_not_disturb, "music_on_hold": music_on_hold}
    changed: dict[str, Change] = {name: (getattr(line, name), now) for name, now in wanted.items() if getattr(line, name) != now}
    if "do_not_disturb" in changed:
        subscribers.check_may_change(by=by, line=line, feature=Feature.DO_NOT_DISTURB)
    if changed:
        line.do_not_disturb, line.music_on_hold = do_not_disturb, music_on_hold
        _save(by, line, changed)
    return line


def set_web_password(*, by: Identity, line: Subscriber, password: str) -> None:
    """The pilot's: it opens the portal once, then the person chooses an own one."""
    accounts.set_password(by=by, account=_account(line), password=password)


def send_web_link(*, by: Identity, line: Subscriber) -> str:
    """A link to a first or a new web password. Says where it went; raises Refused without any address."""
    account = _account(line)
    send = accounts.invite if account.password_hash is None else accounts.send_reset
    return send(by=by, account=account)


def _account(line: Subscriber) -> Account:
    account = subscriber_queries.account_of(line)
    if account is None:
        raise NotFound
    return account


def terminate(*, by: Identity, line: Subscriber) -> None:
    """Ends an extension or a group. Its further numbers return to the pool; its user name and extension are free again."""
    accounts.check_alone(by)
    hold_customer(line.customer_id)
    line = subscriber_queries.hold(line)
    if line.kind not in {Kind.EXTENSION, Kind.GROUP}:
        raise NotFound
    company = subscriber_queries.company(line.customer_id)
    returned = number_queries.aliases_of(line.id)
    callhandling.forget_line(line=line)
    subscribers.end_line(line=line)
    numbers.hand_over(numbers=returned, holder_id=company.pilot.id)
    numbers.drop_primaries(holder_ids=[line.id])
    groups = members.leave_all(line)
    if line.kind == Kind.GROUP:
        members.disband(line)
        db.session().delete(db.session().get_one(Group, line.id))
    record(
        Event.EXTENSION_TERMINATED,
        by=by,
        line=line,
        extension=line.extension,
        username=line.username,
        numbers=[number.digits for number in returned],
        groups=groups,
    )
    db.session().flush()


def change_base_number(*, by: Identity, customer_id: int, base: Parts) -> int:
    """A new base number; every extension's and group's own number is derived again, all or none. Says how many there are."""
    customer = hold_customer(customer_id)
    company = subscriber_queries.company(customer_id)
    was = company.base.digits
    new = number_rules.check_parts(base.cc, base.ac, base.sn)
    lines = queries.lines_with_extension(customer_id)
    # old and new numbers may overlap crosswise (555‖51 and 5555‖1): all old ones go first
    numbers.drop_primaries(holder_ids=[line.id for line in lines])
    numbers.take_primary(customer=customer, holder_id=company.pilot.id, parts=new)
    for line in lines:
        derived = number_rules.derived(new, str(line.extension))
        numbers.give_primary(customer=customer, holder_id=line.id, parts=derived, checked=True)
    record(Event.BASE_NUMBER_CHANGED, by=by, line=company.pilot, number=(was, new.digits), lines=len(lines))
    return len(lines)
