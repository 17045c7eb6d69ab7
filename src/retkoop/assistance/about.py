"""What a question speaks of: the page it was asked from, the operation, the check; as asked, and as all that stands now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final
from urllib.parse import urlsplit

from django.http import Http404
from django.urls import Resolver404, resolve
from django.utils.text import Truncator

from retkoop.assistance.models import Theme, Thread
from retkoop.books.findings import holding_on
from retkoop.books.models import KeptFinding, Operation
from retkoop.books.page import CoopPage
from retkoop.books.queries import operation_of
from retkoop.domain.checks import CHECKS
from retkoop.ui.keys import read_key

CODES: Final = frozenset(check.code for check in CHECKS)
PLACES: Final[Mapping[str, tuple[str, Theme]]] = {
    "home": ("Accueil", Theme.OTHER),
    "cahier": ("Cahier", Theme.ENTRY),
    "operation": ("Une opération", Theme.ENTRY),
    "opening": ("Report à nouveau", Theme.ENTRY),
    "trash": ("Corbeille", Theme.ENTRY),
    "findings": ("À corriger", Theme.ENTRY),
    "reconciliation": ("Rapprochement", Theme.BANK),
    "statement": ("Un relevé", Theme.BANK),
    "cash": ("Caisse", Theme.CASH),
    "documents": ("Documents", Theme.EVIDENCE),
    "document": ("Un document", Theme.EVIDENCE),
    "missing_vouchers": ("Justificatifs manquants", Theme.EVIDENCE),
    "inventory": ("Inventaire", Theme.REGISTERS),
    "subsidies": ("Subventions", Theme.REGISTERS),
    "subsidy": ("Une subvention", Theme.REGISTERS),
    "deliberations": ("Délibérations", Theme.REGISTERS),
    "direct": ("Compte rendu sans cahier", Theme.YEAR_END),
    "balance_sheet": ("Bilan", Theme.YEAR_END),
    "crf": ("CRF", Theme.YEAR_END),
    "cra": ("Activités", Theme.YEAR_END),
    "cra_step": ("Activités, une étape", Theme.YEAR_END),
    "closing": ("Fin d’année", Theme.YEAR_END),
    "verifiers": ("Vérificateurs", Theme.YEAR_END),
    "handovers": ("Passation", Theme.ACCOUNT),
    "history": ("Historique", Theme.OTHER),
}
"""The pages by their URL names: their words, and what is likely to be asked there; whoever asks says better."""
ELSEWHERE: Final = ("Une autre page", Theme.OTHER)


@dataclass(frozen=True, slots=True)
class About:
    """What a question speaks of. `operation` is 0, the rest empty, where it speaks of none."""

    path: str = ""
    title: str = ""
    place: str = ""
    operation: int = 0
    code: str = ""
    message: str = ""
    label: str = ""

    @property
    def theme(self) -> Theme:
        return PLACES.get(self.place, ELSEWHERE)[1]

    @property
    def topic(self) -> str:
        """What to call the question where it speaks of a check or of an operation."""
        return Truncator(self.message or self.label).chars(80, truncate="…")


def about_asked(page: CoopPage, asked: Mapping[str, str]) -> About:
    """Return what an address or a form says that a question speaks of (`adresse`, `titre`, `operation`, `controle`).

    Raises Http404 for a page or an operation that is not this coop's. A finding that was mended meanwhile leaves its check alone.
    """
    path, place, shown = _page(page, asked.get("adresse", ""))
    row = _operation(page, asked.get("operation", "") or shown)
    code = asked.get("controle", "")
    code = code if code in CODES else ""
    found = finding_of(page, code, row.pk if row else 0)
    return About(
        path=path,
        title=" ".join(asked.get("titre", "").split())[:150] if path else "",
        place=place,
        operation=row.pk if row else 0,
        code=code,
        message=found.message if found else "",
        label=f"{row.piece} {row.label}".strip() if row else "",
    )


def _page(page: CoopPage, address: str) -> tuple[str, str, str]:
    """Return the address of a page of this coop, its URL name, and the key of the operation that it shows, "" of any other page."""
    if not address or len(address) > 300:
        return "", "", ""
    try:
        parts = urlsplit(address)
        match = resolve(parts.path)
    except (ValueError, Resolver404):
        raise Http404 from None
    if parts.scheme or parts.netloc or match.kwargs.get("rne") != page.coop.rne:
        raise Http404
    of_operation = match.url_name == "operation" and match.kwargs["year"] == str(page.year)
    return parts._replace(fragment="").geturl(), match.url_name or "", str(match.kwargs["key"]) if of_operation else ""


def _operation(page: CoopPage, asked: str) -> Operation | None:
    if not asked or asked == "0":
        return None
    key = read_key(asked)
    row = operation_of(page.book, key) if key is not None else None
    if row is None:
        raise Http404
    return row


def finding_of(page: CoopPage, code: str, operation: int) -> KeptFinding | None:
    """Return what a check says today of an operation, or of the whole book where it names none."""
    if not code:
        return None
    found = KeptFinding.objects.filter(holding_on(page.today), book=page.book, code=code)
    return found.filter(operation=operation or None).first()


@dataclass
class Matter:
    """What a thread speaks of, as it stands now."""

    page: CoopPage
    thread: Thread

    @cached_property
    def row(self) -> Operation | None:
        """The operation; None where there is none, or it was deleted."""
        rows = Operation.objects.filter(book=self.page.book, pk=self.thread.operation)
        return rows.first() if self.thread.operation else None

    @cached_property
    def finding(self) -> KeptFinding | None:
        """What the check says today; None where it has nothing to say any more."""
        return finding_of(self.page, self.thread.code, self.thread.operation)

    @property
    def is_mended(self) -> bool:
        """Whether a check had something to say, and has not any more."""
        return bool(self.thread.code and self.thread.message and self.finding is None)
