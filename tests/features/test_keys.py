"""`portal keys rotate`: what is stored encrypted comes under the newest key, while the portal serves."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select, text

from portal import cli, start
from portal.core import clock, db, keys, secrets
from portal.core.tenancy import Scope
from portal.features.accounts.models import Authenticator, Ceremony, Provider
from portal.settings import Settings
from tests.cast import Cast

OLD, NEW = "the older key of forty characters or so.", "the newer key of forty characters or so."
SECRETS = {"authenticator": "JBSWY3DPEHPK3PXP", "provider": "geheim", "ceremony": "{}"}


@pytest.fixture(autouse=True)
def as_before(settings: Settings) -> Iterator[None]:
    """The command prepares this very process for its own settings."""
    yield
    start.prepare(settings)


@pytest.fixture
def stored(own_cast: Cast) -> Cast:
    """A secret of each kind, under the old key."""
    secrets.install((OLD,))
    with db.unit_of_work(Scope.platform()) as session:
        now, rita = clock.now(), own_cast.rita.account
        own = {"reseller_id": rita.reseller_id}
        session.add(Authenticator(**own, account_id=rita.id, seed=SECRETS["authenticator"], created_at=now))
        session.add(Provider(**own, name="P", issuer="https://p.example", client_id="c", client_secret=SECRETS["provider"]))
        for number in range(3):
            session.add(_ceremony(rita.reseller_id, number))
    return own_cast


def _ceremony(reseller_id: int, number: int) -> Ceremony:
    return Ceremony(
        reseller_id=reseller_id, kind="x", key_hash=bytes([number]), host="h", sealed=SECRETS["ceremony"], expires_at=clock.now()
    )


def run(database: db.Database, ring: str, tmp_path: Path) -> Result:
    environment = {"PORTAL_DATABASE_URL": address(database), "PORTAL_SECRET_KEY": ring, "PORTAL_DATA_DIR": str(tmp_path)}
    before = db.database()
    try:
        return CliRunner().invoke(cli.portal, ["keys", "rotate"], env=environment)
    finally:
        db.database().dispose()
        db.install(before)


def address(database: db.Database) -> str:
    return database.url.render_as_string(hide_password=False)


def opened() -> dict[str, set[str]]:
    with db.unit_of_work(Scope.platform()) as session:
        return {
            "authenticator": set(session.scalars(select(Authenticator.seed))),
            "provider": set(session.scalars(select(Provider.client_secret))),
            "ceremony": set(session.scalars(select(Ceremony.sealed))),
        }


def raw() -> list[str]:
    with db.unit_of_work(Scope.platform()) as session:
        return [
            value
            for sealed in keys.sealed_columns()
            for value in session.scalars(text(f"SELECT {sealed.column.name} FROM {sealed.column.table.name} ORDER BY 1"))
        ]


@pytest.mark.usefixtures("stored")
def test_the_older_key_is_not_needed_any_more(own_database: db.Database, tmp_path: Path) -> None:
    done = run(own_database, f"{NEW},{OLD}", tmp_path)
    assert done.exit_code == 0, done.output
    assert "ceremony.sealed: 3 rows, 3 of them encrypted anew" in done.output
    assert "Older keys can be dropped" in done.output
    secrets.install((NEW,))
    assert opened() == {name: {value} for name, value in SECRETS.items()}


@pytest.mark.usefixtures("stored")
def test_a_second_time_changes_nothing(own_database: db.Database, tmp_path: Path) -> None:
    run(own_database, f"{NEW},{OLD}", tmp_path)
    before = raw()
    again = run(own_database, NEW, tmp_path)
    assert again.exit_code == 0
    assert "3 rows, 0 of them encrypted anew" in again.output
    assert raw() == before


@pytest.mark.usefixtures("stored")
def test_what_no_key_opens_is_named(own_database: db.Database, tmp_path: Path) -> None:
    lost = run(own_database, f"{NEW},a third key that is forty characters long", tmp_path)
    assert lost.exit_code == 1
    assert "No key in PORTAL_SECRET_KEY opens" in lost.output
    assert "authenticator.seed of account_id" in lost.output
    secrets.install((OLD,))
    assert opened() == {name: {value} for name, value in SECRETS.items()}


class _Killed(BaseException):
    pass


@pytest.mark.usefixtures("stored")
def test_what_was_interrupted_goes_on(own_database: db.Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    secrets.install((NEW, OLD))
    monkeypatch.setattr(keys, "BATCH", 2)
    renew, times = keys._renew, iter(range(100))

    def until_killed(*what: object) -> None:
        if next(times) == 3:
            raise _Killed
        renew(*what)  # type: ignore[arg-type]

    ceremonies = next(one for one in keys.sealed_columns() if one.column.table.name == "ceremony")
    with monkeypatch.context() as killing:
        killing.setattr(keys, "_renew", until_killed)
        with db.unit_of_work(Scope.platform()) as session:
            session.add(_ceremony(session.scalars(select(Provider.reseller_id)).one(), 9))
        with pytest.raises(_Killed):
            keys.rotate(ceremonies)
    assert opened()["ceremony"] == {"{}"}
    rest = keys.rotate(ceremonies)
    assert (rest.seen, rest.changed) == (4, 1)


@pytest.mark.usefixtures("stored")
def test_what_is_written_meanwhile_stays(own_database: db.Database) -> None:
    """A page saves a new secret between the moment when the old one is read and the one when it would be written."""
    secrets.install((NEW, OLD))
    column = next(one for one in keys.sealed_columns() if one.column.table.name == "provider")
    with db.unit_of_work(Scope.platform()):
        rows = keys._batch(column, None)
    with db.unit_of_work(Scope.platform()) as session:
        session.scalars(select(Provider)).one().client_secret = "newer"
    done = keys.Renewed()
    with db.unit_of_work(Scope.platform()):
        keys._renew(column, tuple(rows[0][:-1]), rows[0][-1], done)
    assert done.changed == 0
    assert opened()["provider"] == {"newer"}


def test_every_encrypted_column_is_known() -> None:
    names = {str(one) for one in keys.sealed_columns()}
    assert names >= {"authenticator.seed", "provider.client_secret", "ceremony.sealed", "mail.content", "audit_chain.key"}
