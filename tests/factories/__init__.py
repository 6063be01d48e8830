"""Rows for tests, one file per feature. The tenant is always said."""
