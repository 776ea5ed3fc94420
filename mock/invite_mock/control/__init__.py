"""The control API: what a caller may do with the mock itself, a module for each kind of thing."""
