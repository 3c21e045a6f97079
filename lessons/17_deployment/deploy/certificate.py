"""Make a certificate for the first try, signed by nobody but itself: `python certificate.py FOLDER NAME`.

A browser warns of it, and is right. Where there is a certificate already, it stays.
"""

import datetime
import sys
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

folder, name = Path(sys.argv[1]), sys.argv[2]
if (folder / "certificate.pem").exists():
    sys.exit()

key = ec.generate_private_key(ec.SECP256R1())
subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
now = datetime.datetime.now(datetime.UTC)
certificate = (
    x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
    .not_valid_before(now)
    .not_valid_after(now + datetime.timedelta(days=90))
    .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
    .sign(key, hashes.SHA256())
)
plain = serialization.NoEncryption()
pem = serialization.Encoding.PEM
(folder / "key.pem").write_bytes(key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain))
(folder / "certificate.pem").write_bytes(certificate.public_bytes(pem))
