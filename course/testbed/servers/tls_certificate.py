"""TLS for a page under check: a certificate that is made on the spot, and that only our Chrome is told to accept."""

from __future__ import annotations

import datetime
import functools
import ssl
import tempfile
from pathlib import Path

VALID = datetime.timedelta(days=1)


@functools.cache
def server_side() -> ssl.SSLContext:
    """Return what a server needs to speak TLS, with a certificate of this run."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "certificate.pem")  # OpenSSL takes it from a file only
        file.write_bytes(pem())
        context.load_cert_chain(file)
    return context


def pem() -> bytes:
    """Return a new private key and its certificate, signed by itself."""
    from cryptography import x509  # it comes with Daphne, and few checks need it
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Channels on the Wire")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - VALID)
        .not_valid_after(now + VALID)
        .sign(key, hashes.SHA256())
    )
    plain = serialization.NoEncryption()
    private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    return private + made.public_bytes(serialization.Encoding.PEM)
