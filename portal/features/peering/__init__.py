"""Peers: the networks that calls leave to and come from, each with its servers. The lowest priority is tried first."""
