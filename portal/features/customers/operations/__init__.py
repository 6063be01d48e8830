"""The life of a customer."""

from portal.features.customers.operations.creating import create_customer as create_customer
