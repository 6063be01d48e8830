"""SIP lines of every kind: regular, pilot, extension, PBX group.

username: the SIP user, unique in its domain. HA1: what digest authentication needs.
SIP password: made by us, shown once, never stored.
lock level: 0 none, 1 foreign, 2 outgoing, 3 in and out, 4 global (no portal either), 5 ported.
"""
