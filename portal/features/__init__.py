"""One folder per feature, in one line; each imports only those to its right (see pyproject.toml)."""
