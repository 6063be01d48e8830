"""What is done with resellers, their SIP domains, web hosts and languages."""

from portal.features.resellers.operations.domains import (
    LOOK as LOOK_AT_DOMAIN,
    add_domain as add_domain,
    change_defaults as change_defaults,
    change_languages as change_languages,
    change_place as change_place,
    install_let_go as install_let_go,
    keep_domain_sight as keep_domain_sight,
    remove_domain as remove_domain,
)
from portal.features.resellers.operations.hosts import (
    LOOK as LOOK_AT_HOST,
    Found as Found,
    add_host as add_host,
    change_host as change_host,
    keep_host_sight as keep_host_sight,
    remove_host as remove_host,
)
from portal.features.resellers.operations.languages import change_reseller_languages as change_reseller_languages
from portal.features.resellers.operations.looking import Watch as Watch
from portal.features.resellers.operations.tenants import create_reseller as create_reseller

__all__ = ["LOOK_AT_DOMAIN", "LOOK_AT_HOST"]
