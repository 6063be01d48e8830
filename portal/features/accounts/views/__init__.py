"""Signing in and out, and one's own account."""

from portal.features.accounts.views import (  # noqa: F401 - each adds its pages to bp
    confirm,
    display,
    entering,
    factors,
    links,
    page,
    passwords,
    second_factor,
)
from portal.features.accounts.views.door import bp as bp, install as install
