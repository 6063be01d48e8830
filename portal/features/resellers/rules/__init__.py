"""What resellers, their SIP domains, web hosts and languages have to be like."""

from portal.features.resellers.rules.names import (
    LONGEST_DOMAIN as LONGEST_DOMAIN,
    LONGEST_HOST as LONGEST_HOST,
    host_name as host_name,
)
