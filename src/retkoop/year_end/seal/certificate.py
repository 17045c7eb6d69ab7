"""The certificate with which this installation seals: given by setting (PKCS#12), else made by the first sealing and kept in the database.

Kept with the rest, it follows backups and serves every machine of an installation. Its private key is encrypted with the
secret key of the installation.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.exceptions import InvalidKey
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from cryptography.hazmat.primitives.serialization import Encoding, pkcs12
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from django.conf import settings

from retkoop.audit.services import SYSTEM, writing
from retkoop.books.writable import Refused
from retkoop.network.models import FEDERATION_CHAIN
from retkoop.year_end.models import SealCertificate

VALID: Final = timedelta(days=365 * 20)
"""Longer than documents are kept: ten years after the year itself."""

UNREADABLE: Final = (
    "Le certificat du sceau ne peut pas être lu\u202f: rien n’a été transmis. Prévenez la personne qui installe Retkoop "
    "(RETKOOP_SEAL_CERTIFICATE, RETKOOP_SEAL_PASSWORD ou RETKOOP_SECRET_KEY)."
)


@dataclass(frozen=True, slots=True)
class SealingKey:
    """A certificate in DER with its private key, and the record that names it."""

    record: SealCertificate
    certificate: bytes
    private_key: rsa.RSAPrivateKey


def sealing_key(at: datetime) -> SealingKey:
    """Return what this installation seals with now, made or recorded where it is not yet. To be called inside a transaction.

    Raises Refused where it cannot be read.
    """
    try:
        if settings.SEAL_CERTIFICATE:
            return _given(Path(settings.SEAL_CERTIFICATE), at)
        record = SealCertificate.objects.exclude(key="").order_by("-pk").first() or _make(at)
        # our own key: to prove its primes again would take longer than all the rest of a sealing
        key = serialization.load_pem_private_key(record.key.encode(), _password(), unsafe_skip_rsa_key_validation=True)
        return SealingKey(record, der_of(record), _of_rsa(key))
    except (OSError, ValueError, TypeError, InvalidKey):
        raise Refused(UNREADABLE) from None


def known_certificates() -> list[SealCertificate]:
    """Return all the certificates with which this installation ever sealed, the latest first."""
    return list(SealCertificate.objects.order_by("-pk"))


def der_of(record: SealCertificate) -> bytes:
    """Return a certificate in DER."""
    return x509.load_pem_x509_certificate(record.certificate.encode()).public_bytes(Encoding.DER)


def faults_of_certificates() -> Iterable[str]:
    """Tell which certificates are not what their fingerprint says, or have another private key."""
    for record in SealCertificate.objects.order_by("pk"):
        try:
            certificate = x509.load_pem_x509_certificate(record.certificate.encode())
            if _fingerprint(certificate) != record.fingerprint:
                yield f"sceau {record.pk} : son certificat n’est plus celui de son empreinte"
            key = serialization.load_pem_private_key(record.key.encode(), _password()) if record.key else None
            if key is not None and key.public_key() != certificate.public_key():
                yield f"sceau {record.pk} : sa clé n’est pas celle de son certificat"
        except (ValueError, TypeError, AttributeError):
            yield f"sceau {record.pk} : illisible (la clé secrète de l’installation a-t-elle changé ?)"


def _make(at: datetime) -> SealCertificate:
    """Make a certificate of this installation, signed by itself."""
    key = rsa.generate_private_key(65537, 3072)  # PDF 1.7, which PDF/A-2 is, knows no elliptic curves
    host = urlsplit(settings.PUBLIC_URL).hostname or "retkoop"
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"Sceau Retkoop, {host}"[:64])])
    usage = x509.KeyUsage(
        digital_signature=True,
        content_commitment=True,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(at - timedelta(days=1))
        .not_valid_after(at + VALID)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION]), critical=False)
        .sign(key, hashes.SHA256())
    )
    encrypted = key.private_bytes(
        Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.BestAvailableEncryption(_password())
    ).decode()
    return _recorded(certificate=certificate, key=encrypted, at=at)


def _given(file: Path, at: datetime) -> SealingKey:
    """Return the certificate of a PKCS#12 file; it is recorded when it seals for the first time."""
    key, certificate, _ = pkcs12.load_key_and_certificates(file.read_bytes(), settings.SEAL_PASSWORD.encode() or None)
    if key is None or certificate is None:
        raise ValueError(file)
    record = SealCertificate.objects.filter(fingerprint=_fingerprint(certificate)).first() or _recorded(
        certificate=certificate, key="", at=at
    )
    return SealingKey(record, certificate.public_bytes(Encoding.DER), _of_rsa(key))


def _recorded(*, certificate: x509.Certificate, key: str, at: datetime) -> SealCertificate:
    with writing(FEDERATION_CHAIN, SYSTEM) as trail:
        record = SealCertificate.objects.create(
            certificate=certificate.public_bytes(Encoding.PEM).decode(), key=key, fingerprint=_fingerprint(certificate), made_at=at
        )
        trail.created(record, action="seal.certificate_made")
        return record


def _fingerprint(certificate: x509.Certificate) -> str:
    return certificate.fingerprint(hashes.SHA256()).hex()


def _of_rsa(key: PrivateKeyTypes) -> rsa.RSAPrivateKey:
    if not isinstance(key, rsa.RSAPrivateKey):
        raise TypeError(key)  # PDF 1.7, which PDF/A-2 is, knows no other that is safe
    return key


def _password() -> bytes:
    return hashlib.sha256(f"retkoop.seal {settings.SECRET_KEY}".encode()).hexdigest().encode()
