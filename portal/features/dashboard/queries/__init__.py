"""Reads that mix features, each in one statement: a page has six."""

from portal.features.dashboard.queries.company import (
    CompanyFacts as CompanyFacts,
    Quiet as Quiet,
    company_facts as company_facts,
    quiet_people as quiet_people,
)
from portal.features.dashboard.queries.day import today as today
from portal.features.dashboard.queries.guide import Way as Way, way as way
from portal.features.dashboard.queries.line import OwnLine as OwnLine, own_line as own_line
from portal.features.dashboard.queries.search import SHORTEST as SHORTEST, Hit as Hit, Hits as Hits, search as search
from portal.features.dashboard.queries.staff import (
    ListedCustomer as ListedCustomer,
    ListedDomain as ListedDomain,
    ListedReseller as ListedReseller,
    customers as customers,
    domains as domains,
    resellers as resellers,
)
