"""What the script of a page and the browser's passkeys say to each other, in JSON.

Each ceremony is asked for, then answered with where to go on: {"go": "/account"}; a refusal is {"sentence": "…"}.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import current_app, jsonify, request, url_for
from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError
from werkzeug.wrappers import Response

from portal.core import db
from portal.core.errors import CONSTRAINTS, Refused
from portal.core.identity import Identity
from portal.core.permissions import Owed
from portal.features.accounts import operations
from portal.features.accounts.views.door import arrival, bp, goal
from portal.web import once
from portal.web.access import public, signed_in_owing, sudo_owing
from portal.web.forms import constraint_of
from portal.web.session import address, half_signed_in, keep_cookies, me, new_token, renew_cookie
from portal.web.templating import say
from portal.web.tenant import tenant

LARGEST_ANSWER = 64 * 1024


def in_json(view: Callable[[], Response]) -> Callable[[], Response]:
    """Goes beneath the access mark: what the view refuses is said in JSON."""

    @wraps(view)
    def answering() -> Response:
        try:
            with db.session().begin_nested():
                return view()
        except Refused as refusal:
            said = refusal
        except IntegrityError as error:
            code, field = CONSTRAINTS.get(constraint_of(error), (None, None))
            if code is None:
                raise
            said = Refused(code, field=field)
        response = jsonify(sentence=said.sentence())
        response.status_code = 422
        return response

    return answering


def _answer() -> dict[str, Any]:
    """What the browser sent; nothing when that is no answer at all."""
    sent = request.get_json(silent=True) if (request.content_length or 0) <= LARGEST_ANSWER else None
    return sent if isinstance(sent, dict) else {}


def _half() -> Identity:
    who = half_signed_in()
    if who is None:
        raise Refused("passkey-over")
    return who


@bp.post("/passkeys/add/options")
@sudo_owing(Owed.FACTOR)
@in_json
def begin_passkey() -> Response:
    brand = current_app.extensions["brand_of"](tenant()).name
    return jsonify(operations.begin_passkey(by=me(), tenant=tenant(), brand=brand, address=address()))


@bp.post("/passkeys/add")
@sudo_owing(Owed.FACTOR)
@in_json
def add_passkey() -> Response:
    agent = request.user_agent.string
    added = operations.add_passkey(by=me(), tenant=tenant(), answer=_answer(), user_agent=agent)
    say(_("The passkey “%(name)s” signs you in from now on.", name=added.passkey.name))
    if not added.codes:
        return jsonify(go=url_for(".account", _anchor="passkeys"))
    once.keep("recovery-codes", "\n".join(added.codes), subject=str(me().public_id))
    return jsonify(go=url_for(".recovery_codes"))


@bp.post("/passkeys/sign-in/options")
@public
@in_json
def ask_for_passkey() -> Response:
    return jsonify(operations.ask_for_passkey(tenant=tenant(), address=address()))


@bp.post("/passkeys/sign-in")
@public
@in_json
def sign_in_with_passkey() -> Response:
    visit, token, until = arrival()
    entered = operations.sign_in_with_passkey(visit=visit, answer=_answer())
    return keep_cookies(jsonify(go=goal()), token, until, entered.device)


@bp.post("/passkeys/second-factor/options")
@public
@in_json
def ask_for_second_passkey() -> Response:
    return jsonify(operations.ask_for_passkey(tenant=tenant(), address=address(), by=_half()))


@bp.post("/passkeys/second-factor")
@public
@in_json
def pass_with_passkey() -> Response:
    visit, token, until = arrival()
    entered = operations.sign_in_with_passkey(visit=visit, answer=_answer(), by=_half())
    return keep_cookies(jsonify(go=goal()), token, until, entered.device)


@bp.post("/passkeys/confirm/options")
@signed_in_owing(Owed.PASSWORD, Owed.FACTOR)
@in_json
def ask_for_own_passkey() -> Response:
    return jsonify(operations.ask_for_passkey(tenant=tenant(), address=address(), by=me()))


@bp.post("/passkeys/confirm")
@signed_in_owing(Owed.PASSWORD, Owed.FACTOR)
@in_json
def confirm_with_passkey() -> Response:
    token, hashed = new_token()
    until = operations.confirm_with_passkey(by=me(), tenant=tenant(), answer=_answer(), address=address(), token_hash=hashed)
    return renew_cookie(jsonify(go=goal()), token, until)
