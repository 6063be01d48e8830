"""Pages of web hosts: what proves them, what the DNS says of them."""

import html
import re
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from portal.core import db
from portal.core.tenancy import Scope
from portal.features.resellers.models import SipDomain, WebHost
from tests.browser import Browser
from tests.cast import Cast
from tests.dnsserver import Mood, Zone
from tests.factories.resellers import WebHostFactory

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


@pytest.fixture
def claimed(tom: Browser) -> str:
    response = tom.post("/hosts/new", {"host": "https://Phone.Acme.test/", "domain": "", "title": "Acme"})
    return str(response.headers["Location"])


def test_a_claim_says_which_record_proves_it(tom: Browser, claimed: str) -> None:
    page = tom.get(claimed).text
    host = row(WebHost, host="phone.acme.test")
    assert "_portal-proof.phone.acme.test" in page
    assert host.proof in page
    assert "Not proved yet" in page


@pytest.mark.parametrize(
    ("record", "sentence"),
    [
        (None, "There is no TXT record at _portal-proof.phone.acme.test yet."),
        ({"TXT": ['"something"']}, "but it says something else"),
        (Mood.SILENT, "The DNS has not answered."),
        (Mood.BROKEN, "The DNS has not answered."),
    ],
)
def test_checking_says_what_is_missing(tom: Browser, claimed: str, zone: Zone, record: object, sentence: str) -> None:
    if record is not None:
        zone.names["_portal-proof.phone.acme.test"] = record  # type: ignore[assignment]
    assert sentence in tom.post(f"{claimed}/check").text
    host = row(WebHost, host="phone.acme.test")
    assert host.proved_at is None
    assert host.checked_at is not None


def test_checking_proves_it(tom: Browser, claimed: str, zone: Zone, browse: Browse) -> None:
    host = row(WebHost, host="phone.acme.test")
    assert browse(host="phone.acme.test").get("/login").status_code == 421
    tom.client.application.extensions["tenants"].forget()
    zone.names["_portal-proof.phone.acme.test"] = {"TXT": [f'"{host.proof}"']}
    zone.names["phone.acme.test"] = {"CNAME": ["portal.isar.test."]}
    zone.names["portal.isar.test"] = {"A": ["192.0.2.81"]}
    page = tom.follow(tom.post(f"{claimed}/check")).text
    assert "It is proved that phone.acme.test is yours. It answers from now on." in page
    assert "Acme" in browse(host="phone.acme.test").get("/login").text
    assert "Browsers find the portal at this address." in tom.get(f"{claimed}/dns").text


def test_somebody_else_was_first(cast: Cast, tom: Browser, claimed: str, zone: Zone) -> None:
    host = row(WebHost, host="phone.acme.test")
    zone.names["_portal-proof.phone.acme.test"] = {"TXT": [f'"{host.proof}"']}
    with db.unit_of_work(Scope.platform()):
        WebHostFactory(reseller_id=cast.cheapcall.id, host="phone.acme.test")
    response = tom.post(f"{claimed}/check")
    assert response.status_code == 422
    assert "This address is in use already." in response.text
    assert "Cheap Call" not in response.text


def test_a_record_that_is_gone_is_told_and_why_it_goes_on(tom: Browser, claimed: str) -> None:
    with db.unit_of_work(Scope.platform()) as session:
        host = session.scalars(select(WebHost).where(WebHost.host == "phone.acme.test")).one()
        host.proved_at = host.seen_at = host.gone_at = host.created_at
    page = tom.get(claimed).text
    assert "The record that proves it is gone" in page
    assert "so that nobody is locked out by a slip in the DNS" in page


def test_the_domain_page_shows_record_by_record_what_is_there(cast: Cast, tom: Browser, zone: Zone) -> None:
    tom.post("/domains/new", {**NEW, **MORE})
    made = row(SipDomain, domain="sip.acme.test")
    zone.names.update(
        {
            "_sip._udp.sip.acme.test": {"SRV": ["10 10 5060 sip.isar.test."]},
            "_sip._tcp.sip.acme.test": {"SRV": ["10 10 5060 old.acme.test."]},
            "old.acme.test": {"A": ["203.0.113.9"]},
            "sip.acme.test": {"NAPTR": ['10 10 "s" "SIP+D2U" "" _sip._udp.sip.acme.test.']},
        }
    )
    url = f"/domains/{made.public_id}"
    assert "data-later" in tom.get(url).text, "the page does not wait for the DNS"
    assert zone.asked == []
    said = words(tom.get(f"{url}/dns").text)
    assert "Some phones find us, others are led elsewhere." in said
    assert "SRV _sip._udp.sip.acme.test 10 10 5060 sip.isar.test Leads here" in said
    assert "SRV _sip._tcp.sip.acme.test 10 10 5060 old.acme.test Should be: 10 10 5060 sip.isar.test" in said
    assert 'NAPTR sip.acme.test 10 10 "s" "SIP+D2U" "" _sip._udp.sip.acme.test There' in said
    assert row(SipDomain, domain="sip.acme.test").points is None, "looking alone keeps nothing"
    tom.post(f"{url}/check")
    assert row(SipDomain, domain="sip.acme.test").points == "partly"


def test_the_host_in_use_warns_before_it_goes(cast: Cast, tom: Browser) -> None:
    here = row(WebHost, host="telephone.localhost").public_id
    other = row(WebHost, host="lantern.localhost").public_id
    assert "You are using it right now" in tom.get(f"/hosts/{here}/remove").text
    assert "You are using it right now" not in tom.get(f"/hosts/{other}/remove").text
    assert "It is your last address" not in tom.get(f"/hosts/{here}/remove").text
    assert tom.post(f"/hosts/{other}/remove").status_code == 303
    page = tom.get(f"/hosts/{here}/remove").text
    assert "It is your last address" in page
    assert "there is no other address of yours" in page


def test_a_host_changes_whose_it_is(cast: Cast, tom: Browser) -> None:
    host = row(WebHost, host="lantern.localhost").public_id
    url = f"/hosts/{host}/edit"
    page = tom.get(url).text
    kept = {name: hidden(page, name) for name in ("version", "seen")}
    changed = {"domain": cast.domains["telephone"].public_id, "title": "The Lanterns"}
    assert "The Lanterns" in tom.follow(tom.post(url, {**kept, **changed})).text
