"""Checks any implementation of the invite contracts over HTTP, sentence by sentence."""
