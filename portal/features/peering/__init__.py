"""Peers: the networks that calls leave to and come from. A group of servers shares one agreement; the lower priority is tried first."""
