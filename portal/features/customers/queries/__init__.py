from portal.features.customers.queries.holding import hold as hold
