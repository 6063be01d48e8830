"""Who may what: every route, asked by every role, against a golden file.

`PORTAL_GOLDEN=write make test ARGS=tests/house/test_access.py` writes the file anew; read what changed before committing it.
"""

import difflib
import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from portal.app import create_app
from portal.core import clock, db
from portal.core.permissions import GRANTS, P, Role
from portal.settings import Settings
from portal.web import access
from tests.browser import Browser
from tests.cast import Cast
from tests.house import ids
from tests.house.conftest import Ask

GOLDEN = Path(__file__).parent / "goldens" / "access.txt"
ROLES = {"nobody": None, "subscriber": "alice", "pilot": "clare", "reseller": "tom", "care": "cora", "operator": "olga"}
WIDEST = 76  # path
LEGEND = """\
# What each role is answered, at things of Lantern Co: subscriber alice, pilot clare, reseller tom and care cora of TelephOne,
# the operator olga. Forms are sent empty, with a CSRF token.
# ok: shown · asks: the form is wrong and says why · moves: sent on to another page · sign-in: sent to the sign-in page
# 404: not there for this role
"""


def answer(response: TestResponse) -> str:
    status = response.status_code
    if status in {302, 303}:
        return "sign-in" if response.headers["Location"].partition("?")[0] == "/login" else "moves"
    words = {200: "ok", 400: "asks", 409: "asks", 422: "asks"}
    return words.get(status, str(status))


def matrix(app: Flask, cast: Cast, plainly: Callable[..., Ask]) -> str:
    asking = {role: plainly(cast.people[name] if name else None) for role, name in ROLES.items()}
    rules = [(str(rule), method, rule) for rule in ids.routes(app) for method in ids.methods(rule)]
    lines = [f"{'':5}{'':{WIDEST}}" + "".join(f"{role:12}" for role in ROLES)]
    for name, method, rule in sorted(rules, key=lambda one: one[:2]):
        path = ids.path(rule, ids.lanterns(cast, rule))
        answers = [answer(ask(method, path)) for ask in asking.values()]
        lines.append(f"{method:5}{name:{WIDEST}}" + "".join(f"{word:12}" for word in answers))
    return LEGEND + "\n".join(line.rstrip() for line in lines) + "\n"


def test_every_role_is_answered_as_written_down(app: Flask, cast: Cast, plainly: Callable[..., Ask]) -> None:
    now = matrix(app, cast, plainly)
    if os.environ.get("PORTAL_GOLDEN") == "write":
        GOLDEN.write_text(now, encoding="utf-8")
    before = GOLDEN.read_text(encoding="utf-8")
    changes = list(difflib.unified_diff(before.splitlines(), now.splitlines(), "written down", "now", n=0, lineterm=""))
    if changes:
        pytest.fail("\n".join(changes), pytrace=False)


def test_nothing_in_the_golden_is_broken() -> None:
    words = {word for line in GOLDEN.read_text(encoding="utf-8").splitlines()[5:] for word in line[5 + WIDEST :].split()}
    assert words <= {"ok", "asks", "moves", "sign-in", "404"}


# --- the seal ---------------------------------------------------------------------------------------------------------------


def test_an_app_with_a_bare_view_does_not_start() -> None:
    app = Flask("bare", static_folder=None)
    app.add_url_rule("/open-door", view_func=lambda: "come in", endpoint="open_door")
    with pytest.raises(access.BareView, match="open_door carries no access mark"):
        access.seal(app)


def test_a_view_with_two_marks_refuses_to_be_made() -> None:
    @access.public
    def shown() -> str:
        return "shown"

    for second in (access.public, access.signed_in, access.sudo, access.requires(P.CALLS_VIEW)):
        with pytest.raises(access.BareView, match="two access marks"):
            second(shown)


def test_a_view_added_behind_the_seal_answers_nobody(settings: Settings, cast: Cast, database: db.Database) -> None:
    app = create_app(settings, database, listen=False)
    app.config["PROPAGATE_EXCEPTIONS"] = False
    app.add_url_rule("/late", view_func=lambda: "come in", endpoint="late")
    answer = app.test_client().get("/late", base_url="http://lantern.localhost")
    assert answer.status_code == 500
    assert "come in" not in answer.text


# --- marks ------------------------------------------------------------------------------------------------------------------


def test_nobody_is_sent_to_sign_in_and_comes_back(cast: Cast, browse: Callable[..., Browser]) -> None:
    nobody = browse(host="lantern.localhost")
    assert nobody.get("/account").headers["Location"] == "/login?next=/account"
    assert nobody.get("/account?a=1&b=2").headers["Location"] == "/login?next=/account?a%3D1%26b%3D2"
    assert nobody.post("/account/display").headers["Location"] == "/login"


def test_who_owes_a_new_password_reaches_nothing_else(app: Flask, cast: Cast, plainly: Callable[..., Ask]) -> None:
    with db.unit_of_work(cast.clare.scope) as session:
        session.merge(cast.clare.account).must_change_password = True
    ask = plainly(cast.clare)
    asked = [
        (rule, ask(method, ids.path(rule, ids.lanterns(cast, rule)))) for rule in ids.routes(app) for method in ids.methods(rule)
    ]
    reachable = {rule.endpoint for rule, response in asked if response.headers.get("Location") != "/new-password"}
    public = {name for name in app.view_functions if access.mark_of(app, name).kind is access.Kind.PUBLIC}
    confirming = {"accounts.confirm", "accounts.ask_for_own_passkey", "accounts.confirm_with_passkey"}
    assert reachable - public == {"accounts.new_password", *confirming}


def test_a_guarded_page_asks_again_after_ten_minutes(settings: Settings, cast: Cast, database: db.Database) -> None:
    app = create_app(settings, database, listen=False)
    app.add_url_rule("/guarded", view_func=access.sudo(lambda: "inside"), endpoint="guarded")
    alice = Browser(app, cast.alice.host, cast.alice)
    assert alice.get("/guarded", check=False).text == "inside"
    with clock.frozen(clock.now() + timedelta(minutes=11)):
        assert alice.get("/guarded", check=False).headers["Location"] == "/confirm?next=/guarded"


def test_every_role_and_every_permission_is_spoken_of() -> None:
    assert set(GRANTS) == set(Role)
    assert frozenset().union(*GRANTS.values()) == frozenset(P)
