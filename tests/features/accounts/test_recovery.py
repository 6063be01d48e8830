"""Recovery codes: each lets in once, when the phone is lost."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import unquote

import pytest
from sqlalchemy import select

from portal.core import clock, db, secrets
from portal.core.errors import Refused
from portal.core.tenancy import Scope
from portal.features.accounts import operations, rules
from portal.features.accounts.models import RecoveryCode
from tests.browser import Browser
from tests.cast import Cast, Person
from tests.features.accounts import factors
from tests.features.accounts.factors import CODE, give_app, shown, type_code, type_password

Browse = Callable[..., Browser]
ARABIC = str.maketrans("23456789", "٢٣٤٥٦٧٨٩")


def use(person: Person, codes: list[str]) -> None:
    for code in codes:
        with db.unit_of_work(person.scope):
            operations.pass_recovery(by=person.identity, code=code)


def signs_in(browse: Browse, person: Person, code: str) -> Browser | None:
    visitor = browse(host=person.host)
    type_password(visitor, person)
    return visitor if type_code(visitor, code, "?with=recovery") == 303 else None


def test_one_of_them_signs_in_in_place_of_the_app_once(cast: Cast, browse: Browse) -> None:
    _seed, codes = give_app(cast.alice)
    visitor = browse(host=cast.alice.host)
    type_password(visitor, cast.alice)
    assert "/second-factor?with=recovery" in visitor.get("/second-factor").text
    page = visitor.get("/second-factor?with=recovery&next=/calls")
    assert "Recovery code" in page.text
    answer = visitor.post("/second-factor?with=recovery&next=/calls", {"code": codes[3]})
    assert answer.headers["Location"] == "/calls"
    assert "You used a recovery code; 9 are left." in visitor.get("/account").text
    assert [one.method for one in factors.sessions(cast.alice)] == ["recovery"]
    assert factors.events(cast.alice)[-2:] == ["recovery-code-used", "signed-in"]
    assert "A recovery code of yours was used" in factors.mails(cast.alice)

    assert signs_in(browse, cast.alice, codes[3]) is None
    assert signs_in(browse, cast.alice, codes[4]) is not None


@pytest.mark.parametrize("typed", ["upper", "spaced", "bare", "arabic"])
def test_it_is_known_however_it_is_typed(cast: Cast, browse: Browse, typed: str) -> None:
    _seed, codes = give_app(cast.alice)
    ways = {
        "upper": codes[0].upper(),
        "spaced": f"  {codes[0].replace('-', ' ')} ",
        "bare": codes[0].replace("-", ""),
        "arabic": codes[0].translate(ARABIC),
    }
    assert signs_in(browse, cast.alice, ways[typed])


def test_the_code_of_the_app_is_none(cast: Cast, browse: Browse) -> None:
    seed, codes = give_app(cast.alice)
    assert signs_in(browse, cast.alice, shown(seed)) is None
    visitor = browse(host=cast.alice.host)
    type_password(visitor, cast.alice)
    assert type_code(visitor, codes[0]) == 422, "nor is a recovery code asked for where the app's is"


def test_those_of_somebody_else_are_none(cast: Cast, browse: Browse) -> None:
    _seed, bobs = give_app(cast.bob)
    give_app(cast.alice)
    visitor = browse(host=cast.alice.host)
    type_password(visitor, cast.alice)
    answer = visitor.post("/second-factor?with=recovery", {"code": bobs[0]})
    assert answer.status_code == 422
    assert "none of your recovery codes" in answer.text


def test_few_left_is_said(cast: Cast, browse: Browse) -> None:
    _seed, codes = give_app(cast.alice)
    use(cast.alice, codes[:6])
    assert "4 left" in browse(cast.alice).get("/account").text
    use(cast.alice, codes[6:7])
    assert "Only 3 left" in browse(cast.alice).get("/account").text
    use(cast.alice, codes[7:9])
    visitor = signs_in(browse, cast.alice, codes[9])
    assert visitor
    page = visitor.get("/account").text
    assert "You used your last recovery code." in page
    assert "None left" in page
    again = browse(host=cast.alice.host)
    type_password(again, cast.alice)
    assert "with=recovery" not in again.get("/second-factor").text


def test_new_ones_void_the_old_and_are_shown_once(cast: Cast, browse: Browse) -> None:
    _seed, old = give_app(cast.alice)
    alice = browse(cast.alice)
    assert not CODE.findall(alice.get("/account/recovery-codes").text)
    page = alice.follow(alice.post("/account/recovery-codes")).text
    new = re.findall(r"<code>([^<]+)</code>", page)
    assert len(new) == len(set(new)) == rules.RECOVERY_CODES
    assert not set(new) & set(old)
    assert not CODE.findall(alice.get("/account/recovery-codes").text)
    assert signs_in(browse, cast.alice, old[0]) is None
    assert signs_in(browse, cast.alice, new[0]) is not None
    assert "New recovery codes were made" in factors.mails(cast.alice)


def test_they_are_kept_as_a_file_without_javascript(cast: Cast, browse: Browse) -> None:
    give_app(cast.alice)
    alice = browse(cast.alice)
    page = alice.follow(alice.post("/account/recovery-codes")).text
    link = re.search(r'<a [^>]*download="([^"]+)" href="data:text/plain;charset=utf-8,([^"]+)"', page)
    assert link
    assert link[1] == "recovery codes TelephOne.txt"
    assert unquote(link[2]).split() == re.findall(r"<code>([^<]+)</code>", page)


def test_without_a_factor_there_are_none(cast: Cast, browse: Browse) -> None:
    alice = browse(cast.alice)
    assert "Set one up first" in alice.get("/account/recovery-codes").text
    assert alice.post("/account/recovery-codes").status_code == 422


def test_they_outlive_the_keys(cast: Cast) -> None:
    _seed, codes = give_app(cast.alice)
    kept = secrets._keys[0]
    try:
        secrets.install(("another key for tests only, forty characters..",))
        with db.unit_of_work(Scope.platform()) as session:
            hashes = set(session.scalars(select(RecoveryCode.code_hash)))
        assert operations.factors._hash(cast.alice.account, rules.recovery_code(codes[0])) in hashes
    finally:
        secrets.install(kept)


def test_two_browsers_with_one_code_at_the_same_time(own_cast: Cast) -> None:
    _seed, codes = give_app(own_cast.alice)

    def attempt(_: int) -> str:
        try:
            use(own_cast.alice, codes[:1])
        except Refused as refusal:
            return refusal.code
        return "passed"

    with ThreadPoolExecutor(4) as pool:
        answers = sorted(pool.map(attempt, range(4)))
    assert answers == ["passed", *["recovery-code-wrong"] * 3]


def test_made_twice_at_the_same_time_there_are_ten(own_cast: Cast) -> None:
    give_app(own_cast.alice)

    def make(_: int) -> None:
        with db.unit_of_work(own_cast.alice.scope):
            operations.make_recovery_codes(by=own_cast.alice.identity)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(make, range(4)))
    with db.unit_of_work(Scope.platform()) as session:
        assert len(session.scalars(select(RecoveryCode)).all()) == rules.RECOVERY_CODES


def test_guessing_them_slows_down_like_guessing_codes(own_cast: Cast) -> None:
    seed, codes = give_app(own_cast.alice)
    with clock.frozen(clock.now()):
        for code in ("x", "yyyy-yyyy-yyyy-yyyy", "", "23", "z"):
            with pytest.raises(Refused, match="recovery-code-wrong"):
                use(own_cast.alice, [code])
        with pytest.raises(Refused, match="sign-in-wait"):
            use(own_cast.alice, codes[:1])
        with pytest.raises(Refused, match="sign-in-wait"), db.unit_of_work(own_cast.alice.scope):
            operations.pass_totp(by=own_cast.alice.identity, code=shown(seed))
    assert factors.events(own_cast.alice).count("factor-failed") == 5
