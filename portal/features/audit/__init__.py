"""Reading the log: history panels and sentences. Writing it is `portal.core.audit`."""
