"""Packages of the npm registry with OpenAPI documents that nobody here wrote."""

import shutil
import subprocess
import tarfile
from pathlib import Path

import pytest

EXAMPLES = ("@readme/oas-examples", "8.2.2")
"""Some sixty small documents, of 3.0 and of 3.1, each as JSON and most as YAML."""
GITHUB = ("@octokit/openapi", "23.0.2")
"""The documents of GitHub's API; `generated/api.github.com.json` has some 1,200 operations."""


def npm_package(name: str, version: str, folder: Path) -> Path:
    """The folder of a package's files, unpacked below `folder`; skips the test where there is no npm."""
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("npm is not installed")
    packed = subprocess.run(
        [npm, "pack", f"{name}@{version}", "--pack-destination", str(folder)],
        capture_output=True,
        text=True,
        check=True,
        timeout=300,
    )
    with tarfile.open(folder / packed.stdout.split()[-1]) as archive:
        archive.extractall(folder, filter="data")
    return folder / "package"
