"""The first page after signing in: it mixes features and has no models of its own.

pace: how busy today is so far, against the usual day of its name.
"""
