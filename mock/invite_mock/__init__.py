"""A stateful mock server of the invite contracts."""
