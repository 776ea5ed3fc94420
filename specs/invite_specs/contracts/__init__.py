"""One folder a contract, named like the contract. Nothing lists them.

A folder of the same name elsewhere on Python's path is searched too, so that contracts can stand in another project.
"""

from pkgutil import extend_path

__path__ = extend_path(__path__, __name__)
