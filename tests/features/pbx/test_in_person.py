"""What opens somebody's telephone or account, or ends it: only for the pilot, who proves to be there."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from portal.core import clock, db
from portal.core.audit import AuditEntry
from portal.core.tenancy import Scope
from tests.browser import Browser
from tests.cast import PASSWORD, Cast
from tests.features.accounts.factors import give_app

Browse = Callable[..., Browser]
OPENING = ["sip-password", "web-password", "clear-factors"]


def page_of(cast: Cast) -> str:
    return f"/extensions/{cast.alice.subscriber.public_id}"


def entries() -> int:
    with db.unit_of_work(Scope.platform()) as session:
        return session.scalar(select(func.count()).select_from(AuditEntry)) or 0


@pytest.mark.parametrize("page", OPENING)
def test_a_pilot_who_was_away_says_the_password_again(page: str, cast: Cast, browse: Browse) -> None:
    give_app(cast.alice)
    clare, path = browse(cast.clare), f"{page_of(cast)}/{page}"
    assert clare.get(path).status_code == 200
    before = entries()
    with clock.frozen(clock.now() + timedelta(minutes=11)):
        assert clare.get(path).headers["Location"] == f"/confirm?next={path}"
        assert clare.post(path, {"how": "once"}).headers["Location"] == "/confirm"
        assert entries() == before, "nothing was done"
        back = clare.post(f"/confirm?next={path}", {"current": PASSWORD})
        assert back.headers["Location"] == path
        assert clare.get(path).status_code == 200


def test_looking_and_locking_ask_for_nothing_more(cast: Cast, browse: Browse) -> None:
    clare = browse(cast.clare)
    with clock.frozen(clock.now() + timedelta(minutes=11)):
        assert clare.get(page_of(cast)).status_code == 200
        assert clare.get(f"{page_of(cast)}/lock").status_code == 200
        assert clare.get(f"{page_of(cast)}/remove").status_code == 200


def test_staff_who_view_as_the_pilot_remove_nobody_and_are_not_offered_to(cast: Cast, browse: Browse) -> None:
    cora = browse(cast.cora)
    begun = cora.post(f"/accounts/{cast.clare.account.public_id}/view-as", {"reason": "Call 4711: cannot find it"})
    assert begun.status_code == 303
    assert cora.get(f"{page_of(cast)}/remove").status_code == 403
    assert cora.post(f"{page_of(cast)}/remove").status_code == 403
    assert browse(cast.alice).get("/account").status_code == 200
    for page in ("/extensions", page_of(cast)):
        shown = cora.get(page)
        assert shown.status_code == 200
        for kept in ("remove", *OPENING):
            assert f"{page_of(cast)}/{kept}" not in shown.text


def test_the_pilot_is_offered_to_remove(cast: Cast, browse: Browse) -> None:
    clare = browse(cast.clare)
    for page in ("/extensions", page_of(cast)):
        assert f"{page_of(cast)}/remove" in clare.get(page).text
