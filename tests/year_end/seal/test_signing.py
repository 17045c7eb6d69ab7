"""A signature finds its room in the file, whatever the certificate that an installation was given."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from retkoop.year_end.seal.signing import Seal, seal_of, sealed
from tests.year_end.papers import paper, printed

AT = datetime(2026, 9, 1, tzinfo=UTC)


def certificate_of(key: rsa.RSAPrivateKey, units: int) -> x509.Certificate:
    """Make a certificate whose issuer has a name of so many parts."""
    parts = [x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, f"{number:03d} {'é' * 50}") for number in range(units)]
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Sceau"), *parts])
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    dated = made.serial_number(x509.random_serial_number()).not_valid_before(AT).not_valid_after(AT + timedelta(days=36500))
    return dated.sign(key, hashes.SHA256())


@pytest.mark.parametrize(("bits", "units"), [(2048, 0), (4096, 0), (2048, 60)])
def test_a_large_key_and_a_long_name_have_their_room(bits: int, units: int) -> None:
    key = rsa.generate_private_key(65537, bits)
    certificate = certificate_of(key, units)
    der = certificate.public_bytes(Encoding.DER)
    content = sealed(printed(paper()), certificate=der, private_key=key, reason="Essai", place="OCCE 91")
    assert seal_of(content, [der]) == Seal(whole=True, ours=True, fingerprint=certificate.fingerprint(hashes.SHA256()).hex())
