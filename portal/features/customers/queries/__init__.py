from portal.features.customers.queries.above import (
    Above as Above,
    Belongings as Belongings,
    above as above,
    install_above as install_above,
)
from portal.features.customers.queries.classes import (
    ClassUse as ClassUse,
    class_name_taken as class_name_taken,
    hold_class as hold_class,
    service_class as service_class,
    service_classes as service_classes,
    usual_class as usual_class,
)
from portal.features.customers.queries.holding import hold as hold
from portal.features.customers.queries.listing import (
    SORTS as SORTS,
    Filters as Filters,
    ListedCustomer as ListedCustomer,
    count as count,
    customers as customers,
)
from portal.features.customers.queries.sheet import (
    Sheet as Sheet,
    customer as customer,
    sheet as sheet,
)
