"""What the suite knows of each contract: a folder for each, which nothing lists.

A folder of the same name elsewhere on Python's path is searched too, so that contracts can stand in another project.
"""

from pkgutil import extend_path

__path__ = extend_path(__path__, __name__)
