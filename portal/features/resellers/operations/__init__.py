"""What is done with resellers, their SIP domains, web hosts and languages."""

from portal.features.resellers.operations.tenants import (
    add_domain as add_domain,
    add_host as add_host,
    create_reseller as create_reseller,
)
