"""Which languages a provider allows, its domains offer, and people see."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select, update

from portal.core import db
from portal.core.audit import AuditEntry
from portal.core.errors import Conflict, Refused
from portal.core.tenancy import Scope
from portal.features.accounts.models import Account
from portal.features.resellers import operations, queries
from portal.features.resellers.models import Reseller, SipDomain
from portal.features.resellers.queries import home_of, tenant_by_host
from tests.browser import Browser
from tests.cast import Cast, Person

Browse = Callable[..., Browser]
THREE = ["en", "de", "fr"]


def store(cast: Cast, languages: list[str], domain: list[str] | None = None) -> None:
    with db.unit_of_work(Scope.platform()) as session:
        session.execute(update(Reseller).where(Reseller.id == cast.telephone.id).values(languages=languages))
        own = update(SipDomain).where(SipDomain.reseller_id == cast.telephone.id)
        session.execute(own.values(languages=domain or languages))


def choose(person: Person, language: str | None) -> None:
    with db.unit_of_work(Scope.platform()) as session:
        session.execute(update(Account).where(Account.id == person.account.id).values(language=language))


def test_what_a_provider_no_longer_allows_its_domains_no_longer_offer(cast: Cast) -> None:
    store(cast, THREE, ["fr", "de"])
    with db.unit_of_work(cast.tom.scope) as session:
        operations.change_reseller_languages(by=cast.tom.identity, reseller=cast.telephone, version=1, languages=["de", "en"])
        details = session.scalars(select(AuditEntry.details).where(AuditEntry.event == "languages-changed")).one()
        assert details == {"languages": [THREE, ["de", "en"]], "domains": ["telephone.example", "lantern.telephone.example"]}
    found = tenant_by_host("lantern.localhost")
    assert found is not None
    assert found.languages == ("de",)


def test_a_domain_without_any_left_offers_the_default(cast: Cast) -> None:
    store(cast, THREE, ["fr"])
    with db.unit_of_work(cast.tom.scope):
        operations.change_reseller_languages(by=cast.tom.identity, reseller=cast.telephone, version=1, languages=["de", "en"])
        assert {tuple(one.languages) for one in queries.domains()} == {("de",)}


def test_of_two_changes_the_second_is_told(cast: Cast) -> None:
    with db.unit_of_work(cast.tom.scope):
        change: dict[str, Any] = {"by": cast.tom.identity, "reseller": cast.telephone, "version": 1}
        operations.change_reseller_languages(**change, languages=["de"])
        with pytest.raises(Conflict):
            operations.change_reseller_languages(**change, languages=["en"])


def test_a_language_that_is_not_whole_is_refused_unless_it_stood_there(cast: Cast) -> None:
    with db.unit_of_work(cast.tom.scope):
        change: dict[str, Any] = {"by": cast.tom.identity, "reseller": cast.telephone}
        with pytest.raises(Refused) as caught:
            operations.change_reseller_languages(**change, version=1, languages=["en", "sv"])
        assert caught.value.sentence() == "Swedish is not available yet."
    store(cast, ["en", "sv"], ["en"])
    with db.unit_of_work(cast.tom.scope):
        operations.change_reseller_languages(**change, version=1, languages=["sv", "en"])


def test_people_are_counted_by_the_language_that_they_chose(cast: Cast) -> None:
    choose(cast.alice, "fr")
    choose(cast.bob, "fr")
    choose(cast.ike, "fr")
    choose(cast.charlie, "fr")
    with db.unit_of_work(cast.tom.scope):
        assert queries.speakers(cast.telephone.id)["fr"] == 3
        assert queries.speakers(cast.telephone.id, cast.domains["lantern"].id) == {"fr": 2}


# --- who sees which ---------------------------------------------------------------------------------------------------------


def spoken(page: str) -> str:
    return page.partition('<html lang="')[2].partition('"')[0]


@pytest.mark.parametrize(
    ("saved", "browser", "seen"),
    [
        ("fr", "de", "fr"),  # the account's own choice
        (None, "de-AT, fr;q=0.5", "de"),  # the best that the browser asks for and the domain allows
        (None, "sv, es, tr", "en"),  # the domain's default
        (None, "", "en"),
        ("es", "de", "de"),  # what somebody chose, and the domain does not allow any more
        ("es", "sv", "en"),
    ],
)
def test_the_account_comes_before_the_browser_and_the_domain(
    cast: Cast, browse: Browse, saved: str | None, browser: str, seen: str
) -> None:
    store(cast, [*THREE, "es"], THREE)
    choose(cast.alice, saved)
    assert spoken(browse(cast.alice, language=browser).get("/account").text) == seen


def test_an_explicit_choice_comes_first(cast: Cast, browse: Browse) -> None:
    store(cast, THREE)
    choose(cast.alice, "fr")
    alice = browse(cast.alice, language="en")
    alice.post("/language", {"language": "de", "next": "/account"})
    assert spoken(alice.get("/account").text) == "de"


@pytest.mark.parametrize(("saved", "seen"), [("fr", "fr"), ("es", "en"), (None, "en")])
def test_mails_skip_the_browser(cast: Cast, saved: str | None, seen: str) -> None:
    store(cast, [*THREE, "es"], THREE)
    with db.unit_of_work(Scope.platform()):
        home = home_of(cast.telephone.id, cast.domains["lantern"].id)
        assert (saved if saved in home.languages else home.languages[0]) == seen


def test_the_sign_in_page_offers_what_the_domain_allows(cast: Cast, browse: Browse) -> None:
    store(cast, [*THREE, "es", "it"], ["fr", "en"])
    page = browse(host="lantern.localhost").get("/login").text
    for language, offered in (("fr", True), ("en", True), ("de", False), ("es", False), ("it", False), ("tr", False)):
        assert (f'name="language" value="{language}"' in page) is offered, language
    assert spoken(browse(host="lantern.localhost", language="it").get("/login").text) == "fr"


def test_a_host_without_domain_speaks_as_its_provider(cast: Cast) -> None:
    store(cast, ["de", "fr"])
    with db.unit_of_work(cast.olga.scope):
        operations.add_host(by=cast.olga.identity, reseller=cast.telephone, host="staff.telephone.localhost")
    found = tenant_by_host("staff.telephone.localhost")
    assert found is not None
    assert found.languages == ("de", "fr")
