"""Which callers a trusted address may send: said by the staff, kept by the switch, told in the trace."""

import re
from collections.abc import Callable

import pytest
from sqlalchemy import select

from portal.core import db
from portal.core.audit import AuditEntry
from portal.core.errors import Refused
from portal.core.tenancy import Scope
from portal.features.customers.models import Kind as CustomerKind
from portal.features.subscribers import rules
from tests.browser import Browser
from tests.cast import Cast
from tests.features.pbx.reading import text_of, undo_of
from tests.features.subscribers.test_staff_lines import a_customer
from tests.features.subscribers.test_staff_trunks import BY_ADDRESS, added
from tests.features.switch.driving import as_switch

Browse = Callable[..., Browser]


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("", None),
        ("  ", None),
        ("49305550*", "49305550*"),
        ("+49 (30) 5550-*", "49305550*"),
        ("0049 30 555?", "4930555?"),
        ("0305550*", "0305550*"),
        ("*", "*"),
        ("4930*00", "4930*00"),
    ],
)
def test_a_pattern_is_kept_as_the_switch_reads_it(typed: str, stored: str | None) -> None:
    assert rules.callers(typed) == stored


@pytest.mark.parametrize("typed", ["+", "00", "alice", "49%", "49_", "1" * 43, "49;DROP", "++49", "٤٩"])
def test_what_is_no_pattern(typed: str) -> None:
    with pytest.raises(Refused) as refused:
        rules.callers(typed)
    assert (refused.value.code, refused.value.field) == ("source-callers", "callers")


def trunk_of(address: str, sender: str) -> bool:
    with db.unit_of_work(Scope.platform()):
        found = as_switch("SELECT line FROM kamailio.trunk_at(:address, 'udp', :sender)", address=address, sender=sender)
        return bool(found)


def sources(tom: Browser, here: str) -> list[str]:
    return re.findall(rf'href="({here}/sources/[^"#/]+)#sources"', tom.get(here).text)


def version_of(page: str) -> str:
    found = re.search(r'name="version"[^>]*value="(\d+)"', page)
    assert found is not None
    return found[1]


def test_an_address_may_be_for_some_callers_only(cast: Cast, browse: Browse) -> None:
    times, tom = a_customer(cast, CustomerKind.TRUNK), browse(cast.tom)
    here = added(cast, tom, times, **BY_ADDRESS)
    wish = {"network": "203.0.113.70", "protocol": "udp", "callers": "+49 30 5550*"}
    assert tom.post(f"{here}/sources", wish).status_code == 303
    assert "only callers 49305550*" in text_of(tom.get(here))
    assert trunk_of("203.0.113.70", "+493055501")
    assert trunk_of("203.0.113.70", "00493055501")
    assert not trunk_of("203.0.113.70", "+4930123")
    assert trunk_of("203.0.113.7", "anybody"), "the others are for any caller"


def test_what_is_no_pattern_is_said_at_its_place(cast: Cast, browse: Browse) -> None:
    times, tom = a_customer(cast, CustomerKind.TRUNK), browse(cast.tom)
    here = added(cast, tom, times, **BY_ADDRESS)
    answer = tom.post(f"{here}/sources", {"network": "203.0.113.70", "protocol": "udp", "callers": "alice"})
    assert answer.status_code == 422
    assert "digits, * for any and ? for one" in text_of(answer)


def test_it_is_changed_where_it_stands_and_told(cast: Cast, browse: Browse) -> None:
    """The only address of a trunk could not be removed and added anew."""
    times, tom = a_customer(cast, CustomerKind.TRUNK), browse(cast.tom)
    here = added(cast, tom, times, **{**BY_ADDRESS, "sources": "203.0.113.7"})
    (source,) = sources(tom, here)
    form = tom.get(source).text
    assert 'value="203.0.113.7"' in form
    wish = {"network": "203.0.113.7", "protocol": "tcp", "callers": "4930*", "version": version_of(form)}
    assert "only callers 4930*" in text_of(tom.follow(tom.post(source, wish)))
    assert "You changed which calls of" in text_of(tom.get(here))
    with db.unit_of_work(Scope.platform()) as session:
        details = session.scalars(select(AuditEntry.details).where(AuditEntry.event == "trusted-source-changed")).one()
    assert details == {"trusted": "203.0.113.7", "protocol": ["udp", "tcp"], "callers": [None, "4930*"]}


def test_whoever_is_later_sees_what_stands_and_saves_again(cast: Cast, browse: Browse) -> None:
    times, tom = a_customer(cast, CustomerKind.TRUNK), browse(cast.tom)
    here = added(cast, tom, times, **BY_ADDRESS)
    source = sources(tom, here)[0]
    wish = {"network": "203.0.113.7", "protocol": "udp", "callers": "4930*", "version": version_of(tom.get(source).text)}
    assert tom.post(source, wish).status_code == 303
    late = tom.post(source, {**wish, "callers": "4989*"})
    assert late.status_code == 422
    assert "Somebody has changed this trunk meanwhile." in text_of(late)
    assert tom.post(source, {**wish, "callers": "4989*", "version": version_of(late.text)}).status_code == 303


def test_an_address_of_somebody_else_stays_theirs(cast: Cast, browse: Browse) -> None:
    times, tom = a_customer(cast, CustomerKind.TRUNK), browse(cast.tom)
    here = added(cast, tom, times, **BY_ADDRESS)
    source = sources(tom, here)[0]
    wish = {"network": "198.51.100.18", "protocol": "udp", "callers": "", "version": version_of(tom.get(source).text)}
    answer = tom.post(source, wish)
    assert answer.status_code == 422
    assert "belongs to a trunk already." in text_of(answer)
    assert browse(cast.rita).get(source).status_code == 404


def test_undo_brings_the_pattern_back(cast: Cast, browse: Browse) -> None:
    times, tom = a_customer(cast, CustomerKind.TRUNK), browse(cast.tom)
    here = added(cast, tom, times, **BY_ADDRESS)
    tom.post(f"{here}/sources", {"network": "203.0.113.70", "protocol": "udp", "callers": "4930*"})
    way, fields = undo_of(tom.follow(tom.post(f"{sources(tom, here)[-1]}/remove")))
    tom.post(way, fields)
    assert "only callers 4930*" in text_of(tom.get(here))
