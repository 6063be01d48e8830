"""The parts of a brand as forms: each saves on its own."""
