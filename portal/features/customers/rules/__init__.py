"""What customers are sold, how they live, and what they may be called."""

from portal.features.customers.rules.classes import (
    LONGEST_CLASS_NAME as LONGEST_CLASS_NAME,
    MOST_CLASSES as MOST_CLASSES,
    check_class_name as check_class_name,
)
from portal.features.customers.rules.features import (
    FEATURE_TEXTS as FEATURE_TEXTS,
    STORED as STORED,
    Allowance as Allowance,
    Feature as Feature,
    FeatureText as FeatureText,
    Level as Level,
)
from portal.features.customers.rules.kinds import (
    FORMS as FORMS,
    KIND_DEFAULTS as KIND_DEFAULTS,
    KIND_TEXTS as KIND_TEXTS,
    Defaults as Defaults,
    Kind as Kind,
    KindText as KindText,
    Product as Product,
    slug as slug,
)
from portal.features.customers.rules.life import (
    LIFE as LIFE,
    LONGEST_REASON as LONGEST_REASON,
    STATUS_WORDS as STATUS_WORDS,
    Status as Status,
    check_reason as check_reason,
    check_step as check_step,
)
from portal.features.customers.rules.limits import (
    HIGHEST_EXTENSION as HIGHEST_EXTENSION,
    MOST_CALLS as MOST_CALLS,
    MOST_LINES as MOST_LINES,
    check_limit as check_limit,
    check_limits as check_limits,
    check_range as check_range,
    check_vat_rate as check_vat_rate,
)
from portal.features.customers.rules.names import (
    LONGEST_EXTERNAL as LONGEST_EXTERNAL,
    LONGEST_NAME as LONGEST_NAME,
    check_external_id as check_external_id,
    check_name as check_name,
)
