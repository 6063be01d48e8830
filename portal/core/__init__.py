"""The floor: everything that knows neither HTTP nor a feature."""
