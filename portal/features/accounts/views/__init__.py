"""Signing in and out, and one's own account."""

from portal.features.accounts.views import (  # noqa: F401 - each adds its pages to bp
    ceremonies,
    confirm,
    display,
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
    viewing,
)
from portal.features.accounts.views.door import bp as bp, install as install
from portal.features.accounts.views.people import PLACES as PLACES

bp.register_blueprint(people.bp)
