"""The journal: what is kept of each request, how it is explained, and how it is shown."""
