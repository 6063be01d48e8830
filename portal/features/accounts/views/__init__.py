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
    second_factor,
    sessions,
)
from portal.features.accounts.views.door import bp as bp, install as install
