"""The implementation under test: its file, the states that it offers, and what of it no report may show."""
