"""A stateful mock server of the invite contracts."""

from pkgutil import extend_path

# Contracts can stand in another project (see `contracts`).
__path__ = extend_path(__path__, __name__)
