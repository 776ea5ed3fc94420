"""OpenAPI documents that nobody here wrote, unmodified, from packages of the npm registry."""

import subprocess
import tarfile
from pathlib import Path

import pytest

EXAMPLES = "@readme/oas-examples@8.2.2"
LARGE = "@octokit/openapi@23.0.2"
MINUTES = 60


def documents(package: str, folder: Path, suffix: str) -> list[Path]:
    """Unpack those files of a package whose path ends so; skips the test where npm cannot bring the package."""
    command = ["npm", "pack", "--silent", package]
    try:
        packed = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True, timeout=5 * MINUTES)
    except (OSError, subprocess.SubprocessError) as error:
        pytest.skip(f"npm cannot bring {package}: {error}")
    with tarfile.open(folder / packed.stdout.strip()) as archive:
        members = [one for one in archive.getmembers() if one.name.endswith(suffix)]
        archive.extractall(folder, members=members, filter="data")
    return sorted(folder / one.name for one in members)
