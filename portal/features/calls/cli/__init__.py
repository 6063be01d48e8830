"""`portal calls …`: call records from the command line."""

from portal.features.calls.cli.importing import calls

__all__ = ["calls"]
