"""Servers that are no implementation never get the exit code 0, and the run ends soon."""

import socket
import time
from pathlib import Path

import pytest
from conformance.bank import Bank
from conformance.offers import target_file
from conformance.references import REFERENCE, known
from conformance.vacuous import VACUOUS
from invite_conformance import cli


def exit_code(folder: Path, contract: str, base_url: str) -> int:
    path = target_file(folder / "target.yaml", contract, base_url, timeout=0.5)
    begun = time.monotonic()
    with known(contract):
        code = cli.main(["run", "--target", str(path), "--quiet", "--time-box", "0.5s"])
    assert time.monotonic() - begun < 60
    return code


@pytest.mark.parametrize("contract", REFERENCE)
@pytest.mark.parametrize(
    # Each 429 is waited for.
    "name",
    [pytest.param(name, marks=[pytest.mark.slow] if name == "always-429" else []) for name in VACUOUS],
)
def test_a_server_that_is_no_implementation_does_not_conform(
    bank: Bank, name: str, contract: str, tmp_path: Path
) -> None:
    assert exit_code(tmp_path, contract, bank.fresh(name)) in {1, 2, 3}


@pytest.mark.parametrize("contract", REFERENCE)
@pytest.mark.parametrize("name", ["hanging", "truncated"])
def test_a_server_that_gives_no_whole_answer_is_an_error(bank: Bank, name: str, contract: str, tmp_path: Path) -> None:
    assert exit_code(tmp_path, contract, bank.fresh(name)) == 2


@pytest.mark.parametrize("contract", REFERENCE)
def test_nothing_listening_is_an_error(contract: str, tmp_path: Path) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        assert exit_code(tmp_path, contract, f"http://127.0.0.1:{unused.getsockname()[1]}") == 2
