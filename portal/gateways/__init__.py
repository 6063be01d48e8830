"""The world outside: each neighbour behind a Protocol."""
