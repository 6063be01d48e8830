"""The life of a customer, what is agreed with it, and the classes of service that it can have."""

from portal.features.customers.operations.above import Acts as Acts, install_acts as install_acts
from portal.features.customers.operations.changing import (
    change_basics as change_basics,
    change_billing as change_billing,
    change_defaults as change_defaults,
    change_limits as change_limits,
    change_range as change_range,
    change_service as change_service,
)
from portal.features.customers.operations.classes import (
    add_class as add_class,
    change_class as change_class,
    remove_class as remove_class,
)
from portal.features.customers.operations.creating import create_customer as create_customer
from portal.features.customers.operations.life import (
    activate as activate,
    lock_customer as lock_customer,
    terminate_customer as terminate_customer,
)
