import ipaddress
import re
import ssl
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
import trustme
from conformance.http.raw_server import Peer, RawServer, serving
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from invite_conformance.http.errors import TimedOutError, TlsError, TransportError
from invite_conformance.http.tls import TlsFiles, handshake_error, refused_by_server
from invite_conformance.http.transport import Transport

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(scope="module")
def ca_file(authority: trustme.CA, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("tls") / "ca.pem"
    authority.cert_pem.write_to_path(path)
    return path


def server_side(certificate: trustme.LeafCert, client_authority: trustme.CA | None = None) -> ssl.SSLContext:
    """A server's TLS; with an authority, it requires a client certificate of it."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)
    if client_authority:
        client_authority.configure_trust(context)
        context.verify_mode = ssl.CERT_REQUIRED
    return context


def answer(peer: Peer) -> None:
    peer.answer(OK, OK, OK)


def status(server: RawServer, files: TlsFiles | None = None, url: str = "", body: bytes | None = None) -> int:
    with closing(Transport(url or server.url, timeout=5, tls_files=files, proxies={})) as transport:
        return transport.send("POST", "/", {}, body).status


def test_the_authority_in_ca_file_is_trusted(authority: trustme.CA, ca_file: Path) -> None:
    with serving(answer, tls=server_side(authority.issue_cert("127.0.0.1", "localhost"))) as server:
        assert status(server, TlsFiles(ca_file)) == 200
        assert status(server, TlsFiles(ca_file), f"https://localhost:{server.port}") == 200


def test_connections_with_tls_are_kept(authority: trustme.CA, ca_file: Path) -> None:
    with serving(answer, tls=server_side(authority.issue_cert("127.0.0.1"))) as server:
        with closing(Transport(server.url, tls_files=TlsFiles(ca_file), proxies={})) as transport:
            assert [transport.send("POST", "/", {}, b"{}").status for _ in range(3)] == [200, 200, 200]
        assert len(server.connections) == 1


def test_a_long_body_over_tls(authority: trustme.CA, ca_file: Path) -> None:
    body = b"x" * 3_000_000
    with serving(answer, tls=server_side(authority.issue_cert("127.0.0.1"))) as server:
        assert status(server, TlsFiles(ca_file), body=body) == 200
        assert server.requests[0].endswith(b"\r\n\r\n" + body)


def test_a_body_that_ends_with_the_connection_over_tls(authority: trustme.CA, ca_file: Path) -> None:
    with (
        serving(
            lambda peer: peer.answer(b"HTTP/1.0 200 OK\r\n\r\n{}"), tls=server_side(authority.issue_cert("127.0.0.1"))
        ) as server,
        closing(Transport(server.url, tls_files=TlsFiles(ca_file), proxies={})) as transport,
    ):
        assert transport.send("POST", "/", {}, None).body == b"{}"


@pytest.fixture(scope="module")
def self_signed() -> trustme.LeafCert:
    """A certificate for 127.0.0.1 that signs itself, as `openssl req -x509` makes it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "test")])
    address = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2100, 1, 1, tzinfo=UTC))
        .add_extension(x509.SubjectAlternativeName([address]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return trustme.LeafCert(private, certificate.public_bytes(pem), [])


def test_a_self_signed_certificate_is_trusted_as_ca_file(self_signed: trustme.LeafCert, tmp_path: Path) -> None:
    self_signed.cert_chain_pems[0].write_to_path(tmp_path / "server.pem")
    with serving(answer, tls=server_side(self_signed)) as server:
        with pytest.raises(TlsError, match=r"self-signed; to trust it, give the certificate itself as ca_file$"):
            status(server)
        assert status(server, TlsFiles(tmp_path / "server.pem")) == 200


def test_an_unknown_authority(authority: trustme.CA, tmp_path: Path) -> None:
    other = tmp_path / "other.pem"
    trustme.CA().cert_pem.write_to_path(other)
    advice = "its authority is unknown; to trust it, give the authority's certificate as ca_file"
    with serving(answer, tls=server_side(authority.issue_cert("127.0.0.1"))) as server:
        with pytest.raises(TlsError, match=f"POST /: the certificate of 127.0.0.1 is not accepted: {advice}$"):
            status(server)
        with pytest.raises(TlsError, match=f"{advice}, which {re.escape(str(other))} \\(ca_file\\) is not$"):
            status(server, TlsFiles(other))
        assert server.requests == []


@pytest.mark.parametrize("names", [("other.example",), ("127.0.0.2",)])
def test_a_certificate_for_another_host(authority: trustme.CA, ca_file: Path, names: tuple[str, ...]) -> None:
    with (
        serving(answer, tls=server_side(authority.issue_cert(*names))) as server,
        pytest.raises(TlsError, match=r"it is for another host than 127\.0\.0\.1; use its name in base_url"),
    ):
        status(server, TlsFiles(ca_file))


def test_a_certificate_that_has_expired(authority: trustme.CA, ca_file: Path) -> None:
    expired = authority.issue_cert("127.0.0.1", not_after=datetime(2021, 1, 1, tzinfo=UTC))
    with (
        serving(answer, tls=server_side(expired)) as server,
        pytest.raises(TlsError, match="certificate has expired; renew it on the server"),
    ):
        status(server, TlsFiles(ca_file))


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_a_client_certificate(authority: trustme.CA, ca_file: Path, tmp_path: Path, version: ssl.TLSVersion) -> None:
    clients = trustme.CA()
    client, stranger = clients.issue_cert("client.example"), trustme.CA().issue_cert("client.example")
    cert, key, both, other = (tmp_path / name for name in ("cert.pem", "key.pem", "both.pem", "other.pem"))
    client.cert_chain_pems[0].write_to_path(cert)
    client.private_key_pem.write_to_path(key)
    client.private_key_and_cert_chain_pem.write_to_path(both)
    stranger.private_key_and_cert_chain_pem.write_to_path(other)
    context = server_side(authority.issue_cert("127.0.0.1"), clients)
    context.minimum_version = context.maximum_version = version
    with serving(answer, tls=context) as server:
        assert status(server, TlsFiles(ca_file, cert, key)) == 200
        assert status(server, TlsFiles(ca_file, both)) == 200
        for body in (None, b"x" * 3_000_000):  # whether or not the request is sent before the server's alert arrives
            with pytest.raises(TlsError, match="client_cert and client_key"):
                status(server, TlsFiles(ca_file), body=body)
            with pytest.raises(TlsError, match="client_cert and client_key"):
                status(server, TlsFiles(ca_file, other), body=body)
        assert len(server.requests) == 2


def test_a_server_without_tls_at_a_base_url_with_https() -> None:
    with serving(lambda peer: peer.send(b"HTTP/1.1 400 Bad Request\r\n\r\n")) as server:
        url = server.url.replace("http", "https")
        with pytest.raises(
            TlsError, match=r"base_url says https, the server does not speak TLS; begin base_url with http$"
        ):
            status(server, url=url)


def test_a_server_that_hangs_up_in_the_handshake() -> None:
    with serving(lambda peer: peer.sock.recv(65536)) as server:
        url = server.url.replace("http", "https")
        with pytest.raises(
            TlsError, match=r"hung up during the TLS handshake: .*if it serves plain HTTP, begin base_url"
        ):
            status(server, url=url)


def test_a_handshake_that_does_not_end_ends_with_the_deadline() -> None:
    with serving(Peer.closed) as server:
        transport = Transport(server.url.replace("http", "https"), timeout=0.2, proxies={})
        with pytest.raises(TimedOutError, match=rf"no TLS handshake with 127\.0\.0\.1:{server.port} within 0\.2 s"):
            transport.send("POST", "/", {}, None)


def test_a_server_with_tls_at_a_base_url_with_http(authority: trustme.CA) -> None:
    alert = b"\x15\x03\x03\x00\x02\x02\x46"  # protocol_version, as servers answer what is no ClientHello
    with (
        serving(lambda peer: peer.send(alert)) as server,
        pytest.raises(TlsError, match="base_url says http, the server speaks TLS; begin base_url with https"),
    ):
        status(server)
    # Python's own server closes the connection without a word.
    with serving(answer, tls=server_side(authority.issue_cert("127.0.0.1"))) as server:
        url = server.url.replace("https", "http")
        with pytest.raises(TransportError, match="begin base_url with https"):
            status(server, url=url)


def test_files_that_cannot_be_used_are_named_by_their_option(authority: trustme.CA, tmp_path: Path) -> None:
    leaf, other = authority.issue_cert("a.example"), authority.issue_cert("b.example")
    cert, key, wrong, junk, locked = (tmp_path / f"{name}.pem" for name in ("cert", "key", "wrong", "junk", "locked"))
    leaf.cert_chain_pems[0].write_to_path(cert)
    leaf.private_key_pem.write_to_path(key)
    other.private_key_pem.write_to_path(wrong)
    junk.write_text("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")
    loaded = serialization.load_pem_private_key(leaf.private_key_pem.bytes(), None)
    locked.write_bytes(
        loaded.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.BestAvailableEncryption(b"pass"),
        )
    )
    absent = tmp_path / "absent.pem"
    for files, message in (
        (TlsFiles(ca_file=absent), f"ca_file: {absent} cannot be read: No such file"),
        (TlsFiles(ca_file=tmp_path), f"ca_file: {tmp_path} cannot be read: Is a directory"),
        (TlsFiles(ca_file=key), f"ca_file: {key} has no PEM block 'BEGIN CERTIFICATE'"),
        (TlsFiles(ca_file=junk), f"ca_file: {junk} has no usable certificate: "),
        (TlsFiles(client_cert=absent, client_key=key), f"client_cert: {absent} cannot be read"),
        (TlsFiles(client_cert=cert, client_key=absent), f"client_key: {absent} cannot be read"),
        (TlsFiles(client_cert=cert, client_key=cert), f"client_key: {cert} has no PEM block 'BEGIN PRIVATE KEY'"),
        (TlsFiles(client_cert=cert), f"client_cert: {cert} has no PEM block 'BEGIN PRIVATE KEY'"),
        (
            TlsFiles(client_cert=cert, client_key=wrong),
            f"client_key: {wrong} is not the unencrypted private key of {cert}",
        ),
        (TlsFiles(client_cert=cert, client_key=locked), f"client_key: {locked} is not the unencrypted private key of"),
        (TlsFiles(client_key=key), f"client_key: {key} is of no use without client_cert"),
    ):
        with pytest.raises(ValueError, match=f"^{re.escape(message)}"):
            Transport("https://127.0.0.1", tls_files=files)


def test_an_error_of_tls_is_shown_without_openssl_s_codes() -> None:
    error = ssl.SSLError(1, "[SSL: NO_SHARED_CIPHER] no shared cipher (_ssl.c:1000)")
    error.reason = ""
    assert str(refused_by_server(error)) == "TLS failed: no shared cipher"
    error.reason = "BAD_RECORD_TYPE"
    assert str(refused_by_server(error)) == "TLS failed: bad record type"
    reset = ConnectionResetError(104, "Connection reset by peer")
    assert "during the TLS handshake: Connection reset by peer; if it serves" in str(handshake_error(reset, "a", None))
