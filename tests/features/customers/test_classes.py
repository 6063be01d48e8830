"""Service classes: made, changed and removed by a provider, and the ceiling for all lines of those who have them."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import func, select

from portal.core import db
from portal.core.errors import Refused
from portal.core.tenancy import Scope
from portal.features.customers import operations, queries
from portal.features.customers.models import Kind, ServiceClass
from portal.features.subscribers import operations as subscribers, queries as subscriber_queries
from portal.features.subscribers.rules import Allowance, Feature, Level
from tests.browser import Browser
from tests.cast import Cast
from tests.features.customers.conftest import add_class, events, fill, give_class

Browse = Callable[..., Browser]
NOT_SOLD = "Not part of your contract: "
BASIC: dict[str, Any] = {"forwarding": Level.OFF, "speed_dial": Level.OFF, "privacy": Level.USE}


def change(cast: Cast, one: ServiceClass, **facts: Any) -> None:
    with db.unit_of_work(cast.tom.scope):
        stored = queries.service_class(one.public_id)
        given = {"version": stored.version, "name": one.name, "kinds": (), "levels": {}, **facts}
        operations.change_class(by=cast.tom.identity, service_class=stored, **given)


def kinds_of(cast: Cast) -> dict[str, list[str]]:
    with db.unit_of_work(cast.tom.scope):
        return {one.service_class.name: list(one.kinds) for one in queries.service_classes(cast.telephone.id)}


def test_a_kind_of_customer_gets_one_class(cast: Cast) -> None:
    add_class(cast, "Basic", (Kind.RESIDENTIAL, Kind.SOHO))
    more = add_class(cast, "More", (Kind.SOHO,))
    assert kinds_of(cast) == {"Basic": [Kind.RESIDENTIAL], "More": [Kind.SOHO]}
    change(cast, more, kinds=(Kind.RESIDENTIAL,))
    assert kinds_of(cast) == {"Basic": [], "More": [Kind.RESIDENTIAL]}
    with db.unit_of_work(cast.tom.scope):
        found = queries.usual_class(cast.telephone.id, Kind.RESIDENTIAL)
        assert found is not None
        assert found.name == "More"
        assert queries.usual_class(cast.telephone.id, Kind.SOHO) is None


def test_names_are_told_apart(cast: Cast) -> None:
    add_class(cast, "Größer")
    with pytest.raises(Refused, match="service-class-name-taken"):
        add_class(cast, "grosser")
    with pytest.raises(Refused, match="service-class-name"):
        add_class(cast, " ")


def test_one_in_use_stays(cast: Cast, browse: Browse) -> None:
    basic = add_class(cast)
    give_class(cast, cast.lantern, basic)
    with pytest.raises(Refused, match="service-class-in-use"), db.unit_of_work(cast.tom.scope):
        operations.remove_class(by=cast.tom.identity, service_class=queries.service_class(basic.public_id))
    page = browse(cast.tom).get(f"/service-classes/{basic.public_id}/remove").text
    assert "1 customer has this service class" in page
    assert "Lantern Co" in browse(cast.tom).get(f"/customers?service_class={basic.public_id}").text
    give_class(cast, cast.lantern, None)
    assert browse(cast.tom).post(f"/service-classes/{basic.public_id}/remove").status_code == 303
    assert events(basic.public_id) == ["service-class-added", "service-class-removed"]


def test_pages(cast: Cast, browse: Browse) -> None:
    assert "no service classes yet" in browse(cast.tom).get("/service-classes").text
    typed = {"name": "Basic", "kinds": ["soho", "mobile"], "forwarding": "off", "privacy": "use"}
    answer = fill(browse(cast.tom), "/service-classes/new", typed)
    assert answer.status_code == 303
    assert "Not part of it: Forwarding" in browse(cast.tom).get("/service-classes").text
    path = answer.headers["Location"]
    assert fill(browse(cast.tom), path, {"name": "Base"}).status_code == 303
    assert "Base" in browse(cast.tom).get("/service-classes").text
    assert kinds_of(cast) == {"Base": [Kind.SOHO, Kind.MOBILE]}


def test_others_classes_are_not_there(cast: Cast, browse: Browse) -> None:
    basic = add_class(cast)
    assert "Basic" not in browse(cast.rita).get("/service-classes").text
    for path in ("", "/remove"):
        assert browse(cast.rita).get(f"/service-classes/{basic.public_id}{path}").status_code == 404
    assert browse(cast.cora).get("/service-classes").status_code == 404


def test_a_customer_is_given_another_one_at_once(cast: Cast, browse: Browse) -> None:
    basic = add_class(cast, **BASIC)
    path = f"/customers/{cast.lantern.public_id}/service"
    assert fill(browse(cast.tom), path, {"service_class": basic.public_id}).status_code == 303
    with db.unit_of_work(cast.clare.scope):
        assert subscriber_queries.ceiling_of(cast.lantern.id).level(Feature.FORWARDING) is Level.OFF


# --- the ceiling -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("of_class", list(Level), ids=lambda level: level.name)
@pytest.mark.parametrize("of_profile", list(Level), ids=lambda level: level.name)
def test_the_lower_of_class_and_profile_counts(cast: Cast, of_class: Level, of_profile: Level) -> None:
    """In the database as in the rules; for a pilot the class alone."""
    give_class(cast, cast.lantern, add_class(cast, forwarding=of_class))
    with db.unit_of_work(cast.clare.scope):
        levels = {Feature.FORWARDING: of_profile}
        own: dict[str, Any] = {"by": cast.clare.identity, "customer_id": cast.lantern.id}
        subscribers.make_default(**own, profile=subscribers.add_profile(**own, name="Ours", levels=levels))
        alice, clare = cast.alice.subscriber.id, cast.clare.subscriber.id
        assert subscriber_queries.allowance_of(alice).level(Feature.FORWARDING) is min(of_class, of_profile)
        assert subscriber_queries.allowance_of(alice).level(Feature.PRIVACY) is Level.CHANGE
        assert subscriber_queries.allowance_of(clare).level(Feature.FORWARDING) is of_class
        found = subscriber_queries.allowances([alice, clare])
        assert [found[key].level(Feature.FORWARDING) for key in (alice, clare)] == [min(of_class, of_profile), of_class]


@pytest.mark.parametrize(
    ("one", "other"),
    [(None, None), ({}, None), ({"x": "off"}, {}), ({"forwarding": "use"}, {"forwarding": "change", "privacy": "off"})],
)
def test_the_database_knows_the_same_rule(cast: Cast, one: Any, other: Any) -> None:
    with db.unit_of_work(Scope.platform()) as session:
        rule = Allowance(one).under(Allowance(other)).as_stored()
        made = ServiceClass(reseller_id=cast.telephone.id, name="A", name_sort="a", kinds=[], levels=one or {})
        second = ServiceClass(reseller_id=cast.telephone.id, name="B", name_sort="b", kinds=[], levels=other or {})
        session.add_all([made, second])
        session.flush()
        a, b = (select(ServiceClass.levels).where(ServiceClass.id == row.id).scalar_subquery() for row in (made, second))
        assert Allowance(session.scalar(select(func.lower_levels(a, b)))).as_stored() == rule


def test_pilots_see_what_is_not_sold_as_absent_with_a_sentence(cast: Cast, browse: Browse) -> None:
    give_class(cast, cast.lantern, add_class(cast, **BASIC))
    clare = browse(cast.clare)
    page = clare.get(f"/call-handling/{cast.alice.subscriber.public_id}").text
    assert 'id="forwarding"' not in page
    assert 'id="privacy"' in page
    assert NOT_SOLD in page
    assert clare.get(f"/call-handling/{cast.alice.subscriber.public_id}/privacy").status_code == 404
    editor = clare.get("/profiles/new").text
    assert NOT_SOLD in editor
    assert 'name="forwarding" value="change"' in editor
    assert 'type="radio" name="forwarding"' not in editor
    assert 'type="radio" name="privacy" value="change"' not in editor


def test_a_class_bounds_what_a_profile_can_say_later(cast: Cast, browse: Browse) -> None:
    """What a profile said about a feature that is not sold is kept for the day when it is."""
    give_class(cast, cast.lantern, add_class(cast, **BASIC))
    assert fill(browse(cast.clare), "/profiles/new", {"name": "Ours", "do_not_disturb": "off"}).status_code == 303
    with db.unit_of_work(cast.clare.scope):
        profile = subscriber_queries.profiles(cast.lantern.id)[0]
        assert profile.allowance.level(Feature.FORWARDING) is Level.CHANGE
        assert profile.allowance.level(Feature.PRIVACY) is Level.USE
        assert profile.allowance.level(Feature.DO_NOT_DISTURB) is Level.OFF


def test_two_who_add_the_same_name(own_cast: Cast) -> None:
    outcomes: list[str] = []

    def add() -> None:
        try:
            add_class(own_cast, "Basic", (Kind.SOHO,))
            outcomes.append("done")
        except Refused as refusal:
            outcomes.append(refusal.code)
        except Exception as error:
            outcomes.append(type(error).__name__)

    threads = [threading.Thread(target=add) for _each in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert outcomes.count("done") == 1
    assert len(outcomes) == 4
