"""Lines and numbers of customers, as a provider's staff look after them."""

from portal.features.subscribers.views import (  # noqa: F401 - each adds its pages to bp
    customer_lines,
    customer_numbers,
    line,
    locks,
    secrets,
    sections,
    trunks,
)
from portal.features.subscribers.views.door import bp as bp
from portal.web.nav import Place

PLACES: list[Place] = []
