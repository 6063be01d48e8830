"""`portal audit …`: whether somebody touched the audit log."""

from collections.abc import Iterator, Sequence

import click
from sqlalchemy.exc import DatabaseError

from portal.core import db, secrets
from portal.core.sealed import Unsealed
from portal.features.audit import queries
from portal.features.audit.queries import Named
from portal.features.audit.rules import proof
from portal.features.audit.rules.proof import Chain, Finding
from portal.settings import from_environment

TOUCHED, UNUSABLE = 1, 2
Noted = tuple[str, bytes]


@click.group()
def audit() -> None:
    """Look after the audit log."""


def _noted(_context: click.Context, _option: click.Parameter, values: Sequence[str]) -> list[Noted]:
    return [_note(value) for value in values]


def _note(text: str) -> Noted:
    name, _sign, link = text.rpartition("=")
    try:
        return name, bytes.fromhex(link)
    except ValueError:
        raise click.BadParameter(f"“{text}” is not NAME=HASH, as this command prints it.") from None


@audit.command()
@click.option("--reseller", "only", metavar="NAME", help="Only this one's entries.")
@click.option("--expect", metavar="NAME=HASH", multiple=True, callback=_noted, help="A head noted earlier is still in the chain.")
def verify(only: str | None, expect: Sequence[Noted]) -> None:
    """Proves that no entry of the audit log was changed, removed, put in or moved.

    Ends with 0 when all is as it was written, with 1 when it is not, with 2 when the log cannot be read. Note the heads
    elsewhere: who may write to the database could cut off the newest entries together with their links, and only an
    earlier head that --expect misses shows it.
    """
    if not db.is_installed():
        settings = from_environment()
        secrets.install(settings.secret_keys)
        db.install(db.open_database(settings))
    try:
        with queries.verified():
            whole = [_verify(one, [link for name, link in expect if name == one.name]) for one in _asked(only, expect)]
    except (*db.Unavailable, DatabaseError) as error:
        trouble = str(getattr(error, "orig", error)).partition("\n")[0]
        click.echo(f"The audit log cannot be read: {trouble}. Is the database up to date (portal db upgrade)?", err=True)
        raise SystemExit(UNUSABLE) from None
    if not all(whole):
        raise SystemExit(TOUCHED)


def _asked(only: str | None, expect: Sequence[Noted]) -> Sequence[Named]:
    known = {one.name: one for one in queries.resellers()}
    for name in [*([only] if only is not None else []), *(name for name, _link in expect)]:
        if name not in known:
            raise click.UsageError(f"There is no reseller “{name}”.")
    return [known[only]] if only is not None else list(known.values())


def _verify(reseller: Named, expected: Sequence[bytes]) -> bool:
    """Says what is wrong, or that nothing is."""
    found = 0
    try:
        chain = queries.chain(reseller.id)
    except Unsealed:
        click.echo(f"{reseller.name}: nothing can be proven, for no key in PORTAL_SECRET_KEY opens that of the chain.")
        return False
    for finding in _findings(reseller.id, chain, expected):
        found += 1
        click.echo(f"{reseller.name}: {finding.sentence}")
    click.echo(f"{reseller.name}: {_summary(reseller.id, chain, found)}")
    return not found


def _findings(reseller_id: int, chain: Chain | None, expected: Sequence[bytes]) -> Iterator[Finding]:
    if chain is None:
        left = sum(1 for _link in queries.links(reseller_id))
        if left:
            yield proof.without_chain(left)
    else:
        yield from proof.findings(chain, queries.links(reseller_id))
        yield from map(proof.inserted, queries.unlinked(reseller_id, chain.after_entry))
    for link in expected:
        if queries.place_of(reseller_id, link) is None:
            yield Finding(None, f"The expected head {link.hex()} is not in the chain.")


def _summary(reseller_id: int, chain: Chain | None, found: int) -> str:
    if chain is None:
        return "no entry was written since there are chains."
    told = f"{_number(chain.length, 'entry', 'entries')}, {_number(found, 'finding', 'findings') if found else 'all as written'}"
    older = queries.older(reseller_id, chain.after_entry)
    return f"{told}{f'; {older:,} older than the chain' if older else ''}. Head: {chain.head.hex()}"


def _number(count: int, one: str, many: str) -> str:
    return f"{count:,} {one if count == 1 else many}"
