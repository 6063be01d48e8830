"""What is known of resellers, their SIP domains and web hosts."""

from portal.features.resellers.queries.tenants import (
    HomeHost as HomeHost,
    domain_id as domain_id,
    domain_name as domain_name,
    domains as domains,
    hold_open as hold_open,
    home_of as home_of,
    hosts as hosts,
    resellers as resellers,
    tenant_by_host as tenant_by_host,
)
