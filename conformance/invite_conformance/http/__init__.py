"""Requests and responses as they are, over HTTP, within the limits of a run."""
