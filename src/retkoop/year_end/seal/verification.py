"""Whether a file is a sealed report of this installation, and whether it is as it was sealed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from django.db.models import Exists, OuterRef, Value
from django.db.models.functions import Concat

from retkoop.audit.models import AuditEvent
from retkoop.ui.days import format_moment
from retkoop.year_end.models import SealedReport
from retkoop.year_end.seal.certificate import der_of, known_certificates
from retkoop.year_end.seal.signing import NotSealed, seal_of

LARGEST: Final = 50_000_000

UNKNOWN: Final = (
    "Ce fichier n’est pas un compte rendu scellé par cette installation de Retkoop, ou il a changé depuis, ne serait-ce que d’un octet."
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is to be said of a file: whether it is genuine, and the sentences that tell it."""

    genuine: bool
    sentences: tuple[str, ...]


def verdict_on(content: bytes) -> Verdict:
    """Look at a file. One that this installation did not make is not even opened: whoever sends it may be anybody."""
    digest = sha256(content).hexdigest()
    reports = SealedReport.objects.filter(document__digest=digest).select_related("coop__association", "book", "document")
    report = reports.first()
    if report is None:
        return Verdict(False, (UNKNOWN,))
    try:
        seal = seal_of(content, [der_of(one) for one in known_certificates()])
    except NotSealed:
        return Verdict(False, (UNKNOWN,))
    anchored = AuditEvent.objects.filter(chain=report.coop.chain, sequence=report.anchor_sequence, hash=report.anchor_hash).exists()
    if not (seal.whole and seal.ours and anchored):
        return Verdict(False, (UNKNOWN,))
    return Verdict(True, tuple(_told(report)))


def _told(report: SealedReport) -> list[str]:
    coop = report.coop
    version = f", version {report.round}" if report.round > 1 else ""
    told = [
        f"Ce compte rendu est authentique\u202f: {coop.name} ({coop.rne}), année {report.book.year}{version}.",
        f"Il a été scellé le {format_moment(report.made_at)} et n’a pas changé depuis.",
        f"Il s’appuie sur le maillon n° {report.anchor_sequence} de la piste d’audit de la coopérative, qui est toujours là.",
    ]
    if report.on_paper:
        told.append("Une signature au moins a été donnée sur papier\u202f: son image est parmi les documents de la coopérative.")
    if SealedReport.objects.filter(book=report.book, pk__gt=report.pk).exists():
        told.append("Une version plus récente de ce compte rendu existe\u202f: celle-ci est remplacée.")
    return told


def faults_of_seals() -> Iterator[str]:
    """Tell which sealed reports have lost the link of the chain on which they stand."""
    link = AuditEvent.objects.filter(
        chain=Concat(Value("coop "), OuterRef("coop__rne")), sequence=OuterRef("anchor_sequence"), hash=OuterRef("anchor_hash")
    )
    for key, rne in SealedReport.objects.filter(~Exists(link)).order_by("pk").values_list("pk", "coop__rne"):
        yield f"compte rendu scellé {key} ({rne}) : le maillon sur lequel il s’appuie a changé"
