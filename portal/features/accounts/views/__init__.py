"""Signing in and out, and one's own account."""

from portal.features.accounts.views import display, entering, page, passwords  # noqa: F401 - each adds its pages to bp
from portal.features.accounts.views.door import bp as bp, install as install
