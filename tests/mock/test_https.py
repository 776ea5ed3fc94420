"""HTTPS: `--cert` and `--key`, and how files that cannot be used are refused."""

import json
import ssl
import urllib.request
from pathlib import Path

import pytest
import trustme
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    load_pem_private_key,
)
from invite_mock.cli import main
from invite_mock.settings import Tls
from mock.conftest import ADMIN, INVITES, running


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def files(authority: trustme.CA, tmp_path: Path) -> Tls:
    """A certificate for this machine, and its key."""
    issued = authority.issue_cert("127.0.0.1")
    cert, key = tmp_path / "cert.pem", tmp_path / "key.pem"
    issued.cert_chain_pems[0].write_to_path(cert)
    issued.private_key_pem.write_to_path(key)
    return Tls(cert, key)


def test_the_mock_serves_https(authority: trustme.CA, files: Tls) -> None:
    trusting = ssl.create_default_context()
    authority.configure_trust(trusting)
    opener = urllib.request.build_opener(urllib.request.HTTPSHandler(context=trusting))
    with running("--cert", str(files.cert), "--key", str(files.key)) as base_url:
        assert base_url.startswith("https://127.0.0.1:")
        body = json.dumps({"email": "new@acme.example", "role": "Member"}).encode()
        headers = ADMIN | {"Content-Type": "application/json"}
        request = urllib.request.Request(f"{base_url}{INVITES}", body, headers)  # noqa: S310  # a local HTTPS URL
        with opener.open(request) as response:
            assert response.status == 201
        with opener.open(f"{base_url}/") as response:
            page = response.read().decode()
        assert f"curl -i -X POST \\\n  {base_url}{INVITES}" in page
        # Its own page, over HTTPS, may call the control API.
        own = urllib.request.Request(f"{base_url}/_mock/health", headers={"Origin": base_url})  # noqa: S310  # as above
        with opener.open(own) as response:
            assert response.status == 200


def refusal(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> str:
    assert main(["serve", "--port", "0", *map(str, arguments)]) == 2
    printed = capsys.readouterr()
    assert (printed.out, printed.err.count("\n")) == ("", 1)
    return printed.err


def test_one_file_without_the_other_is_refused(capsys: pytest.CaptureFixture[str], files: Tls) -> None:
    assert refusal(capsys, "--cert", files.cert) == "invite-mock: --cert needs --key FILE too\n"
    assert refusal(capsys, "--key", files.key) == "invite-mock: --key needs --cert FILE too\n"


def test_files_that_cannot_be_used_are_refused(
    capsys: pytest.CaptureFixture[str], authority: trustme.CA, files: Tls, tmp_path: Path
) -> None:
    def file(name: str, content: bytes) -> Path:
        path = tmp_path / name
        path.write_bytes(content)
        return path

    private = load_pem_private_key(files.key.read_bytes(), None)
    locked = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"secret"))
    other_key = file("other.pem", authority.issue_cert("localhost").private_key_pem.bytes())
    no_key = "this is not a private key in PEM format without a password"
    for cert, key, said in (
        (tmp_path / "absent.pem", files.key, f"--cert {tmp_path / 'absent.pem'}: cannot be read: No such file"),
        (files.cert, tmp_path / "absent.pem", f"--key {tmp_path / 'absent.pem'}: cannot be read: No such file"),
        (tmp_path, files.key, f"--cert {tmp_path}: cannot be read: Is a directory"),
        (files.key, files.key, f"--cert {files.key}: this is not a certificate in PEM format"),
        (files.cert, files.cert, f"--key {files.cert}: {no_key}"),
        (files.cert, file("locked.pem", locked), f"--key {tmp_path / 'locked.pem'}: {no_key}"),
        (files.cert, other_key, f"--key {other_key}: this is not the private key of --cert {files.cert}"),
    ):
        assert said in refusal(capsys, "--cert", cert, "--key", key)
