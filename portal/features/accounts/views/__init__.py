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
    samples,
    second_factor,
    sessions,
    sign_in_rules,
    single_sign_on,
    staff,
    staff_member,
    viewing,
)
from portal.features.accounts.views.door import bp as bp, install as install

PLACES = [*people.PLACES, *staff.PLACES, *sign_in_rules.PLACES]

bp.register_blueprint(people.bp)
bp.register_blueprint(staff.bp)
bp.register_blueprint(sign_in_rules.bp)
