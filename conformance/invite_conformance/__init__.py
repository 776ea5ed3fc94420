"""Checks any implementation of the invite contracts over HTTP, sentence by sentence."""

from pkgutil import extend_path

# Contracts can stand in another project (see `contracts`).
__path__ = extend_path(__path__, __name__)
