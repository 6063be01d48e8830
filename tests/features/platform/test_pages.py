"""The operator's pages: what they say, what they offer, and that nobody else finds them."""

import re
from collections.abc import Callable

import pytest
from sqlalchemy import event, select

from portal.core import db
from portal.core.tenancy import Scope
from portal.features.branding.models import ThemeFile, ThemeVersion
from portal.features.contacts.models import Contact
from portal.features.customers.models import Contract
from portal.features.resellers.models import Reseller, WebHost
from tests.browser import Browser
from tests.cast import Cast
from tests.factories.resellers import ResellerFactory
from tests.features.platform.resellers import fresh, lines, made

Browse = Callable[..., Browser]
STATEMENTS = 6
PAGES = ("/resellers", "/resellers/new", "/contracts", "/contracts/new", "/system-contacts", "/system-contacts/new", "/health")
NORTH = {
    "name": "Nordlicht",
    "host": "nordlicht",
    "admin": "Nora Lund",
    "email": "nora@nordlicht.example",
    "languages": ["en"],
    "time_zone": "Europe/Berlin",
    "contact": "",
    "look": "",
}


def listed(page: str) -> list[str]:
    return re.findall(r'<a class="who"[^>]*><bdi>([^<]*)</bdi>', page)


def url(reseller: Reseller, action: str = "") -> str:
    return f"/resellers/{reseller.public_id}" + (f"/{action}" if action else "")


def asked(browser: Browser, path: str) -> int:
    """How many statements a page needs, without those that tell the scope."""
    sent: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_more: object) -> None:
        if not statement.startswith(("SELECT set_config", "SAVEPOINT", "RELEASE", "ROLLBACK")):
            sent.append(statement)

    connection = db.database().bind
    event.listen(connection, "before_cursor_execute", note)
    try:
        assert browser.get(path).status_code == 200
    finally:
        event.remove(connection, "before_cursor_execute", note)
    return len(sent)


# --- who gets there -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["tom", "cora", "clare", "alice"])
def test_nobody_but_operators_finds_them(name: str, cast: Cast, browse: Browse) -> None:
    browser = browse(cast.people[name])
    for path in (*PAGES, url(cast.telephone)):
        assert browser.get(path).status_code == 404, path
    home = browser.get("/").text
    assert 'href="/resellers"' not in home
    assert 'href="/health"' not in home


def test_they_stand_under_a_heading_of_their_own(cast: Cast, browse: Browse) -> None:
    home = browse(cast.olga).get("/").text
    assert re.search(r'nav-group">Platform</p>.*Resellers.*Contracts.*Health', home, re.DOTALL)


def test_what_a_provider_sets_up_is_folded_until_one_is_there(cast: Cast, browse: Browse) -> None:
    olga = browse(cast.olga)
    folded = r'<details class="nav-fold"{}><summary class="nav-group">Provider.*Branding.*Sign-in rules.*</details>'
    assert re.search(folded.format(""), olga.get("/").text, re.DOTALL)
    assert re.search(folded.format(" open"), olga.get("/staff").text, re.DOTALL)
    assert "nav-fold" not in browse(cast.tom).get("/").text


# --- the list -----------------------------------------------------------------------------------------------------------------


def test_the_list_says_what_each_has(cast: Cast, browse: Browse) -> None:
    page = browse(cast.olga).get("/resellers")
    assert listed(page.text) == ["Cheap Call", "Isar Telecom", "TelephOne"]
    assert "the platform’s own" in page.text
    for host in ("cheapcall.<wbr>localhost", "lantern.<wbr>localhost"):
        assert host in page.text


def test_the_list_is_searched_and_filtered(cast: Cast, browse: Browse) -> None:
    olga = browse(cast.olga)
    assert listed(olga.get("/resellers?q=tele").text) == ["TelephOne"]
    assert listed(olga.get("/resellers?state=locked").text) == []
    assert "No reseller fits" in olga.get("/resellers?q=nobody").text
    olga.post(url(cast.telephone, "lock"), {"reason": "Late"})
    assert listed(olga.get("/resellers?state=locked").text) == ["TelephOne"]


def test_the_list_goes_on_from_any_place(cast: Cast, browse: Browse) -> None:
    with db.unit_of_work(Scope.platform()):
        for number in range(30):
            ResellerFactory(name=f"Provider {number:02}")
    olga = browse(cast.olga)
    first = olga.get("/resellers?rows=25")
    names = listed(first.text)
    assert len(names) == 25
    further = re.search(r'rel="next" href="([^"]+)"', first.text)
    assert further is not None
    second = olga.get(further[1].replace("&amp;", "&"))
    assert names + listed(second.text) == sorted(names + listed(second.text))
    assert len(listed(second.text)) == 8
    back = re.search(r'rel="prev" href="([^"]+)"', second.text)
    assert back is not None
    assert listed(olga.get(back[1].replace("&amp;", "&")).text) == names


@pytest.mark.parametrize("path", ["/resellers", "/resellers/{telephone}", "/contracts", "/system-contacts", "/health", "/"])
def test_few_questions_are_asked_however_much_there_is(path: str, cast: Cast, browse: Browse) -> None:
    olga = browse(cast.olga)
    path = path.format(telephone=cast.telephone.public_id)
    olga.get(path)
    before = asked(olga, path)
    with db.unit_of_work(Scope.platform()):
        for number in range(30):
            ResellerFactory(name=f"Provider {number:02}")
    assert asked(olga, path) == before
    assert before <= STATEMENTS + 1, "the session is looked up besides"


# --- a new one ----------------------------------------------------------------------------------------------------------------


def test_one_short_form_and_it_is_there(cast: Cast, browse: Browse) -> None:
    olga = browse(cast.olga)
    form = olga.get("/resellers/new").text
    assert len(re.findall(r'class="field-label"', form.partition("<main")[2].partition("<details")[0])) == 5
    answer = olga.post("/resellers/new", NORTH)
    page = olga.follow(answer)
    assert "An invitation is on its way to" in page.text
    assert "nordlicht.<wbr>isar.<wbr>localhost" in page.text
    assert "Nora Lund" in page.text
    assert "Invited" in page.text


def test_it_may_begin_with_a_look_of_the_gallery(cast: Cast, browse: Browse) -> None:
    olga = browse(cast.olga)
    assert olga.post("/resellers/new", {**NORTH, "look": "fjell"}).status_code == 303
    with db.unit_of_work(Scope.platform()) as session:
        one = session.scalars(select(Reseller).where(Reseller.name == "Nordlicht")).one()
        draft = session.scalars(select(ThemeVersion).where(ThemeVersion.reseller_id == one.id)).one()
        sheet = session.scalars(
            select(ThemeFile.content).where(ThemeFile.version_id == draft.id, ThemeFile.path == "theme.toml")
        ).one()
        assert (draft.state, one.theme_version_id) == ("draft", None)
    assert "Nordlicht" in sheet.decode()
    assert "Fjell" not in sheet.decode()


def test_its_portal_answers_at_once_under_its_own_name(cast: Cast, browse: Browse) -> None:
    made(cast)
    browser = browse(host="nordlicht.isar.localhost")
    browser.client.application.extensions["tenants"].forget()
    page = browser.get("/login").text
    assert "Nordlicht" in page
    for other in ("Isar Telecom", "TelephOne", "Cheap Call"):
        assert other not in page


@pytest.mark.parametrize(
    ("otherwise", "sentence"),
    [
        ({"name": "TELEPHONE"}, "There is a reseller of this name already."),
        ({"host": "telephone.localhost"}, "in use"),
        ({"languages": []}, "Choose at least one language."),
        ({"email": "nobody"}, "This does not look like an e-mail address."),
        ({"name": ""}, "Please fill this in."),
        ({"max_subscribers": "0"}, "Type a number from 1"),
        ({"host": "10.0.0.1"}, "IP address"),
    ],
)
def test_what_cannot_be_is_said_at_its_place_and_nothing_is_lost(
    otherwise: dict[str, object], sentence: str, cast: Cast, browse: Browse
) -> None:
    page = browse(cast.olga).post("/resellers/new", {**NORTH, **otherwise})
    assert page.status_code == 422
    assert sentence in page.text
    assert "TelephOne" not in page.text.partition('<div class="summary"')[2]
    if "email" not in otherwise:
        assert 'value="nora@nordlicht.example"' in page.text
    with db.unit_of_work(Scope.platform()) as session:
        assert session.scalars(select(Reseller.id).where(Reseller.name == "Nordlicht")).all() == []


# --- one of them --------------------------------------------------------------------------------------------------------------


def test_a_limit_below_what_is_in_use_is_refused(cast: Cast, browse: Browse) -> None:
    olga = browse(cast.olga)
    version = {"version": str(fresh_version(cast.telephone))}
    page = olga.post(url(cast.telephone, "limits"), {"max_subscribers": "5", **version})
    assert page.status_code == 422
    assert "6 lines are in use already" in page.text
    assert olga.post(url(cast.telephone, "limits"), {"max_subscribers": "6", "blocks_only": "y", **version}).status_code == 303
    with db.unit_of_work(Scope.platform()):
        one = fresh(cast.telephone)
        assert (one.max_subscribers, one.blocks_only) == (6, True)


def fresh_version(reseller: Reseller) -> int:
    with db.unit_of_work(Scope.platform()):
        return fresh(reseller).version


def test_its_name_is_changed_and_stands_in_the_history(cast: Cast, browse: Browse) -> None:
    olga = browse(cast.olga)
    asked_for = {"name": "Tele One", "time_zone": "Europe/Vienna", "version": str(fresh_version(cast.telephone))}
    page = olga.follow(olga.post(url(cast.telephone, "basics"), asked_for))
    assert "<h1>Tele One</h1>" in page.text
    assert "Vienna" in page.text
    assert "You changed the reseller" in page.text


def test_two_who_change_the_same_choose(cast: Cast, browse: Browse) -> None:
    first, second = browse(cast.olga), browse(cast.olga)
    seen = '{"name": "TelephOne", "time_zone": "Europe/Berlin"}'
    version = str(fresh_version(cast.telephone))
    shown = {"version": version, "seen": seen, "time_zone": "Europe/Berlin"}
    assert first.post(url(cast.telephone, "basics"), {**shown, "name": "Tele One"}).status_code == 303
    page = second.post(url(cast.telephone, "basics"), {**shown, "name": "Tele Two"})
    assert page.status_code == 409
    assert "Somebody else saved first" in page.text
    assert "Tele One" in page.text
    assert "Tele Two" in page.text


def test_locked_and_unlocked_from_its_page(cast: Cast, browse: Browse) -> None:
    olga = browse(cast.olga)
    assert "6 lines make and get no calls" in olga.get(url(cast.telephone, "lock")).text
    assert "Say why, in a few words." in olga.post(url(cast.telephone, "lock"), {"reason": " "}).text
    page = olga.follow(olga.post(url(cast.telephone, "lock"), {"reason": "The bill of October"}))
    assert "TelephOne is locked, with 6 lines." in page.text
    assert "The bill of October" in page.text
    assert "It is locked already." in olga.post(url(cast.telephone, "lock"), {"reason": "Again"}).text
    page = olga.follow(olga.post(url(cast.telephone, "unlock")))
    assert "is not locked any more" in page.text
    assert set(lines(cast.telephone.id).values()) == {(0, "active")}
    assert "It is not locked any more." in olga.post(url(cast.telephone, "unlock")).text


def test_terminated_only_by_name_and_with_its_customers(cast: Cast, browse: Browse) -> None:
    olga = browse(cast.olga)
    page = olga.get(url(cast.telephone, "terminate"))
    for words in ("2 customers", "6 lines", "10 numbers", "lantern.<wbr>localhost", "2 accounts of its staff"):
        assert words in page.text
    page = olga.post(url(cast.telephone, "terminate"), {"typed": "TelephOne"})
    assert page.status_code == 422
    assert "There are customers that have not ended (2)." in page.text
    page = olga.post(url(cast.telephone, "terminate"), {"typed": "Cheap Call", "with_customers": "y"})
    assert "Type the name as it stands above" in page.text
    page = olga.follow(olga.post(url(cast.telephone, "terminate"), {"typed": "TelephOne", "with_customers": "y"}))
    assert "TelephOne has ended." in page.text
    assert listed(olga.get("/resellers").text) == ["Cheap Call", "Isar Telecom"]
    assert listed(olga.get("/resellers?state=terminated").text) == ["TelephOne"]
    for action in ("lock", "terminate", "basics", "limits", "administrators/new"):
        assert olga.get(url(cast.telephone, action)).status_code == 404
    assert "You terminated the reseller" in olga.get(url(cast.telephone)).text


def test_what_happened_to_it_stays_readable(cast: Cast, browse: Browse) -> None:
    olga = browse(cast.olga)
    olga.post(url(cast.telephone, "terminate"), {"typed": "TelephOne", "with_customers": "y"})
    assert "terminated the reseller" in olga.get("/audit").text


def test_the_platforms_own_is_not_offered_its_end(cast: Cast, browse: Browse) -> None:
    olga = browse(cast.olga)
    page = olga.get(url(cast.isar))
    assert "/terminate" not in page.text
    assert "/lock" not in page.text
    for action in ("lock", "terminate"):
        assert olga.get(url(cast.isar, action)).status_code == 404


def test_another_administrator_is_invited(cast: Cast, browse: Browse) -> None:
    olga = browse(cast.olga)
    path = url(cast.telephone, "administrators/new")
    page = olga.post(path, {"admin": "Tom", "email": "tom@telephone.example"})
    assert "has this e-mail address already" in page.text
    page = olga.follow(olga.post(path, {"admin": "Tina Ott", "email": "tina@telephone.example"}))
    assert "Tina Ott" in page.text


# --- contracts ----------------------------------------------------------------------------------------------------------------


def system_contact(olga: Browser, **otherwise: str) -> str:
    wanted = {"company": "Carrier One", "email": "noc@carrier.example", "country": "", **otherwise}
    assert olga.post("/system-contacts/new", wanted).status_code == 303
    with db.unit_of_work(Scope.platform()) as session:
        return session.scalars(select(Contact.public_id).where(Contact.email == wanted["email"])).one()


def test_a_peering_contract_from_its_beginning_to_its_end(cast: Cast, browse: Browse) -> None:
    olga = browse(cast.olga)
    assert "Whom to write to comes first" in olga.get("/contracts/new").text
    contact = system_contact(olga)
    wish = {"name": "Carrier One", "product": "sip_peering", "contact": contact, "external_id": "C-1"}
    page = olga.follow(olga.post("/contracts/new", wish))
    assert "SIP peering" in page.text
    with db.unit_of_work(Scope.platform()) as session:
        contract = session.scalars(select(Contract.public_id)).one()
    path = f"/contracts/{contract}"
    assert listed(olga.get("/contracts?product=sip_peering").text) == ["Carrier One"]
    assert listed(olga.get("/contracts?product=reseller").text) == []
    page = olga.follow(olga.post(f"{path}/details", {**wish, "name": "Carrier Two", "version": "1"}))
    assert "<h1>Carrier Two</h1>" in page.text
    assert "Locked" in olga.follow(olga.post(f"{path}/lock")).text
    assert "It is locked already." in olga.post(f"{path}/lock").text
    assert "Active" in olga.follow(olga.post(f"{path}/unlock")).text
    assert "Terminated" in olga.follow(olga.post(f"{path}/terminate")).text
    for action in ("lock", "unlock", "terminate", "details"):
        assert olga.post(f"{path}/{action}").status_code == 404


def test_a_contact_in_use_stays(cast: Cast, browse: Browse) -> None:
    olga = browse(cast.olga)
    contact = system_contact(olga)
    olga.post("/contracts/new", {"name": "Carrier One", "product": "pstn_peering", "contact": contact})
    page = olga.get(f"/system-contacts/{contact}")
    assert "Carrier One" in page.text
    assert "/remove" not in page.text
    refused = olga.post(f"/system-contacts/{contact}/remove")
    assert refused.status_code == 422
    assert "This contact is in use." in refused.text
    alone = system_contact(olga, company="Carrier Two", email="noc@two.example")
    assert olga.post(f"/system-contacts/{alone}/remove").status_code == 303
    assert olga.get(f"/system-contacts/{alone}").status_code == 404


def test_the_contract_of_a_reseller_follows_it(cast: Cast, browse: Browse) -> None:
    reseller = made(cast)
    olga = browse(cast.olga)
    with db.unit_of_work(Scope.platform()) as session:
        contract = session.scalars(select(Contract.public_id)).one()
    page = olga.get(f"/contracts/{contract}")
    assert "This contract is locked and ends with its reseller." in page.text
    assert "lock or terminate the reseller instead" in olga.post(f"/contracts/{contract}/lock").text
    assert olga.get(f"/contracts/{contract}/terminate").status_code == 404
    olga.post(url(reseller, "lock"), {"reason": "Late"})
    assert "Locked" in olga.get(f"/contracts/{contract}").text


def test_contacts_of_customers_are_no_system_contacts(cast: Cast, browse: Browse) -> None:
    olga = browse(cast.olga)
    with db.unit_of_work(Scope.platform()) as session:
        theirs = session.scalars(select(Contact.public_id).where(Contact.reseller_id == cast.telephone.id).limit(1)).one()
    assert olga.get(f"/system-contacts/{theirs}").status_code == 404
    assert listed(olga.get("/system-contacts").text) == []


def test_a_host_that_waits_for_its_proof_says_so(cast: Cast, browse: Browse) -> None:
    with db.unit_of_work(Scope.platform()) as session:
        session.add(WebHost(reseller_id=cast.telephone.id, host="phones.telephone.example"))
    assert "Not proved yet" in browse(cast.olga).get(url(cast.telephone)).text
