"""Customers of a reseller, and their classes of service."""

from portal.features.customers.views.door import bp as bp
from portal.web.nav import Place

PLACES: list[Place] = []
