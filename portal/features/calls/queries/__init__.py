"""Reads of call records, by what they are for."""
