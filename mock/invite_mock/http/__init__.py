"""HTTP: from bytes to a validated request, and from a decision to an answer. Knows no contract."""
