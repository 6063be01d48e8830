"""The provider's own staff: who is listed, invited, changed, locked and ended, by whom, and what never happens."""

import re
from collections.abc import Callable

import pytest
from sqlalchemy import select

from portal.core import clock, db
from portal.core.audit import AuditEntry
from portal.core.permissions import Role
from portal.core.tenancy import Scope
from portal.features.accounts.models import Account, AccountSession, Status
from tests.browser import Browser
from tests.cast import PASSWORD, Cast, Person
from tests.factories.accounts import AccountFactory
from tests.features.accounts.factors import give_app
from tests.mailbox import mails

Browse = Callable[..., Browser]
EVERYTHING = ["changes", "calls", "billing", "passwords"]


def url(person: Person, action: str = "") -> str:
    return f"/staff/{person.account.public_id}" + (f"/{action}" if action else "")


def stored(person: Person) -> Account:
    with db.unit_of_work(Scope.platform()) as session:
        found = session.get_one(Account, person.account.id)
        session.expunge_all()
        return found


def change(person: Person, **values: object) -> None:
    with db.unit_of_work(Scope.platform()) as session:
        merged = session.get_one(Account, person.account.id)
        for name, value in values.items():
            setattr(merged, name, value)


def hire(cast: Cast, name: str, role: Role = Role.RESELLER, reseller: str = "telephone", **values: object) -> Person:
    whose, email = getattr(cast, reseller), f"{name}@{reseller}.example"
    with db.unit_of_work(Scope.platform()) as session:
        own = {"reseller_id": whose.id, "role": role.value, "username": email, "email": email}
        account = AccountFactory(**own, name=name.title(), **values)
        session.flush()
        session.expunge_all()
    return Person(account, {"telephone": "telephone.localhost", "isar": "isar.localhost"}[reseller])


def listed(page: str) -> list[str]:
    return [part.partition("<bdi>")[2].partition("</bdi>")[0] for part in page.split('<a class="who"')[1:]]


def hidden(page: str) -> dict[str, str]:
    found = {name: re.search(rf'name="{name}" type="hidden" value="([^"]*)"', page) for name in ("version", "seen")}
    return {name: match[1].replace("&#34;", '"') for name, match in found.items() if match}


def save(browser: Browser, person: Person, role: str, rights: list[str]) -> tuple[int, str]:
    """Opens the section, changes it, and saves."""
    page = browser.get(url(person, "rights"))
    answer = browser.post(url(person, "rights"), {**hidden(page.text), "role": role, "rights": rights})
    return answer.status_code, answer.text


def events() -> list[tuple[str, str | None]]:
    with db.unit_of_work(Scope.platform()) as session:
        return [(one.event, one.label) for one in session.scalars(select(AuditEntry).order_by(AuditEntry.id))]


# --- who is there -------------------------------------------------------------------------------------------------------------


def test_the_providers_own_staff_and_nobody_else(cast: Cast, browse: Browse) -> None:
    change(cast.cora, withheld=["calls"])
    give_app(cast.tom)
    page = browse(cast.tom).get("/staff").text
    assert listed(page) == ["Cora@Telephone.Example", "Tom@Telephone.Example"]
    for words in ("Administrator", "Customer care", "Sees no calls", "All of the role", "Yes", "Never"):
        assert words in page
    for stranger in ("Rita", "Olga", "Clare", "Alice"):
        assert stranger not in page


def test_operators_see_those_who_run_the_platform(cast: Cast, browse: Browse) -> None:
    page = browse(cast.olga).get("/staff")
    assert listed(page.text) == ["Olga@Isar.Example"]
    assert "Operator" in page.text


def test_found_by_name_address_role_and_state(cast: Cast, browse: Browse) -> None:
    tom = browse(cast.tom)
    for name in ("Ada Lovelace", "Zoë Berg"):
        hire(cast, name.lower().replace(" ", "-"), Role.CARE)
    change(cast.cora, status=Status.LOCKED.value)
    assert listed(tom.get("/staff?q=ada").text) == ["Ada-Lovelace"]
    assert listed(tom.get("/staff?q=TOM@").text) == ["Tom@Telephone.Example"]
    assert listed(tom.get("/staff?q=zoe").text) == ["Zoë-Berg"]
    assert listed(tom.get("/staff?role=reseller").text) == ["Tom@Telephone.Example"]
    assert listed(tom.get("/staff?locked=1").text) == ["Cora@Telephone.Example"]
    assert "Nobody here fits" in tom.get("/staff?q=rita").text


def test_a_long_list_goes_on_and_back(cast: Cast, browse: Browse) -> None:
    for number in range(60):
        hire(cast, f"person-{number:02}", Role.CARE)
    tom = browse(cast.tom)
    first = tom.get("/staff?rows=25")
    assert "62 people" in first.text
    names = listed(first.text)
    further = re.search(r'href="(/staff\?[^"]*after=[^"]*)"', first.text)
    assert further
    second = tom.get(further[1].replace("&amp;", "&"))
    assert not set(names) & set(listed(second.text))
    back = re.search(r'href="(/staff\?[^"]*before=[^"]*)"', second.text)
    assert back
    assert listed(tom.get(back[1].replace("&amp;", "&")).text) == names


@pytest.mark.parametrize("name", ["cora", "clare", "alice", "charlie"])
def test_others_see_nothing_of_it(name: str, cast: Cast, browse: Browse) -> None:
    browser = browse(cast.people[name])
    for path in ("/staff", "/staff/new", url(cast.tom), url(cast.tom, "rights")):
        assert browser.get(path).status_code == 404
    assert ">Staff<" not in browser.get("/").text


@pytest.mark.parametrize("action", ["", "rights", "lock", "unlock", "end"])
def test_who_is_no_staff_of_this_provider_is_not_there(action: str, cast: Cast, browse: Browse) -> None:
    for asker, whom in (("tom", "rita"), ("tom", "olga"), ("tom", "clare"), ("rita", "tom"), ("olga", "tom"), ("tom", "alice")):
        browser = browse(cast.people[asker])
        assert browser.get(url(cast.people[whom], action)).status_code == 404
        if action:
            assert browser.post(url(cast.people[whom], action), {"role": "care"}).status_code == 404
    assert {stored(one).status for one in cast.people.values()} == {"active"}


# --- inviting -----------------------------------------------------------------------------------------------------------------


def test_somebody_is_invited_and_signs_in(cast: Cast, browse: Browse) -> None:
    tom = browse(cast.tom)
    typed = {"name": "Ada Lovelace", "email": "Ada@Telephone.example", "role": "care", "rights": ["changes", "passwords"]}
    answer = tom.follow(tom.post("/staff/new", typed))
    for words in ("Ada Lovelace is invited", "Invited", "Customer care", "Sees no calls, Sees no billing and no costs"):
        assert words in answer.text
    (mail,) = mails()
    assert (mail.kind, mail.to) == ("staff_invitation", "Ada@Telephone.example")
    assert "Tom@Telephone.Example has opened an account for you" in mail.text
    assert mail.link.startswith("http://telephone.localhost")
    ada = browse(host="telephone.localhost")
    ada.get(mail.path)
    assert ada.post(mail.path, {"password": "a long word for doors", "repeat": "a long word for doors"}).status_code == 303
    nav = ada.get("/").text
    assert ">Accounts<" in nav
    assert ">Staff<" not in nav
    with db.unit_of_work(Scope.platform()) as session:
        account = session.scalars(select(Account).where(Account.username == "ada@telephone.example")).one()
        assert (account.role, account.withheld, account.name) == ("care", ["billing", "calls"], "Ada Lovelace")
    assert [event for event, label in events() if label == "Ada Lovelace"][:2] == ["account-opened", "invited"]


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"email": "tom@TELEPHONE.example"}, "Somebody here already signs in with this address."),
        ({"email": "nobody"}, "This does not look like an e-mail address."),
        ({"email": ""}, "Please fill this in."),
        ({"name": "  "}, "Please"),
        ({"role": "operator"}, "Please choose one of the offered values."),
        ({"role": "pilot"}, "Please choose one of the offered values."),
        ({"rights": ["king"]}, "Rights"),
    ],
)
def test_what_cannot_be_is_said_at_its_field(typed: dict[str, object], sentence: str, cast: Cast, browse: Browse) -> None:
    answer = browse(cast.tom).post("/staff/new", {"name": "Ada", "email": "ada@telephone.example", "role": "care"} | typed)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert mails() == []


def test_operators_are_made_by_operators_only(cast: Cast, browse: Browse) -> None:
    boss = hire(cast, "boss", Role.RESELLER, "isar")
    typed = {"name": "Otto", "email": "otto@isar.example", "role": "operator", "rights": EVERYTHING}
    assert browse(boss).post("/staff/new", typed).status_code == 422
    assert browse(cast.olga).post("/staff/new", typed).status_code == 303
    with db.unit_of_work(Scope.platform()) as session:
        assert session.scalars(select(Account.role).where(Account.username == "otto@isar.example")).one() == "operator"


def test_an_operator_elsewhere_makes_no_operators(cast: Cast, browse: Browse) -> None:
    otto = hire(cast, "otto", Role.OPERATOR)
    page = browse(otto).get("/staff/new").text
    assert 'value="operator"' not in page
    assert browse(otto).post("/staff/new", {"name": "O", "email": "o@o.example", "role": "operator"}).status_code == 422


def test_of_an_operator_others_change_nothing(cast: Cast, browse: Browse) -> None:
    boss = browse(hire(cast, "boss", Role.RESELLER, "isar"))
    assert boss.get(url(cast.olga)).status_code == 200
    for action in ("rights", "lock", "unlock", "end"):
        assert boss.get(url(cast.olga, action)).status_code == 404
        assert boss.post(url(cast.olga, action), {"role": "care"}).status_code == 404
    assert stored(cast.olga).role == "operator"


# --- changing -----------------------------------------------------------------------------------------------------------------


def test_what_is_changed_counts_at_the_next_request(cast: Cast, browse: Browse) -> None:
    tom, cora = browse(cast.tom), browse(cast.cora)
    assert cora.get("/staff").status_code == 404
    assert save(tom, cast.cora, "reseller", EVERYTHING)[0] == 303
    assert cora.get("/staff").status_code == 200
    assert save(tom, cast.cora, "care", ["calls", "billing"])[0] == 303
    assert cora.get("/staff").status_code == 404
    assert cora.get("/accounts").status_code == 200
    assert cora.post(f"/accounts/{cast.alice.account.public_id}/send-link").status_code == 404
    history = tom.get(url(cast.cora)).text
    assert "You changed what Cora@Telephone.Example may do: role customer care (before: administrator); no longer:" in history
    assert "changing things, helping with passwords" in history


def test_nothing_changed_is_nothing_recorded(cast: Cast, browse: Browse) -> None:
    assert save(browse(cast.tom), cast.cora, "care", EVERYTHING)[0] == 303
    assert "staff-changed" not in [event for event, _label in events()]


def test_two_who_change_the_same_are_told(cast: Cast, browse: Browse) -> None:
    tom, ada = browse(cast.tom), browse(hire(cast, "ada"))
    first = hidden(tom.get(url(cast.cora, "rights")).text)
    assert save(ada, cast.cora, "care", ["changes", "calls"])[0] == 303
    answer = tom.post(url(cast.cora, "rights"), {**first, "role": "care", "rights": ["billing"]})
    assert answer.status_code == 409
    for words in ("Somebody else saved first", "Ada", "Changes things, Sees calls", "Sees billing and costs"):
        assert words in answer.text
    kept = {**hidden(answer.text), "version": str(stored(cast.cora).version), "role": "care", "rights": ["billing"]}
    assert tom.post(url(cast.cora, "rights"), kept | {"keep_rights": "theirs"}).status_code == 303
    assert stored(cast.cora).withheld == ["billing", "passwords"]


def test_nobody_changes_themselves(cast: Cast, browse: Browse) -> None:
    hire(cast, "ada")
    tom = browse(cast.tom)
    assert "This is your own account" in tom.get(url(cast.tom)).text
    for action in ("rights", "lock", "unlock", "end"):
        assert tom.get(url(cast.tom, action)).status_code == 404
        assert tom.post(url(cast.tom, action), {"role": "reseller", "rights": EVERYTHING}).status_code == 404
    assert (stored(cast.tom).status, stored(cast.tom).withheld) == ("active", [])


# --- locking and ending -------------------------------------------------------------------------------------------------------


def test_who_is_locked_is_out_at_once_and_back_later(cast: Cast, browse: Browse) -> None:
    tom, cora = browse(cast.tom), browse(cast.cora)
    assert cora.get("/").status_code == 200
    page = tom.get(url(cast.cora, "lock")).text
    assert "signed out everywhere, at once" in page
    assert tom.post(url(cast.cora, "lock")).status_code == 303
    assert cora.get("/").headers["Location"].startswith("/login")
    answer = browse(host="telephone.localhost").post("/login", {"username": cast.cora.sign_in_name, "password": PASSWORD})
    assert answer.status_code == 422
    assert "Locked" in tom.get(url(cast.cora)).text
    assert tom.post(url(cast.cora, "lock")).status_code == 422
    assert tom.post(url(cast.cora, "unlock")).status_code == 303
    answer = browse(host="telephone.localhost").post("/login", {"username": cast.cora.sign_in_name, "password": PASSWORD})
    assert answer.status_code == 303
    assert [event for event, _label in events() if event.startswith("staff-")] == ["staff-locked", "staff-unlocked"]


def test_who_is_ended_is_gone_and_the_address_is_free(cast: Cast, browse: Browse) -> None:
    tom, cora = browse(cast.tom), browse(cast.cora)
    give_app(cast.cora)
    assert tom.post(url(cast.cora, "end")).headers["Location"] == "/staff"
    assert cora.get("/").headers["Location"].startswith("/login")
    assert tom.get(url(cast.cora)).status_code == 404
    gone = stored(cast.cora)
    assert (gone.status, gone.password_hash) == ("terminated", None)
    with db.unit_of_work(Scope.platform()) as session:
        assert session.scalars(select(AccountSession).where(AccountSession.account_id == gone.id)).all() == []
    typed = {"name": "Cora again", "email": "cora@telephone.example", "role": "care", "rights": EVERYTHING}
    assert tom.post("/staff/new", typed).status_code == 303
    assert ("staff-terminated", "Cora@Telephone.Example") in events()
    assert "ended the account of Cora@Telephone.Example" in tom.get("/audit").text


@pytest.mark.parametrize("action", ["lock", "end"])
def test_the_last_operator_stays(action: str, cast: Cast, browse: Browse) -> None:
    """The administrators of the operator's own reseller cannot stand in."""
    otto = hire(cast, "otto", Role.OPERATOR, "isar")
    hire(cast, "boss", Role.RESELLER, "isar")
    olga = browse(cast.olga)
    assert save(olga, otto, "operator", ["calls"])[0] == 303, "otto may look only, olga is left"
    assert browse(otto).post(url(cast.olga, action)).status_code == 404, "who may only look cannot"
    assert olga.post(url(otto, action)).status_code == 303
    assert stored(cast.olga).status == "active"


def test_links_to_help_are_where_they_help(cast: Cast, browse: Browse) -> None:
    ada = hire(cast, "ada", Role.CARE, password_hash=None)
    tom = browse(cast.tom)
    assert "Send the invitation again" in tom.get(url(ada)).text
    assert tom.post(f"/accounts/{ada.account.public_id}/send-link").status_code == 303
    assert [mail.kind for mail in mails()] == ["staff_invitation"]
    change(ada, password_hash="x", last_sign_in_at=clock.now())
    assert "Send the invitation again" not in tom.get(url(ada)).text


def test_it_asks_who_one_is(cast: Cast, browse: Browse) -> None:
    tom = browse(cast.tom)
    with db.unit_of_work(Scope.platform()) as session:
        session.query(AccountSession).update({"confirmed_at": clock.now().replace(year=2020)})
    for path in ("/staff/new", url(cast.cora, "rights"), url(cast.cora, "lock"), url(cast.cora, "unlock"), url(cast.cora, "end")):
        assert tom.get(path).headers["Location"].startswith("/confirm")
        assert tom.post(path).headers["Location"].startswith("/confirm")
