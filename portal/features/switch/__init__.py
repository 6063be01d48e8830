"""Kamailio, which carries the calls: its configuration, what it is told after a change, and what only the portal knows for it."""
