"""The API shell."""
