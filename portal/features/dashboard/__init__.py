"""The first page after signing in: it mixes features and has no models of its own."""
