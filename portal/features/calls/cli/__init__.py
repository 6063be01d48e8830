"""`portal calls …`: call records from the command line."""

from portal.features.calls.cli import recovering as recovering  # its command joins the group
from portal.features.calls.cli.importing import calls

__all__ = ["calls"]
