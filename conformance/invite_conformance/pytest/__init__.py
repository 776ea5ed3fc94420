"""pytest as a front end: each requirement is a test."""
