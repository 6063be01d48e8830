"""Ids of Lantern Co's things, by the name of the argument in a route. A feature with a new kind of id adds it here."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask import Flask
from sqlalchemy import select
from werkzeug.routing import Rule

from portal.core import clock, db
from portal.core.phone import Home
from portal.core.tenancy import Scope
from portal.features.accounts.models import AccountSession, Passkey
from portal.features.branding.models import ThemePreview, ThemeVersion
from portal.features.callhandling.models import CallerList, Forward, TimeSet
from portal.features.contacts.models import Contact
from portal.features.customers.models import Contract, ServiceClass
from portal.features.numbers.models import Number, NumberBlock, Role
from portal.features.pbx.models import CompanyDraft, Import, ImportKind, ImportState
from portal.features.peering.models import PeeringGroup, PeeringServer
from portal.features.phonebook import operations as phonebook
from portal.features.phonebook.models import Entry
from portal.features.phonebook.queries import Book
from portal.features.resellers.models import WebHost
from portal.features.subscribers.models import Profile, Subscriber, TrustedSource
from portal.features.subscribers.queries import devices_of
from portal.mail.models import Mail, State
from tests.cast import Cast
from tests.factories.mails import MailFactory
from tests.factories.phones import signs_in
from tests.features.accounts.factors import give_passkey

NOT_THERE = "0" * 16


def _number(cast: Cast) -> str:
    with db.unit_of_work(Scope.platform()) as session:
        wanted = select(Number.public_id).where(Number.customer_id == cast.lantern.id, Number.role == Role.ALIAS)
        return str(session.scalars(wanted.order_by(Number.digits)).first())


def _line(line: Subscriber | None) -> str:
    assert line is not None
    return str(line.public_id)


def _mail(cast: Cast) -> str:
    with db.unit_of_work(Scope.platform()) as session:
        found = session.scalar(select(Mail.public_id).where(Mail.customer_id == cast.lantern.id))
        own = {"reseller_id": cast.telephone.id, "customer_id": cast.lantern.id}
        return str(found or MailFactory(state=State.REFUSED.value, **own).public_id)


def _profile(cast: Cast) -> str:
    """Of Lantern Co, made when it is first asked for."""
    with db.unit_of_work(Scope.platform()) as session:
        found = session.scalar(select(Profile.public_id).where(Profile.customer_id == cast.lantern.id))
        if found is None:
            own = {"reseller_id": cast.telephone.id, "customer_id": cast.lantern.id}
            made = Profile(name="Ours", name_sort="ours", levels={}, **own)
            session.add(made)
            session.flush()
            found = made.public_id
        return str(found)


def _passkey(cast: Cast) -> str:
    """Of alice, who makes one when she is first asked."""
    with db.unit_of_work(Scope.platform()) as session:
        found = session.scalar(select(Passkey.public_id).where(Passkey.account_id == cast.alice.account.id))
    if found is None:
        give_passkey(cast.alice, cast.alice.host)
    return str(found or _passkey(cast))


def _session(cast: Cast) -> str:
    """Of alice, in a browser that asks for nothing here."""
    now, own = clock.now(), cast.alice.account
    with db.unit_of_work(Scope.platform()) as session:
        elsewhere = AccountSession.account_id == own.id, AccountSession.user_agent == "elsewhere"
        found = session.scalar(select(AccountSession.public_id).where(*elsewhere))
        if found is None:
            made = AccountSession(
                reseller_id=own.reseller_id,
                customer_id=own.customer_id,
                account_id=own.id,
                token_hash=b"elsewhere",
                host="lantern.localhost",
                address="198.51.100.24",
                user_agent="elsewhere",
                created_at=now,
                last_seen_at=now,
                expires_at=now + timedelta(hours=1),
            )
            session.add(made)
            session.flush()
            found = made.public_id
        return str(found)


def _forward(cast: Cast) -> str:
    """A rule of alice's line."""
    with db.unit_of_work(Scope.platform()) as session:
        found = session.scalar(select(Forward.public_id).where(Forward.subscriber_id == cast.alice.subscriber.id))
        if found is None:
            own = {"reseller_id": cast.telephone.id, "customer_id": cast.lantern.id}
            made = Forward(subscriber_id=cast.alice.subscriber.id, when="busy", position=0, **own)
            session.add(made)
            session.flush()
            found = made.public_id
        return str(found)


def _condition(cast: Cast, kind: type[TimeSet | CallerList]) -> str:
    """Shared by the company."""
    with db.unit_of_work(Scope.platform()) as session:
        found = session.scalar(select(kind.public_id).where(kind.customer_id == cast.lantern.id, kind.subscriber_id.is_(None)))
        own = {"reseller_id": cast.telephone.id, "customer_id": cast.lantern.id}
        if found is None:
            made = kind(name="Reception", name_sort="reception", **own)
            session.add(made)
            session.flush()
            found = made.public_id
        return str(found)


def _entry(cast: Cast) -> str:
    """Of the company's phonebook."""
    with db.unit_of_work(cast.clare.scope) as session:
        found = session.scalar(select(Entry.public_id).where(Entry.subscriber_id.is_(None)))
        return str(found or phonebook.add(by=cast.clare.identity, book=Book.COMPANY, **_RUBY).public_id)


_RUBY: dict[str, Any] = {"name": "Ruby", "numbers": [("work", "030 23125123")], "home": Home("49", "30")}

def _import(cast: Cast) -> str:
    """One that is checked and not written yet."""
    with db.unit_of_work(Scope.platform()) as session:
        found = session.scalar(select(Import.public_id).where(Import.customer_id == cast.lantern.id))
        if found is None:
            said = {"headers": ["Ext"], "sample": [["104"]], "columns": ["extension"], "separator": ",", "encoding": "utf-8"}
            made = Import(
                reseller_id=cast.telephone.id,
                customer_id=cast.lantern.id,
                kind=ImportKind.EXTENSIONS.value,
                state=ImportState.CHECKED.value,
                name="people.csv",
                options=said,
                counts={},
                by_name="Clare Fenn",
                created_at=clock.now(),
            )
            session.add(made)
            session.flush()
            found = made.public_id
        return str(found)


def _contract(cast: Cast) -> str:
    """With Lantern Co's reseller; for operators only, as its system contact."""
    with db.unit_of_work(Scope.platform()) as session:
        found = session.scalar(select(Contract.public_id).where(Contract.reseller_id == cast.telephone.id))
        if found is None:
            contact = Contact(email="office@telephone.example", company="TelephOne")
            session.add(contact)
            session.flush()
            made = Contract(reseller_id=cast.telephone.id, contact_id=contact.id, product="reseller", name="TelephOne")
            session.add(made)
            session.flush()
            found = made.public_id
        return str(found)


def _system_contact(cast: Cast) -> str:
    _contract(cast)
    with db.unit_of_work(Scope.platform()) as session:
        return str(session.scalars(select(Contact.public_id).where(Contact.reseller_id.is_(None))).first())


def _block(cast: Cast) -> str:
    """Granted to TelephOne, made when it is first asked for."""
    with db.unit_of_work(Scope.platform()) as session:
        found = session.scalar(select(NumberBlock.public_id).where(NumberBlock.reseller_id == cast.telephone.id))
        if found is None:
            facts = {"cc": "49", "ac": "30", "sn_prefix": "777", "prefix": "4930777", "sn_length": 7}
            made = NumberBlock(reseller_id=cast.telephone.id, **facts)
            session.add(made)
            session.flush()
            found = made.public_id
        return str(found)


def _peer(cast: Cast) -> str:
    """Nobody's but the operator's, with a server."""
    with db.unit_of_work(Scope.platform()) as session:
        found = session.scalar(select(PeeringGroup.public_id))
        if found is None:
            made = PeeringGroup(name="Transit", name_sort="transit")
            session.add(made)
            session.flush()
            session.add(PeeringServer(group_id=made.id, name="Transit 1", host="192.0.2.10"))
            session.flush()
            found = made.public_id
        return str(found)


def _peer_server(cast: Cast) -> str:
    _peer(cast)
    with db.unit_of_work(Scope.platform()) as session:
        return str(session.scalars(select(PeeringServer.public_id)).first())


def _source(cast: Cast) -> str:
    """Of a line of Lantern Co."""
    with db.unit_of_work(Scope.platform()) as session:
        found = session.scalar(select(TrustedSource.public_id).where(TrustedSource.customer_id == cast.lantern.id))
        if found is None:
            own = {"reseller_id": cast.telephone.id, "customer_id": cast.lantern.id}
            made = TrustedSource(network="203.0.113.7", subscriber_id=cast.alice.subscriber.id, **own)
            session.add(made)
            session.flush()
            found = made.public_id
        return str(found)


def _device(cast: Cast) -> str:
    """A telephone of alice, that signs in again when it is not there any more."""
    with db.unit_of_work(Scope.platform()):
        found = next(iter(devices_of(cast.alice.subscriber.id)), None)
        return str(found.public_id if found else signs_in(cast.alice.subscriber))


def _draft(cast: Cast) -> str:
    """A company that tom is setting up."""
    with db.unit_of_work(Scope.platform()) as session:
        found = session.scalar(select(CompanyDraft.public_id).where(CompanyDraft.account_id == cast.tom.account.id))
        if found is None:
            now = clock.now()
            made = CompanyDraft(
                reseller_id=cast.telephone.id,
                account_id=cast.tom.account.id,
                values={"customer": {"name": "Morning Times", "who": "mira@times.example"}},
                created_at=now,
                changed_at=now,
                expires_at=now + timedelta(days=1),
            )
            session.add(made)
            session.flush()
            found = made.public_id
        return str(found)


def _host(cast: Cast) -> str:
    with db.unit_of_work(Scope.platform()) as session:
        return str(session.scalar(select(WebHost.public_id).where(WebHost.domain_id == cast.domains["lantern"].id)))


def _contact(cast: Cast) -> str:
    with db.unit_of_work(Scope.platform()) as session:
        return str(session.get_one(Contact, cast.lantern.contact_id).public_id)


def _service_class(cast: Cast) -> str:
    """Of Lantern Co's provider."""
    with db.unit_of_work(Scope.platform()) as session:
        found = session.scalar(select(ServiceClass.public_id).where(ServiceClass.reseller_id == cast.telephone.id))
        if found is None:
            made = ServiceClass(reseller_id=cast.telephone.id, name="Ours", name_sort="ours", levels={}, kinds=[])
            session.add(made)
            session.flush()
            found = made.public_id
        return str(found)


def _preview(cast: Cast) -> str:
    """A private link to the draft of a brand."""
    own = {"reseller_id": cast.telephone.id, "by_name": "Tom"}
    with db.unit_of_work(Scope.platform()) as session:
        found = session.scalar(select(ThemePreview.public_id).where(ThemePreview.reseller_id == cast.telephone.id))
        if found is None:
            of = session.scalar(select(ThemeVersion).where(ThemeVersion.reseller_id == cast.telephone.id))
            if of is None:
                session.add(of := ThemeVersion(**own))
                session.flush()
            until = clock.now() + timedelta(days=1)
            session.add(made := ThemePreview(version_id=of.id, token_hash=b"?" * 32, name="Mira", expires_at=until, **own))
            session.flush()
            found = made.public_id
        return str(found)


MAKERS: dict[str, Callable[[Cast], str]] = {
    "preview_id": _preview,
    "domain_id": lambda cast: str(cast.domains["lantern"].public_id),
    "host_id": _host,
    "block_id": _block,
    "customer_id": lambda cast: str(cast.lantern.public_id),
    "device_id": _device,
    "draft_id": _draft,
    "peer_id": _peer,
    "server_id": _peer_server,
    "source_id": _source,
    "staff_line_id": lambda cast: _line(cast.alice.subscriber),
    "contract_id": _contract,
    "reseller_id": lambda cast: str(cast.telephone.public_id),
    "system_contact_id": _system_contact,
    "contact_id": _contact,
    "service_class_id": _service_class,
    "account_id": lambda cast: str(cast.alice.account.public_id),
    "staff_id": lambda cast: str(cast.cora.account.public_id),
    "entry_id": _entry,
    "extension_id": lambda cast: _line(cast.alice.subscriber),
    "import_id": _import,
    "forward_id": _forward,
    "group_id": lambda cast: _line(cast.groups["sales"]),
    "line_id": lambda cast: _line(cast.alice.subscriber),
    "mail_id": _mail,
    "number_id": _number,
    "passkey_id": _passkey,
    "profile_id": _profile,
    "session_id": _session,
    "times_id": lambda cast: _condition(cast, TimeSet),
    "callers_id": lambda cast: _condition(cast, CallerList),
}

# Arguments that name nobody's thing.
PLAIN = {
    "customer_kind": "residential",
    "digest": "0" * 20,
    "kind": "extensions",
    "look": "fjell",
    "mail_kind": "invitation",
    "mail_language": "en",
    "name": "theme.css",
    "number": "1",
    "page": "login",
    "path": "portal.css",
    "place": "logo",
    "token": "0" * 43,
    "wizard_step": "customer",
}


def routes(app: Flask) -> list[Rule]:
    """What the product answers: the gallery of components and the mailbox are for development."""
    return [rule for rule in app.url_map.iter_rules() if not rule.endpoint.startswith(("gallery.", "mailbox."))]


def has_id(rule: Rule) -> bool:
    return any(name not in PLAIN for name in rule.arguments)


def lanterns(cast: Cast, rule: Rule) -> dict[str, str]:
    """What a route of Lantern Co is asked with. KeyError for a kind of id that nobody has taught this file."""
    return {name: PLAIN[name] if name in PLAIN else MAKERS[name](cast) for name in rule.arguments}


def nobodys(rule: Rule) -> dict[str, str]:
    return {name: PLAIN.get(name, NOT_THERE) for name in rule.arguments}


def methods(rule: Rule) -> list[str]:
    return sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})


def path(rule: Rule, values: dict[str, str]) -> str:
    built = rule.build(values, append_unknown=False)
    assert built is not None, f"{rule} cannot be built with {values}"
    return built[1]
