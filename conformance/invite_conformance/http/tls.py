"""TLS as a client: what is trusted, what is shown, and what its errors mean to whoever wrote the target file."""

import re
import ssl
from dataclasses import dataclass
from pathlib import Path

from invite_conformance.http.errors import TlsError

_SELF_SIGNED, _UNTRUSTED, _NOT_FOR_HOST, _NOT_IN_TIME = {18}, {2, 19, 20, 21}, {62, 64}, {9, 10}
"""Results of OpenSSL's verification (X509_V_ERR_…, x509_vfy.h)."""
_NO_TLS = {"WRONG_VERSION_NUMBER", "UNKNOWN_PROTOCOL", "RECORD_LAYER_FAILURE", "HTTP_REQUEST"}
"""What OpenSSL's versions say of a peer whose first bytes are no TLS record."""
_MIX_UP = "https/http mix-up: base_url says https, the server does not speak TLS; begin base_url with http"


@dataclass(frozen=True, slots=True)
class TlsFiles:
    """PEM files of the target file."""

    ca_file: Path | None = None
    """Authorities to trust beside the system's."""
    client_cert: Path | None = None
    """Shown where a server asks for a certificate."""
    client_key: Path | None = None
    """Its key, unencrypted; None if `client_cert` holds it."""

    def context(self) -> ssl.SSLContext:
        """TLS with these files. Raises ValueError, which names the option, for a file that cannot be used."""
        context = ssl.create_default_context()
        context.set_alpn_protocols(["http/1.1"])
        if self.ca_file is not None:
            _require("ca_file", self.ca_file, "CERTIFICATE")
            try:
                context.load_verify_locations(self.ca_file)
            except ssl.SSLError as error:
                raise ValueError(f"ca_file: {self.ca_file} has no usable certificate: {_reason(error)}") from error
        if self.client_cert is not None:
            _require("client_cert", self.client_cert, "CERTIFICATE")
            option, key = ("client_key", self.client_key) if self.client_key else ("client_cert", self.client_cert)
            _require(option, key, "PRIVATE KEY")
            try:
                # Without a password OpenSSL would ask the terminal for one.
                context.load_cert_chain(self.client_cert, key, password="")
            except ssl.SSLError as error:
                reason = f"is not the unencrypted private key of {self.client_cert}: {_reason(error)}"
                raise ValueError(f"{option}: {key} {reason}") from error
        elif self.client_key is not None:
            raise ValueError(f"client_key: {self.client_key} is of no use without client_cert; give client_cert too")
        return context


def handshake_error(error: OSError, host: str, ca_file: Path | None) -> TlsError:
    """Why the handshake failed, with the remedy."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return TlsError(f"the certificate of {host} is not accepted: {_verification(error, host, ca_file)}")
    if isinstance(error, ssl.SSLEOFError) or not isinstance(error, ssl.SSLError):
        return TlsError(
            f"the server hung up during the TLS handshake: {_reason(error)}; if it serves plain HTTP, begin base_url "
            "with http"
        )
    return TlsError(_MIX_UP) if error.reason in _NO_TLS else refused_by_server(error)


def refused_by_server(error: ssl.SSLError) -> TlsError:
    """Why TLS failed; with TLS 1.3 a server refuses the client's certificate only after the handshake."""
    reason = error.reason or ""
    if reason == "TLSV13_ALERT_CERTIFICATE_REQUIRED":
        return TlsError("the server requires a client certificate: give client_cert and client_key")
    if "ALERT" in reason:
        alert = reason.partition("ALERT_")[2].replace("_", " ").lower()
        return TlsError(
            f"the server refused TLS with the alert {alert!r}; if it requires a client certificate, check client_cert "
            "and client_key"
        )
    return TlsError(f"TLS failed: {_reason(error)}")


def _verification(error: ssl.SSLCertVerificationError, host: str, ca_file: Path | None) -> str:
    trusted = f", which {ca_file} (ca_file) is not" if ca_file else ""
    match error.verify_code:
        case code if code in _SELF_SIGNED:
            return f"it is self-signed; to trust it, give the certificate itself as ca_file{trusted}"
        case code if code in _UNTRUSTED:
            return f"its authority is unknown; to trust it, give the authority's certificate as ca_file{trusted}"
        case code if code in _NOT_FOR_HOST:
            return f"it is for another host than {host}; use its name in base_url (ca_file does not change this)"
        case code if code in _NOT_IN_TIME:
            return f"{error.verify_message}; renew it on the server (ca_file does not change this)"
    return f"{error.verify_message}; the authorities that are trusted are the system's and those in ca_file"


def _require(option: str, path: Path, label: str) -> None:
    """Raise ValueError if the file does not hold a PEM block of that label; OpenSSL's own errors name no file."""
    try:
        text = path.read_bytes()
    except OSError as error:
        raise ValueError(f"{option}: {path} cannot be read: {error.strerror}") from error
    if not re.search(rf"-----BEGIN ([A-Z0-9]+ )?{label}-----".encode(), text):
        raise ValueError(f"{option}: {path} has no PEM block 'BEGIN {label}'")


def _reason(error: OSError) -> str:
    """The error without OpenSSL's codes and source lines."""
    if isinstance(error, ssl.SSLError) and error.reason:
        return error.reason.replace("_", " ").lower()
    return re.sub(r"^\[SSL[^]]*\] | \(_ssl\.c:\d+\)$", "", error.strerror or str(error))
