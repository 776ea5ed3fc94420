"""Makes `pytest --pyargs invite_conformance` know the suite's options and fixtures."""

from invite_conformance.plugin import (
    pytest_addoption,
    pytest_configure,
    pytest_generate_tests,
    pytest_unconfigure,
    result,
    running,
)

__all__ = ["pytest_addoption", "pytest_configure", "pytest_generate_tests", "pytest_unconfigure", "result", "running"]
