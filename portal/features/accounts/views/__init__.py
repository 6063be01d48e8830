"""Signing in and out, and one's own account."""

from portal.features.accounts.views import (  # noqa: F401 - each adds its pages to bp
    ceremonies,
    confirm,
    display,
    emails,
    entering,
    factors,
    links,
    page,
    passkeys,
    passwords,
    people,
    person,
    second_factor,
    sessions,
    sign_in_rules,
    single_sign_on,
    viewing,
)
from portal.features.accounts.views.door import bp as bp, install as install

PLACES = [*people.PLACES, *sign_in_rules.PLACES]

bp.register_blueprint(people.bp)
bp.register_blueprint(sign_in_rules.bp)
