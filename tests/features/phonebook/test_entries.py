"""Entries: who may write which, what they may be, what others see of it, and the way back."""

from typing import Any

import pytest
from sqlalchemy import literal, select

from portal.core import db
from portal.core.audit import AuditEntry, Event
from portal.core.errors import Conflict, NotFound, Refused
from portal.core.tenancy import Scope
from portal.features.audit.rules import told
from portal.features.phonebook import operations, queries, rules
from portal.features.phonebook.models import Entry, EntryNumber
from portal.features.phonebook.queries import Book, Filters, reader
from portal.features.phonebook.rules import Label, Numbered
from portal.features.subscribers.models import Profile, Subscriber
from portal.features.subscribers.rules import STORED, Level
from tests.cast import Cast, Person
from tests.features.phonebook.conftest import HOME, enter


def names(who: Person, book: Book | None = None, words: str = "", letter: str = "") -> list[str]:
    """The list as somebody sees it."""
    with db.unit_of_work(who.scope):
        asked = Filters(words=words, book=book, letter=letter)
        page = queries.page(reader(who.identity), asked, HOME, sort="name", descending=False, limit=50, offset=0)
        assert page.total == len(page.rows)
        return [row.content.name for row in page.rows]


def level(who: Person, wanted: Level | None) -> None:
    with db.unit_of_work(Scope.platform()) as session:
        line = session.get_one(Subscriber, who.subscriber.id)
        own = {"reseller_id": line.reseller_id, "customer_id": line.customer_id}
        levels = {} if wanted is None else {"phonebook": STORED[wanted]}
        profile = Profile(name=f"P{line.id}", name_sort=f"p{line.id}", levels=levels, **own)
        session.add(profile)
        session.flush()
        line.profile_id = profile.id


def test_the_company_s_is_everybody_s_and_one_s_own_is_nobody_else_s(cast: Cast) -> None:
    enter(cast.clare, "Ruby Books", "030 23125 123")
    enter(cast.alice, "Dr. Green", "0171 3920012", book=Book.MINE)
    enter(cast.bob, "Aunt Polly", "+44 20 7946 0321", book=Book.MINE)
    enter(cast.clare, "Tailor", "030 23125 900", book=Book.MINE)
    assert names(cast.alice) == ["Dr. Green", "Ruby Books"]
    assert names(cast.bob) == ["Aunt Polly", "Ruby Books"]
    assert names(cast.clare) == ["Ruby Books", "Tailor"]
    assert names(cast.alice, Book.MINE) == ["Dr. Green"]
    assert names(cast.alice, Book.COMPANY) == ["Ruby Books"]
    assert names(cast.ike) == names(cast.charlie) == []


def test_a_line_without_a_company_has_its_own(cast: Cast) -> None:
    enter(cast.charlie, "Mother", "069 90009123", book=Book.MINE)
    assert names(cast.charlie) == ["Mother"]
    with pytest.raises(NotFound):
        enter(cast.charlie, "Mother", "069 90009123")


def test_staff_have_none(cast: Cast) -> None:
    with pytest.raises(NotFound):
        reader(cast.tom.identity)


@pytest.mark.parametrize("who", ["alice", "bob"])
def test_only_the_pilot_writes_the_company_s(cast: Cast, who: str) -> None:
    entry = enter(cast.clare, "Ruby Books", "030 23125 123")
    with pytest.raises(NotFound):
        enter(cast.people[who], "Ruby", "030 1")
    by = cast.people[who].identity
    with db.unit_of_work(cast.people[who].scope):
        mine = queries.entry(reader(by), entry)
        with pytest.raises(NotFound):
            operations.change_person(by=by, entry=mine, version=1, name="Rubi", company=None, email=None, note=None)
        with pytest.raises(NotFound):
            operations.change_numbers(by=by, entry=mine, version=1, numbers=[("work", "030 1")], home=HOME)
        with pytest.raises(NotFound):
            operations.remove(by=by, entry=mine)


@pytest.mark.parametrize("who", ["bob", "clare", "ike", "charlie"])
def test_somebody_s_own_entry_does_not_exist_for_others(cast: Cast, who: str) -> None:
    entry = enter(cast.alice, "Dr. Green", "0171 3920012", book=Book.MINE)
    with db.unit_of_work(cast.people[who].scope), pytest.raises(NotFound):
        queries.entry(reader(cast.people[who].identity), entry)


@pytest.mark.parametrize(
    ("wanted", "seen", "code"),
    [(None, True, None), (Level.CHANGE, True, None), (Level.USE, True, "feature-fixed"), (Level.OFF, False, "feature-off")],
)
def test_what_the_profile_lets_one_do_with_the_own(cast: Cast, wanted: Level | None, seen: bool, code: str | None) -> None:
    entry = enter(cast.alice, "Dr. Green", "0171 3920012", book=Book.MINE)
    enter(cast.clare, "Ruby Books", "030 23125 123")
    level(cast.alice, wanted)
    assert names(cast.alice) == (["Dr. Green", "Ruby Books"] if seen else ["Ruby Books"])
    assert names(cast.alice, Book.MINE) == (["Dr. Green"] if seen else [])
    with db.unit_of_work(cast.alice.scope):
        facts = queries.facts(reader(cast.alice.identity))
        assert (facts.own, facts.level) == (int(seen), Level.CHANGE if wanted is None else wanted)
        assert set(queries.names(reader(cast.alice.identity), ["491713920012"])) == ({"491713920012"} if seen else set())
    if code is None:
        enter(cast.alice, "Aunt", "030 1", book=Book.MINE)
        return
    with pytest.raises(Refused) as caught:
        enter(cast.alice, "Aunt", "030 1", book=Book.MINE)
    assert caught.value.code == code
    with db.unit_of_work(cast.alice.scope) as session, pytest.raises(Refused):
        operations.remove(by=cast.alice.identity, entry=session.scalars(select(Entry).where(Entry.public_id == entry)).one())


def test_numbers_are_typed_in_any_way_and_none_stands_twice(cast: Cast) -> None:
    with db.unit_of_work(cast.clare.scope):
        mobile = ("mobile", "+49 (0)171 3920012")
        typed = [("work", "030/23125-123"), ("", ""), mobile, ("home", "0049 30 23125 123"), ("other", "44128")]
        entry = operations.add(by=cast.clare.identity, book=Book.COMPANY, name="  Ruby \n Books ", numbers=typed, home=HOME)
        assert entry.name == "Ruby Books"
        assert queries.numbers_of(entry) == (
            Numbered(Label.WORK, "493023125123"),
            Numbered(Label.MOBILE, "491713920012"),
            Numbered(Label.OTHER, "493044128"),
        )


@pytest.mark.parametrize(
    ("typed", "field", "sentence"),
    [
        ({"name": " "}, "name", "Type a name."),
        ({"name": "x" * 128}, "name", "Use at most 127 characters for the name."),
        ({"company": "x" * 128}, "company", "Use at most 127 characters for the company."),
        ({"email": "nobody"}, "email", "This does not look like an e-mail address."),
        ({"note": "x" * 501}, "note", "Use at most 500 characters for the note."),
        ({"numbers": []}, "numbers", "Type at least one number."),
        ({"numbers": [("work", "  ")]}, "numbers", "Type at least one number."),
        ({"numbers": [("work", "0FLOWERS")]}, "numbers", "“0FLOWERS” is no telephone number. Type it as you would dial it."),
        ({"numbers": [("work", f"030 {n}") for n in range(11, 22)]}, "numbers", "An entry has 10 numbers at most."),
        ({"numbers": [("fax", "030 1")]}, "numbers", "Please choose one of the offered values."),
    ],
)
def test_what_cannot_be_an_entry_is_said(as_clare: Cast, typed: dict[str, Any], field: str, sentence: str) -> None:
    good: dict[str, Any] = {"name": "Ruby", "numbers": [("work", "030 1")], "company": None, "email": None, "note": None}
    with pytest.raises(Refused) as caught:
        operations.add(by=as_clare.clare.identity, book=Book.COMPANY, home=HOME, **{**good, **typed})
    assert (caught.value.field, caught.value.sentence()) == (field, sentence)


def test_a_full_phonebook(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "MOST_OWN", 2)
    enter(cast.alice, "One", "030 1", book=Book.MINE)
    enter(cast.alice, "Two", "030 2", book=Book.MINE)
    enter(cast.bob, "Three", "030 3", book=Book.MINE)
    with pytest.raises(Refused) as caught:
        enter(cast.alice, "Three", "030 3", book=Book.MINE)
    assert caught.value.sentence() == "This phonebook holds 2 entries at most."
    enter(cast.clare, "Three", "030 3")


def test_a_change_and_what_the_second_of_two_is_told(as_clare: Cast) -> None:
    by = as_clare.clare.identity
    entry = operations.add(by=by, book=Book.COMPANY, name="Ruby", numbers=[("work", "030 1")], home=HOME)
    operations.change_person(by=by, entry=entry, version=1, name="Ruby Books", company="Ruby GmbH", email=None, note=None)
    assert (entry.name, entry.name_sort, entry.company, entry.company_sort, entry.version) == (
        "Ruby Books",
        "ruby books",
        "Ruby GmbH",
        "ruby gmbh",
        2,
    )
    operations.change_numbers(by=by, entry=entry, version=2, numbers=[("home", "030 2"), ("work", "030 1")], home=HOME)
    assert [one.digits for one in queries.numbers_of(entry)] == ["49302", "49301"]
    assert entry.version == 3
    operations.change_numbers(by=by, entry=entry, version=3, numbers=[("home", "030 2"), ("work", "030 1")], home=HOME)
    assert entry.version == 3
    with pytest.raises(Conflict):
        operations.change_person(by=by, entry=entry, version=2, name="R", company=None, email=None, note=None)
    with pytest.raises(Conflict):
        operations.change_numbers(by=by, entry=entry, version=2, numbers=[("home", "030 2")], home=HOME)


def test_a_removed_entry_comes_back_as_it_was_once(as_clare: Cast) -> None:
    by = as_clare.clare.identity
    first = operations.add(by=by, book=Book.COMPANY, name="Ruby", company="R", numbers=[("home", "030 1")], home=HOME)
    second = operations.add(by=by, book=Book.COMPANY, name="Saba", numbers=[("work", "030 2")], home=HOME)
    was = first.public_id
    key = operations.remove(by=by, entry=first)
    assert db.session().scalars(select(EntryNumber.digits)).all() == ["49302"]
    back = operations.bring_back(by=by, key=key)
    assert (back.public_id, back.name, back.company) == (was, "Ruby", "R")
    assert queries.numbers_of(back) == (Numbered(Label.HOME, "49301"),)
    again = operations.remove(by=by, entry=back)
    operations.remove(by=by, entry=second)
    for gone in (key, again):
        with pytest.raises(Refused) as caught:
            operations.bring_back(by=by, key=gone)
        assert caught.value.sentence() == "This cannot be undone any more."


def test_the_trace_names_the_company_s_entries_and_keeps_whom_somebody_knows_to_themselves(cast: Cast) -> None:
    enter(cast.clare, "Ruby Books", "030 23125 123")
    entry = enter(cast.alice, "Dr. Green", "0171 3920012", book=Book.MINE)
    with db.unit_of_work(cast.alice.scope) as session:
        by, own = cast.alice.identity, session.scalars(select(Entry).where(Entry.public_id == entry)).one()
        operations.change_person(by=by, entry=own, version=1, name="Dr. Gray", company=None, email=None, note=None)
        operations.bring_back(by=by, key=operations.remove(by=by, entry=own))
    with db.unit_of_work(cast.clare.scope) as session:
        wanted = select(AuditEntry).where(AuditEntry.event.like("phonebook-%")).order_by(AuditEntry.id)
        entries = session.scalars(wanted).all()
        sentences = [one.sentence for one in told(entries, reader=cast.alice.account.public_id, home_cc="49")]
        assert "Dr." not in str([(one.label, one.details) for one in entries])
        assert entries[0].event == Event.PHONEBOOK_ENTRY_ADDED
    assert sentences == [
        "Clare Fenn added Ruby Books to the phonebook",
        "You added an entry to your own phonebook",
        "You changed an entry of your own phonebook",
        "You removed an entry from your own phonebook",
        "You added an entry to your own phonebook",
    ]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("ruby", ["Ruby Books"]),
        ("RÚBY", ["Ruby Books"]),
        ("gmbh", ["Özil, Mia", "Ruby Books"]),
        ("ozil", ["Özil, Mia"]),
        ("mia@", ["Özil, Mia"]),
        ("030 23125", ["Ruby Books"]),
        ("+49 30 231", ["Ruby Books"]),
        ("123", ["Ruby Books"]),
        ("0171-392 00 12", ["Özil, Mia"]),
        ("%", []),
        ("_", []),
        ("nobody", []),
    ],
)
def test_entries_are_found_by_name_company_address_and_number(cast: Cast, words: str, found: list[str]) -> None:
    enter(cast.clare, "Ruby Books", "030 23125 123", company="Ruby GmbH")
    enter(cast.alice, "Özil, Mia", "0171 3920012", book=Book.MINE, company="Tuch GmbH", email="mia@tuch.example")
    assert names(cast.alice, words=words) == found


def test_letters(cast: Cast) -> None:
    for name in ("Özil", "Ruby", "3M", "الياس", "ruby two"):
        enter(cast.clare, name, "030 1")
    with db.unit_of_work(cast.alice.scope):
        assert queries.facts(reader(cast.alice.identity)).letters == ["#", "O", "R", "ا"]
    assert names(cast.alice, letter="R") == ["Ruby", "ruby two"]
    assert names(cast.alice, letter="O") == ["Özil"]
    assert names(cast.alice, letter="#") == ["3M"]
    assert names(cast.alice, letter="ا") == ["الياس"]


def test_one_s_own_name_counts_before_the_company_s(cast: Cast) -> None:
    enter(cast.clare, "Ruby Books", "030 23125 123")
    enter(cast.clare, "Ruby Books, second", "030 23125 123")
    enter(cast.alice, "My Ruby", "030 23125 123", book=Book.MINE)
    enter(cast.ike, "Somebody else’s", "030 23125 123")
    digits = ["493023125123", "alice", "493099"]
    for who, name in (("alice", "My Ruby"), ("bob", "Ruby Books"), ("clare", "Ruby Books"), ("ike", "Somebody else’s")):
        with db.unit_of_work(cast.people[who].scope):
            whom = reader(cast.people[who].identity)
            assert queries.names(whom, digits) == {"493023125123": name}
            there = queries.name_for(whom, literal("493023125123"), "name")
            assert db.session().scalar(select(there)) == name
    with db.unit_of_work(cast.charlie.scope):
        assert queries.names(reader(cast.charlie.identity), digits) == {}
