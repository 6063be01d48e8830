"""The HTML shell: what every page needs, whatever the feature."""
