"""What is read about the switch."""

from portal.features.switch.queries.nodes import nodes as nodes
