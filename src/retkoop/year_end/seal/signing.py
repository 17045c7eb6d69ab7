"""A PDF sealed and verified: PAdES signatures by pyHanko, which any reader of PDF verifies.

pyHanko takes more than a second to load, and one process in a thousand seals: it is loaded by the first that does.
"""

from __future__ import annotations

import io
import logging
from collections.abc import Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256

FIELD: Final = "Sceau"


@dataclass(frozen=True, slots=True)
class Seal:
    """What the seal of a PDF says: the file is as it was sealed (`whole`), by a certificate (its SHA-256) of this installation (`ours`)."""

    whole: bool
    ours: bool
    fingerprint: str


class NotSealed(ValueError):
    """The file is no PDF that anyone sealed."""


def sealed(content: bytes, *, certificate: bytes, private_key: RSAPrivateKey, reason: str, place: str) -> bytes:
    """Return a PDF with an invisible signature over the whole of it, which forbids any change; the certificate in DER."""
    from asn1crypto import x509  # noqa: PLC0415 -- see above; so below
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter  # noqa: PLC0415 -- idem
    from pyhanko.sign import signers  # noqa: PLC0415 -- idem
    from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter  # noqa: PLC0415 -- idem
    from pyhanko_certvalidator.registry import SimpleCertificateStore  # noqa: PLC0415 -- idem

    class Archivable(IncrementalPdfFileWriter):
        output_version = (1, 7)  # what PDF/A-2 is; the writer would say 2.0

    class HouseSigner(signers.Signer):
        """pyHanko's own would read the key anew, twice, and prove its primes each time."""

        async def async_sign_raw(self, data: bytes, _digest_algorithm: str, dry_run: bool = False) -> bytes:  # noqa: FBT001, FBT002 -- pyHanko's
            return bytes(private_key.key_size // 8) if dry_run else private_key.sign(data, PKCS1v15(), SHA256())

    signer = HouseSigner(signing_cert=x509.Certificate.load(certificate), cert_registry=SimpleCertificateStore())  # type: ignore[no-untyped-call]  # pyHanko has no types there
    metadata = signers.PdfSignatureMetadata(
        field_name=FIELD,
        md_algorithm="sha256",
        subfilter=SigSeedSubFilter.PADES,
        certify=True,
        docmdp_permissions=MDPPerm.NO_CHANGES,
        reason=reason,
        location=place,
    )
    out = io.BytesIO()
    room = _room(certificate, private_key)
    _alone(lambda: signers.sign_pdf(Archivable(io.BytesIO(content)), metadata, signer=signer, bytes_reserved=room, output=out))
    return out.getvalue()


def _room(certificate: bytes, private_key: RSAPrivateKey) -> int:
    """Return how many digits to leave for a signature: the certificate and twice its issuer, the proof, and what names the rest.

    pyHanko would learn it by signing twice.
    """
    return 2 * (3 * len(certificate) + private_key.key_size // 8 + 1024)


def _alone(work: Callable[[], Any]) -> Any:  # noqa: ANN401 -- whatever it returns
    """Do some work in a thread of its own: pyHanko starts an event loop, and the thread that calls may have one already."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(work).result()


def seal_of(content: bytes, certificates: Collection[bytes]) -> Seal:
    """Return what the seal of a PDF says; `certificates`, in DER, are those of this installation. Raises NotSealed."""
    from asn1crypto import x509  # noqa: PLC0415 -- see above; so below
    from pyhanko.pdf_utils.reader import PdfFileReader  # noqa: PLC0415 -- idem
    from pyhanko.sign.validation import validate_pdf_signature  # noqa: PLC0415 -- idem
    from pyhanko.sign.validation.status import SignatureCoverageLevel  # noqa: PLC0415 -- idem
    from pyhanko_certvalidator import ValidationContext  # noqa: PLC0415 -- idem

    logging.getLogger("pyhanko").setLevel(logging.CRITICAL)
    logging.getLogger("pyhanko_certvalidator").setLevel(logging.CRITICAL)
    trusted = [x509.Certificate.load(one) for one in certificates]
    try:
        signature = PdfFileReader(io.BytesIO(content)).embedded_signatures[0]
        status = _alone(lambda: validate_pdf_signature(signature, ValidationContext(trust_roots=trusted, allow_fetching=False)))
        fingerprint = signature.signer_cert.sha256.hex()
    except Exception as trouble:
        raise NotSealed(str(trouble)) from trouble  # whatever a foreign file makes a parser say
    whole = bool(status.intact and status.valid and status.coverage is SignatureCoverageLevel.ENTIRE_FILE)
    return Seal(whole, fingerprint in {one.sha256.hex() for one in trusted}, fingerprint)
