"""The documentation pages. They need no network."""
