"""What a profile allows, to whom, for each feature: on the pages, and in the operations behind them.

off: absent, and refused. use: shown, and refused. change: works. Whoever runs the company: always.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import func, select

from portal.core import db
from portal.core.errors import NotFound, Refused
from portal.core.identity import Identity
from portal.core.phone import Home
from portal.core.tenancy import Scope
from portal.features.callhandling import operations as handling
from portal.features.callhandling.models import BlockEntry, CallerList, Forward, LineHandling, SpeedDial, TimeSet
from portal.features.callhandling.rules import Destination, Dial, Direction, Entry as BlockedNumber, Mode, Plan, When
from portal.features.customers.models import Customer, ServiceClass
from portal.features.phonebook import operations as phonebook
from portal.features.phonebook.models import Entry
from portal.features.phonebook.queries import Book
from portal.features.subscribers import operations as subscribers, queries
from portal.features.subscribers.models import Subscriber
from portal.features.subscribers.rules import STORED, Feature, Level
from tests.browser import Browser
from tests.cast import Cast, Person
from tests.features.callhandling.reading import form_of
from tests.features.phonebook.conftest import enter

Browse = Callable[..., Browser]
BERLIN = Home("49", "30")
MOBILE = Destination(number="491712044918")
REFUSALS = {Level.OFF: "feature-off", Level.USE: "feature-fixed"}


@dataclass(frozen=True)
class Way:
    """A way to change something of a feature: in the operation, and on a page.

    `mark`: what a page has that shows the feature; `shown`: that page, `form`: the one that edits ("" when there is only a
    button), `sent`: what is typed there.
    """

    name: str
    feature: Feature
    act: Callable[[Identity, Subscriber], object]
    mark: str
    form: str
    post: str
    sent: Mapping[str, Any]
    shown: str = "/call-handling/{line}"

    def path(self, pattern: str, person: Person) -> str:
        return pattern.format(line=person.subscriber.public_id)


def _line(more: str) -> str:
    return f"/call-handling/{{line}}/{more}"


WAYS = (
    Way(
        "forward",
        Feature.FORWARDING,
        lambda by, line: handling.add_forward(by=by, line=line, plan=Plan(when=When.ALWAYS, destinations=(MOBILE,))),
        'id="forwarding"',
        _line("forwards/new"),
        _line("forwards/new"),
        {"when": "always", "to_1": "0171 2044918", "seconds_1": "20"},
    ),
    Way(
        "ring time",
        Feature.FORWARDING,
        lambda by, line: handling.change_ring_time(by=by, line=line, version=_version(line), ring_seconds=33),
        'id="ringing"',
        _line("ringing"),
        _line("ringing"),
        {"ring_seconds": "33"},
    ),
    Way(
        "times",
        Feature.FORWARDING,
        lambda by, line: handling.add_callers(
            by=by, line=line, name="Family", entries=[BlockedNumber("4930123*")], hidden=False, colleagues=False
        ),
        'id="forwarding"',
        "/call-handling/callers/new",
        "/call-handling/callers/new",
        {"name": "Family", "entries": "030 23125123"},
    ),
    Way(
        "blocked callers",
        Feature.BLOCK_INCOMING,
        lambda by, line: _block(by, line, Direction.IN),
        'id="blocking-incoming"',
        _line("blocking/incoming"),
        _line("blocking/incoming"),
        {"mode": "block", "entries": "030 23125123"},
    ),
    Way(
        "blocked numbers",
        Feature.BLOCK_OUTGOING,
        lambda by, line: _block(by, line, Direction.OUT),
        'id="blocking-outgoing"',
        _line("blocking/outgoing"),
        _line("blocking/outgoing"),
        {"mode": "block", "entries": "0900*"},
    ),
    Way(
        "privacy",
        Feature.PRIVACY,
        lambda by, line: handling.change_privacy(by=by, line=line, version=_version(line), hide_outside=True, hide_inside=False),
        'id="privacy"',
        _line("privacy"),
        _line("privacy"),
        {"hide_outside": "y"},
    ),
    Way(
        "do not disturb",
        Feature.DO_NOT_DISTURB,
        lambda by, line: handling.switch_do_not_disturb(by=by, line=line, on=True),
        'id="quiet"',
        "",
        _line("do-not-disturb"),
        {"on": "1"},
    ),
    Way(
        "speed dial",
        Feature.SPEED_DIAL,
        lambda by, line: handling.change_speed_dials(by=by, line=line, version=_version(line), dials={0: Dial(MOBILE)}),
        'id="speed-dial"',
        _line("speed-dial"),
        _line("speed-dial"),
        {"to_0": "030 23125123"},
    ),
    Way(
        "phonebook",
        Feature.PHONEBOOK,
        lambda by, _line: phonebook.add(by=by, book=Book.MINE, name="Kim", numbers=[("work", "030 1")], home=BERLIN),
        "Ruby of mine",
        "/phonebook/new",
        "/phonebook/new",
        {"book": "mine", "name": "Kim", "numbers": "030 23125123"},
        "/phonebook",
    ),
)
OF_LINES = tuple(way for way in WAYS if "{line}" in way.post)
names = pytest.mark.parametrize("way", WAYS, ids=lambda way: way.name)
levels = pytest.mark.parametrize("level", list(Level), ids=lambda level: STORED[level])
kept_back = pytest.mark.parametrize("level", list(REFUSALS), ids=lambda level: STORED[level])


def _version(line: Subscriber) -> int:
    found = db.session().get(LineHandling, line.id)
    return found.version if found else 0


def _block(by: Identity, line: Subscriber, direction: Direction) -> None:
    entries = [BlockedNumber("49900*")]
    handling.change_blocking(
        by=by, line=line, version=_version(line), direction=direction, mode=Mode.BLOCK, entries=entries, home=BERLIN
    )


@pytest.fixture
def alice(cast: Cast) -> Person:
    """With an entry in her own phonebook."""
    enter(cast.alice, "Ruby of mine", "030 23125123", book=Book.MINE)
    return cast.alice


def allow(cast: Cast, feature: Feature, level: Level) -> None:
    """By the profile of the company, for everybody in it."""
    with db.unit_of_work(cast.clare.scope):
        own: dict[str, Any] = {"by": cast.clare.identity, "customer_id": cast.lantern.id}
        profile = subscribers.add_profile(**own, name=f"{feature} {STORED[level]}", levels={feature: level})
        subscribers.make_default(**own, profile=profile)


def sell(cast: Cast, feature: Feature, level: Level) -> None:
    """By the class of service of Lantern Co."""
    with db.unit_of_work(Scope.platform()) as session:
        levels = {feature.value: STORED[level]}
        own = ServiceClass(reseller_id=cast.telephone.id, name="Ours", name_sort="ours", kinds=[], levels=levels)
        session.add(own)
        session.flush()
        session.get_one(Customer, cast.lantern.id).service_class_id = own.id


def stored(person: Person) -> tuple[object, ...]:
    """All that these ways change of somebody's line."""
    with db.unit_of_work(Scope.platform()) as session:
        line = session.get_one(Subscriber, person.subscriber.id)
        row = session.get(LineHandling, line.id)
        tables = (Forward, BlockEntry, SpeedDial, Entry, CallerList, TimeSet)
        counts = [session.scalar(select(func.count()).select_from(one).where(one.subscriber_id == line.id)) for one in tables]
        return (*counts, line.do_not_disturb, row and (row.ring_seconds, row.hide_outside, row.incoming, row.outgoing))


def act(way: Way, by: Person, of: Person) -> None:
    with db.unit_of_work(by.scope):
        way.act(by.identity, queries.line(of.subscriber.public_id))


def send(browser: Browser, way: Way, of: Person, typed: Mapping[str, Any]) -> int:
    return browser.post(way.path(way.post, of), {**typed, **way.sent}, check=False).status_code


def typed(browse: Browse, way: Way, person: Person) -> Mapping[str, Any]:
    """What the form of a part of a line would carry if the person were shown it."""
    if not way.form or "{line}" not in way.form:
        return {}
    address = way.path(way.form, person)
    carried = form_of(browse(person).get(address), address)
    return {name: value for name, value in carried.items() if name != "csrf_token"}


@names
@kept_back
def test_what_is_kept_back_is_refused(cast: Cast, browse: Browse, alice: Person, way: Way, level: Level) -> None:
    carried = typed(browse, way, alice)
    allow(cast, way.feature, level)
    before, browser = stored(alice), browse(alice)
    page = browser.get(way.path(way.shown, alice)).text
    assert (way.mark in page) == (level is Level.USE)
    if way.form:
        assert f'href="{way.path(way.form, alice)}' not in page
        assert browser.get(way.path(way.form, alice)).status_code == 404
    assert f'action="{way.path(way.post, alice)}"' not in page
    assert send(browser, way, alice, carried) in {404, 422}
    assert stored(alice) == before
    with pytest.raises(Refused) as caught:
        act(way, alice, alice)
    assert caught.value.code == REFUSALS[level]
    assert stored(alice) == before


@names
def test_what_may_be_changed_works(cast: Cast, browse: Browse, alice: Person, way: Way) -> None:
    allow(cast, way.feature, Level.CHANGE)
    before, browser = stored(alice), browse(alice)
    assert way.mark in browser.get(way.path(way.shown, alice)).text
    assert send(browser, way, alice, typed(browse, way, alice)) == 303
    assert stored(alice) != before


@names
def test_the_operation_works_for_whoever_may_change(cast: Cast, alice: Person, way: Way) -> None:
    allow(cast, way.feature, Level.CHANGE)
    before = stored(alice)
    act(way, alice, alice)
    assert stored(alice) != before


@pytest.mark.parametrize("way", OF_LINES, ids=lambda way: way.name)
@levels
def test_whoever_runs_the_company_may_always(cast: Cast, browse: Browse, alice: Person, way: Way, level: Level) -> None:
    allow(cast, way.feature, level)
    browser = browse(cast.clare)
    assert way.mark in browser.get(way.path(way.shown, alice)).text
    before = stored(alice)
    carried = form_of(browser.get(way.path(way.form, alice)), way.path(way.form, alice)) if way.form else {}
    assert send(browser, way, alice, carried) == 303
    assert stored(alice) != before


NOT_SOLD = {Level.OFF: "feature-not-sold", Level.USE: "feature-of-provider"}


@names
@kept_back
def test_what_is_not_sold_is_refused_to_people(cast: Cast, browse: Browse, alice: Person, way: Way, level: Level) -> None:
    """Whatever their profile says."""
    sell(cast, way.feature, level)
    allow(cast, way.feature, Level.CHANGE)
    before, browser = stored(alice), browse(alice)
    assert (way.mark in browser.get(way.path(way.shown, alice)).text) == (level is Level.USE)
    if way.form:
        assert browser.get(way.path(way.form, alice)).status_code == 404
    assert send(browser, way, alice, {}) in {404, 422}
    with pytest.raises(Refused) as caught:
        act(way, alice, alice)
    assert caught.value.code == REFUSALS[level]
    assert stored(alice) == before


@names
@kept_back
def test_what_is_not_sold_is_refused_to_pilots_too(cast: Cast, browse: Browse, way: Way, level: Level) -> None:
    """On their own lines and on those of others."""
    sell(cast, way.feature, level)
    for person in (cast.clare, cast.alice) if "{line}" in way.post else (cast.clare,):
        before, browser = stored(person), browse(cast.clare)
        if "{line}" in way.post:
            assert (way.mark in browser.get(way.path(way.shown, person)).text) == (level is Level.USE)
        if way.form and way.feature is not Feature.PHONEBOOK:  # the company's is written there too
            assert browser.get(way.path(way.form, person)).status_code == 404
        assert send(browser, way, person, {}) in {404, 422}
        with pytest.raises(Refused) as caught:
            act(way, cast.clare, person)
        assert caught.value.code == NOT_SOLD[level]
        assert stored(person) == before


@names
@levels
def test_the_pilots_own_line_is_under_no_profile(cast: Cast, way: Way, level: Level) -> None:
    allow(cast, way.feature, level)
    before = stored(cast.clare)
    act(way, cast.clare, cast.clare)
    assert stored(cast.clare) != before


@pytest.mark.parametrize("way", OF_LINES, ids=lambda way: way.name)
@levels
def test_colleagues_find_nothing_whatever_the_profile(cast: Cast, browse: Browse, alice: Person, way: Way, level: Level) -> None:
    carried = typed(browse, way, alice)
    allow(cast, way.feature, level)
    before, browser = stored(alice), browse(cast.bob)
    for page in (way.shown, way.form):
        assert not page or browser.get(way.path(page, alice)).status_code == 404
    assert send(browser, way, alice, carried) == 404
    with pytest.raises(NotFound):
        act(way, cast.bob, alice)
    assert stored(alice) == before


@names
def test_a_single_line_has_all_of_it(cast: Cast, browse: Browse, way: Way) -> None:
    before = stored(cast.charlie)
    assert send(browse(cast.charlie), way, cast.charlie, typed(browse, way, cast.charlie)) == 303
    assert stored(cast.charlie) != before


@names
def test_one_feature_kept_back_leaves_the_others(cast: Cast, browse: Browse, alice: Person, way: Way) -> None:
    allow(cast, way.feature, Level.OFF)
    browser = browse(alice)
    for other in WAYS:
        shown = other.mark in browser.get(other.path(other.shown, alice)).text
        assert shown == (other.feature is not way.feature), other.name


def _forward(cast: Cast) -> Callable[[], Forward]:
    """A rule of alice's, set up by the pilot while she may not."""
    with db.unit_of_work(cast.clare.scope):
        line = queries.line(cast.alice.subscriber.public_id)
        made = handling.add_forward(by=cast.clare.identity, line=line, plan=Plan(when=When.ALWAYS, destinations=(MOBILE,))).id
    return lambda: db.session().get_one(Forward, made)


PLAN = Plan(when=When.BUSY, destinations=(MOBILE,))
Later = Callable[[Identity, Subscriber, Forward], object]
LATER: Mapping[str, tuple[Feature, Later]] = {
    "change": (
        Feature.FORWARDING,
        lambda by, line, rule: handling.change_forward(by=by, line=line, forward=rule, version=rule.version, plan=PLAN),
    ),
    "switch": (
        Feature.FORWARDING,
        lambda by, line, rule: handling.switch_forward(by=by, line=line, forward=rule, on=False),
    ),
    "move": (Feature.FORWARDING, lambda by, line, rule: handling.move_forward(by=by, line=line, forward=rule, up=True)),
    "remove": (Feature.FORWARDING, lambda by, line, rule: handling.remove_forward(by=by, line=line, forward=rule)),
    "block a caller": (
        Feature.BLOCK_INCOMING,
        lambda by, line, _rule: handling.block_caller(by=by, line=line, number="493023125123"),
    ),
    "unblock a caller": (
        Feature.BLOCK_INCOMING,
        lambda by, line, _rule: handling.unblock_caller(by=by, line=line, number="493023125123"),
    ),
}


@pytest.mark.parametrize("name", LATER)
@kept_back
def test_what_stands_already_is_out_of_reach_too(cast: Cast, name: str, level: Level) -> None:
    feature, later = LATER[name]
    rule = _forward(cast)
    allow(cast, feature, level)
    before = stored(cast.alice)
    with pytest.raises(Refused) as caught, db.unit_of_work(cast.alice.scope):
        later(cast.alice.identity, queries.line(cast.alice.subscriber.public_id), rule())
    assert caught.value.code == REFUSALS[level]
    assert stored(cast.alice) == before


def test_every_feature_is_in_the_table() -> None:
    assert {way.feature for way in WAYS} == set(Feature)
