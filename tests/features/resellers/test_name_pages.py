"""Pages of SIP domains, web hosts and languages."""

import html
import re
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import event, select, update

from portal.core import db
from portal.core.tenancy import Scope
from portal.features.accounts.models import Account
from portal.features.resellers.models import Reseller, SipDomain, WebHost
from tests.browser import Browser
from tests.cast import Cast, Person
from tests.factories.resellers import SipDomainFactory, WebHostFactory

Browse = Callable[..., Browser]
NEW = {"domain": "sip.acme.test", "languages": ["en", "de"], "default_language": "de", "cc": "49", "ac": "30"}
MORE = {"time_zone": "Europe/Berlin", "lock_level": "1", "ring_seconds": "25", "hide_number": "y"}


@pytest.fixture
def tom(cast: Cast, browse: Browse) -> Browser:
    return browse(cast.tom)


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found, name
    return found[1].replace("&#34;", '"')


def row(table: type[Any], **facts: object) -> Any:
    with db.unit_of_work(Scope.platform()) as session:
        found = session.scalars(select(table).filter_by(**facts)).one()
        session.expunge(found)
        return found


def words(page: str) -> str:
    """What stands on a page; pieces of a line stay together."""
    main = re.sub(r"</?bdi\b[^>]*>", "", page.partition("<main")[2].partition(">")[2])
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", main)).split())


def domain_url(cast: Cast, name: str = "lantern") -> str:
    return f"/domains/{cast.domains[name].public_id}"


# --- the list ---------------------------------------------------------------------------------------------------------------


def test_the_list_says_what_a_person_came_to_see(cast: Cast, tom: Browser) -> None:
    with db.unit_of_work(Scope.platform()) as session:
        session.execute(update(SipDomain).where(SipDomain.id == cast.domains["lantern"].id).values(points="here"))
        own = {"reseller_id": cast.telephone.id, "domain_id": cast.domains["telephone"].id}
        session.add(WebHost(host="new.acme.test", points="elsewhere", **own))
    said = words(tom.get("/domains").text)
    assert "lantern.telephone.example English, German Leads here 5" in said
    assert "new.acme.test telephone.example Not proved yet Leads elsewhere" in said
    assert "lantern.localhost Lantern Co lantern.telephone.example Answers" in said
    assert "cheapcall" not in said


def test_the_operator_sees_everybodys(cast: Cast, browse: Browse) -> None:
    said = words(browse(cast.olga).get("/domains").text)
    assert "cheapcall.example Cheap Call" in said
    assert "lantern.telephone.example TelephOne" in said


def test_the_list_is_searched_and_leafed_through(cast: Cast, tom: Browser) -> None:
    with db.unit_of_work(Scope.platform()):
        for number in range(60):
            SipDomainFactory(reseller_id=cast.telephone.id, domain=f"d{number:02}.example")
            WebHostFactory(reseller_id=cast.telephone.id, host=f"h{number:02}.localhost")
    page = tom.get("/domains?q=D0").text
    assert "d09.example" in page
    assert "d10.example" not in page
    first = tom.get("/domains").text
    after = re.search(r'href="(/domains\?after=[^"#]+)#domains"', first)
    assert after
    second = tom.get(after[1]).text
    assert "d24.example" in first
    assert "d25.example" in second
    assert "h00.localhost" in second, "the other list stays where it is"
    before = re.search(r'href="(/domains\?before=[^"#]+)#domains"', second)
    assert before
    assert "d24.example" in tom.get(before[1]).text
    hosts = re.search(r'href="(/domains\?hosts_after=[^"#]+)#hosts"', first)
    assert hosts
    assert "h30.localhost" in tom.get(hosts[1]).text
    assert tom.get(f"/domains?after={'0' * 16}").status_code == 200


@pytest.mark.parametrize("path", ["/domains", "domain", "host"])
def test_a_page_asks_little_however_much_there_is(cast: Cast, tom: Browser, database: db.Database, path: str) -> None:
    host = row(WebHost, host="lantern.localhost").public_id
    path = {"domain": domain_url(cast), "host": f"/hosts/{host}"}.get(path, path)
    tom.get(path)
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        if statement.startswith("SELECT") and "set_config" not in statement:
            asked.append(statement)

    event.listen(database.bind, "before_cursor_execute", note)
    try:
        tom.get(path)
        few = len(asked)
        with db.unit_of_work(Scope.platform()):
            for number in range(40):
                made = SipDomainFactory(reseller_id=cast.telephone.id, domain=f"d{number:02}.example")
                WebHostFactory(reseller_id=cast.telephone.id, host=f"h{number:02}.localhost", domain_id=made.id)
        asked.clear()
        tom.get(path)
    finally:
        event.remove(database.bind, "before_cursor_execute", note)
    assert len(asked) == few <= 7


# --- adding a domain --------------------------------------------------------------------------------------------------------


def test_a_domain_is_added_and_its_page_says_what_it_is(cast: Cast, tom: Browser) -> None:
    response = tom.post("/domains/new", {**NEW, **MORE})
    said = words(tom.follow(response).text)
    assert "sip.acme.test is there." in tom.get("/domains").text or "sip.acme.test" in said
    added = row(SipDomain, domain="sip.acme.test")
    assert (added.languages, added.lock_level, added.ring_seconds, added.hide_number) == (["de", "en"], 1, 25, True)
    assert added.reseller_id == cast.telephone.id
    for words_ in ("German, English", "Calls inside only", "25 seconds", "Hidden from people outside", "+49", "Berlin"):
        assert words_ in said
    assert "A SIP domain keeps its name" in said


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"domain": "cheapcall.example"}, "This SIP domain is in use already."),
        ({"domain": "telephone.example"}, "You have this SIP domain already."),
        ({"domain": "10.1.2"}, "“10.1.2” is an IP address. Use a name: phones keep it when the address changes."),
        ({"domain": "nothing"}, "“nothing” is not a host name."),
        ({"domain": ""}, "Please fill this in."),
        ({"languages": ["en", "sv"], "default_language": "en"}, "Swedish is not available yet."),
        ({"languages": ["en"]}, "The default language has to be one of those that are offered."),
        ({"languages": []}, "Choose at least one language."),
        ({"cc": "999"}, "“999” is no country code."),
        ({"ac": "12345678"}, "“12345678” is no area code."),
    ],
)
def test_what_cannot_be_is_refused_at_its_field_and_nothing_is_lost(
    tom: Browser, typed: dict[str, object], sentence: str
) -> None:
    response = tom.post("/domains/new", {**NEW, **MORE, **typed})
    assert response.status_code == 422
    assert sentence in response.text
    assert "Cheap Call" not in response.text
    assert str({**NEW, **typed}["domain"]) in response.text
    assert '<option value="1" selected>' in response.text


def test_an_address_is_taken_while_developing_with_a_warning(tom: Browser) -> None:
    page = tom.follow(tom.post("/domains/new", {**NEW, **MORE, "domain": "192.0.2.1"})).text
    assert "This domain is an IP address" in page


def test_an_address_is_refused_for_real(tom: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(tom.client.application.config, "DEVELOPMENT", False)
    response = tom.post("/domains/new", {**NEW, **MORE, "domain": "192.0.2.1"})
    assert "“192.0.2.1” is an IP address. Use a name" in response.text


def test_names_of_other_scripts_are_shown_as_people_write_them(tom: Browser) -> None:
    page = tom.follow(tom.post("/domains/new", {**NEW, **MORE, "domain": "Telefon.München.test"})).text
    assert "<h1>telefon.münchen.test</h1>" in page
    assert "telefon.xn--mnchen-3ya.test" in page


# --- changing it ------------------------------------------------------------------------------------------------------------


def test_a_section_saves_on_its_own(cast: Cast, tom: Browser) -> None:
    url = f"{domain_url(cast)}/place"
    page = tom.get(url).text
    kept = {name: hidden(page, name) for name in ("version", "seen")}
    response = tom.post(url, {**kept, "cc": "43", "ac": "01", "time_zone": "Europe/Vienna"})
    assert "Vienna" in tom.follow(response).text
    changed = row(SipDomain, domain="lantern.telephone.example")
    assert (changed.cc, changed.ac) == ("43", "1")


def test_two_who_change_the_same_thing_choose(cast: Cast, tom: Browser, browse: Browse) -> None:
    url = f"{domain_url(cast)}/defaults"
    page = tom.get(url).text
    kept = {name: hidden(page, name) for name in ("version", "seen")}
    olga = browse(cast.olga)
    olga_page = olga.get(url).text
    theirs = {name: hidden(olga_page, name) for name in ("version", "seen")}
    assert olga.post(url, {**theirs, "lock_level": "2", "ring_seconds": "30"}).status_code == 303
    response = tom.post(url, {**kept, "lock_level": "3", "ring_seconds": ""})
    assert response.status_code == 409
    assert "Somebody else saved first" in response.text
    again = {name: hidden(response.text, name) for name in ("version", "seen")}
    done = tom.post(url, {**again, "lock_level": "3", "ring_seconds": "", "keep_lock_level": "theirs"})
    assert done.status_code == 303
    changed = row(SipDomain, domain="lantern.telephone.example")
    assert changed.lock_level == 2


def test_what_two_change_in_different_sections_both_stands(cast: Cast, tom: Browser, browse: Browse) -> None:
    url = domain_url(cast)
    page = tom.get(f"{url}/place").text
    kept = {name: hidden(page, name) for name in ("version", "seen")}
    olga = browse(cast.olga)
    olga_page = olga.get(f"{url}/defaults").text
    theirs = {name: hidden(olga_page, name) for name in ("version", "seen")}
    olga.post(f"{url}/defaults", {**theirs, "lock_level": "2", "ring_seconds": ""})
    tom.post(f"{url}/place", {**kept, "cc": "43", "ac": "", "time_zone": "Europe/Vienna"})
    changed = row(SipDomain, domain="lantern.telephone.example")
    assert (changed.cc, changed.lock_level) == ("43", 2)


def test_a_domain_in_use_is_not_removed_and_says_how_many(cast: Cast, tom: Browser) -> None:
    url = f"{domain_url(cast)}/remove"
    assert "5 lines live in it" in tom.get(url).text
    response = tom.post(url)
    assert response.status_code == 422
    assert "Lines live in this SIP domain." in response.text


def test_a_domain_is_removed_with_what_it_says(cast: Cast, tom: Browser) -> None:
    with db.unit_of_work(Scope.platform()):
        made = SipDomainFactory(reseller_id=cast.telephone.id, domain="spare.example")
        WebHostFactory(reseller_id=cast.telephone.id, host="spare.localhost", domain_id=made.id)
        url = f"/domains/{made.public_id}"
    assert "spare.localhost stays, without a SIP domain" in tom.get(f"{url}/remove").text
    page = tom.follow(tom.post(f"{url}/remove")).text
    assert "spare.example is removed." in page
    assert tom.get(url).status_code == 404


# --- languages --------------------------------------------------------------------------------------------------------------


def languages_of(cast: Cast) -> tuple[list[str], list[str]]:
    with db.unit_of_work(Scope.platform()) as session:
        reseller = session.get_one(Reseller, cast.telephone.id).languages
        return list(reseller), list(session.get_one(SipDomain, cast.domains["lantern"].id).languages)


def send(browser: Browser, url: str, languages: list[str], **more: str) -> tuple[int, str]:
    page = browser.get(url).text
    kept = {name: hidden(page, name) for name in ("version", "seen")}
    response = browser.post(url, {**kept, "languages": languages, **more})
    return response.status_code, response.text


def test_a_provider_adds_a_language_and_puts_it_first(cast: Cast, tom: Browser) -> None:
    url = "/domains/languages"
    status, page = send(tom, url, ["en", "de"], do="add", add="fr")
    assert (status, languages_of(cast)[0]) == (200, ["en", "de"]), "nothing is saved yet"
    assert page.index('value="de"') < page.index('name="languages" value="fr"')
    assert send(tom, url, ["en", "de", "fr"], move_up="fr")[1].count('name="languages"') == 3
    assert send(tom, url, ["fr", "en", "de"])[0] == 303
    assert languages_of(cast)[0] == ["fr", "en", "de"]


def test_a_language_that_is_not_there_is_refused_with_the_reason(cast: Cast, tom: Browser) -> None:
    assert "Not available yet" in tom.get("/domains/languages").text
    status, page = send(tom, "/domains/languages", ["en", "de"], do="add", add="sv")
    assert status == 422
    assert "Swedish is not available yet." in page
    status, page = send(tom, f"{domain_url(cast)}/languages", ["en", "sv"])
    assert status == 422
    assert "Swedish is not available yet." in page
    status, page = send(tom, f"{domain_url(cast)}/languages", ["en"], do="add", add="tr")
    assert "Turkish is not among the languages of this provider." in page
    assert languages_of(cast) == (["en", "de"], ["en", "de"])


def test_taking_a_language_away_says_who_loses_it(cast: Cast, tom: Browser) -> None:
    with db.unit_of_work(Scope.platform()) as session:
        own = Account.id.in_([cast.alice.account.id, cast.bob.account.id])
        session.execute(update(Account).where(own).values(language="de"))
    url = f"{domain_url(cast)}/languages"
    assert "2 people have chosen it" in tom.get(url).text
    status, page = send(tom, url, ["en"])
    assert status == 200
    assert "2 people have chosen German. They will then see what their browser asks for, or else English." in page
    assert languages_of(cast)[1] == ["en", "de"]
    assert send(tom, url, ["en"], agreed=hidden(page, "agreed"))[0] == 303
    assert languages_of(cast)[1] == ["en"]


def test_two_who_change_languages_choose(cast: Cast, tom: Browser, browse: Browse) -> None:
    url = f"{domain_url(cast)}/languages"
    page = tom.get(url).text
    kept = {name: hidden(page, name) for name in ("version", "seen")}
    assert send(browse(cast.olga), url, ["de", "en"])[0] == 303
    response = tom.post(url, {**kept, "languages": ["en"]})
    assert response.status_code == 409
    assert "German, English" in response.text
    again = {name: hidden(response.text, name) for name in ("version", "seen")}
    assert tom.post(url, {**again, "languages": ["en"], "keep_languages": "theirs"}).status_code == 303
    assert languages_of(cast)[1] == ["de", "en"]


# --- who may ----------------------------------------------------------------------------------------------------------------


def test_customer_care_looks_and_changes_nothing(cast: Cast, browse: Browse) -> None:
    cora = browse(cast.cora)
    page = cora.get("/domains").text
    assert "Add SIP domain" not in page
    assert "lantern.telephone.example" in page
    assert "/remove" not in cora.get(domain_url(cast)).text
    assert cora.get("/domains/new").status_code == 404
    assert cora.post(f"{domain_url(cast)}/remove").status_code == 404


@pytest.mark.parametrize("name", ["clare", "alice"])
def test_others_do_not_know_the_page(cast: Cast, browse: Browse, name: str) -> None:
    person: Person = cast.people[name]
    assert browse(person).get("/domains").status_code == 404


def test_somebody_elses_names_do_not_exist(cast: Cast, browse: Browse) -> None:
    rita = browse(cast.rita)
    host = row(WebHost, host="lantern.localhost").public_id
    for path in (
        domain_url(cast),
        f"{domain_url(cast)}/dns",
        f"{domain_url(cast)}/remove",
        f"/hosts/{host}",
        f"/hosts/{host}/dns",
    ):
        assert rita.get(path).status_code == 404, path
    for path in (f"{domain_url(cast)}/check", f"{domain_url(cast)}/remove", f"/hosts/{host}/check", f"/hosts/{host}/remove"):
        assert rita.post(path).status_code == 404, path
    response = rita.post("/hosts/new", {"host": "a.cheap.test", "domain": cast.domains["lantern"].public_id, "title": ""})
    assert response.status_code == 422
