"""Customers: the contract of a reseller with a company or a person.

product: CloudPBX (a pilot and its extensions) or plain SIP lines. external #: tells customers with a shared contact apart.
extension range: the inclusive bounds of what a pilot may use as extension.
"""
