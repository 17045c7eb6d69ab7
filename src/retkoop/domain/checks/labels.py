"""Label (libellé): what it was, in words that still speak in ten years."""

from __future__ import annotations

import re
from collections.abc import Iterator

from retkoop.domain.chart import fold
from retkoop.domain.checks.check import check
from retkoop.domain.checks.finding import Remark, Severity
from retkoop.domain.checks.scope import Scope, Terms
from retkoop.domain.checks.wording import remark_on, the
from retkoop.domain.checks.words import without
from retkoop.domain.entry import Kind, Operation


def _is_vague(label: str, vague: tuple[str, ...]) -> bool:
    words = without(vague, re.sub(r"\d+", " ", fold(label))).split()
    return not any(len(word) > 1 for word in words)


@check(
    code="libelle-vague",
    severity=Severity.CONSEIL,
    scope=Scope.LINE,
    rule="Un libellé dit de quoi il s’agit : « divers », « achat » ou « facture 12 » ne suffisent pas.",
    source="OCCE, cahier de comptabilité",
)
def label_too_vague(operation: Operation, terms: Terms) -> Iterator[Remark]:
    """A label of nothing but vague words and numbers; a virement interne has nothing more to tell."""
    if operation.kind in (Kind.OPENING, Kind.TRANSFER) or not _is_vague(operation.label, terms.rules.vague_labels):
        return
    subject = (
        f"le libellé « {operation.label.strip()} » est trop vague" if operation.label.strip() else f"{the(operation)} n’a pas de libellé"
    )
    yield remark_on(operation, f"{subject} : dites ce que c’était, pour qui ou pour quoi.", "Préciser le libellé")
