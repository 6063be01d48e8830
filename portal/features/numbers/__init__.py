"""Telephone numbers (DIDs), digits of E.164 without the plus.

primary number: by which a subscriber is reached first; an extension's is derived, base number + extension.
alias: any further number.
pool: all numbers of a customer that are nobody's primary; those given to nobody sit with the pilot and are called free.
"""
