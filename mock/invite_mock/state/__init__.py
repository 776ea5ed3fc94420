"""State: worlds, their clocks and invites, and the store that holds them. Knows no HTTP and no contract."""
