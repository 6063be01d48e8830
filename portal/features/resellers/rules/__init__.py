"""What resellers, their SIP domains, web hosts and languages have to be like."""

from portal.features.resellers.rules.defaults import (
    LONGEST_AREA_CODE as LONGEST_AREA_CODE,
    LONGEST_RING as LONGEST_RING,
    RESTRICTIONS as RESTRICTIONS,
    Defaults as Defaults,
    check_defaults as check_defaults,
    check_zone as check_zone,
    defaults_of as defaults_of,
    home as home,
)
from portal.features.resellers.rules.languages import (
    WISHED as WISHED,
    check_languages as check_languages,
    default_first as default_first,
    is_language as is_language,
    offered as offered,
)
from portal.features.resellers.rules.looks import (
    FIRST as FIRST,
    Points as Points,
    Row as Row,
    Sight as Sight,
    Targets as Targets,
    domain_questions as domain_questions,
    domain_sight as domain_sight,
    further_questions as further_questions,
    host_questions as host_questions,
    host_sight as host_sight,
    next_look as next_look,
)
from portal.features.resellers.rules.names import (
    LONGEST_DOMAIN as LONGEST_DOMAIN,
    LONGEST_HOST as LONGEST_HOST,
    LONGEST_TITLE as LONGEST_TITLE,
    clean_title as clean_title,
    domain_name as domain_name,
    host_name as host_name,
    is_ip as is_ip,
    is_reserved as is_reserved,
    proof_name as proof_name,
    readable as readable,
)
