"""Registers (registres): what was bought to last is in the inventory, each subsidy is in its table, spent and justified."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from retkoop.domain.checks.check import check
from retkoop.domain.checks.finding import Place, Remark, Severity
from retkoop.domain.checks.scope import Scope, Terms
from retkoop.domain.checks.wording import named, sentence
from retkoop.domain.dates import days_after, format_date
from retkoop.domain.entry import SUMMARY_PIECE
from retkoop.domain.money import format_amount
from retkoop.domain.registers import DurablePurchase, Grant, Registers

EACH: Final = 5
"""So many things are named one by one; more are told together, for a long list hides the rest."""


@check(
    code="tableau-des-subventions",
    severity=Severity.ERREUR,
    scope=Scope.REGISTERS,
    rule="Le montant d’une subvention dans le tableau est celui que le cahier note aux comptes 741 et 748.",
    source="OCCE, compte rendu financier, tableau des subventions",
)
def table_differs(registers: Registers, terms: Terms) -> Iterator[Remark]:
    book = "l’étape des subventions" if terms.direct else "le cahier"
    for grant in registers.grants:
        if grant.tabled is None or grant.tabled == grant.received:
            continue
        tabled = f"Le tableau des subventions note {format_amount(grant.tabled)}"
        if grant.operation is None:
            text = f"{tabled} {_from(grant)}, mais l’opération n’est plus dans {book}."
        else:
            text = f"{tabled} pour {named(grant.piece or '', grant.body)}, {book} {format_amount(grant.received)}."
        yield _remark(grant, text, "Voir le tableau")


@check(
    code="bien-non-inventorie",
    severity=Severity.ALERTE,
    scope=Scope.REGISTERS,
    rule="Ce qui est acheté au compte 680 est porté au cahier d’inventaire, pour sa valeur entière.",
    source="OCCE, cahier d’inventaire",
)
def good_not_listed(registers: Registers, _: Terms) -> Iterator[Remark]:
    missing = [purchase for purchase in registers.purchases if purchase.missing]
    if len(missing) > EACH:
        text = f"{len(missing)} achats de biens durables ne sont pas, ou pas entièrement, à l’inventaire."
        yield Remark(text, "Compléter l’inventaire", Place.INVENTORY)
        return
    for purchase in missing:
        yield Remark(_not_listed(purchase), "L’inscrire à l’inventaire", Place.INVENTORY, purchase.operation, purchase.piece)


def _not_listed(purchase: DurablePurchase) -> str:
    amount, listed = format_amount(purchase.amount), format_amount(purchase.listed)
    who = "L’année" if purchase.piece == SUMMARY_PIECE else sentence(named(purchase.piece, purchase.label))
    if purchase.listed:
        return f"{who} achète pour {amount} de biens durables\u202f: l’inventaire n’en porte que {listed}."
    if purchase.piece == SUMMARY_PIECE:
        return f"Les totaux de l’année comptent {amount} de biens durables (680) qui ne sont pas à l’inventaire."
    return f"{who} achète un bien durable ({amount}) qui n’est pas à l’inventaire."


@check(
    code="subvention-hors-tableau",
    severity=Severity.ALERTE,
    scope=Scope.REGISTERS,
    rule="Chaque subvention reçue (comptes 741 et 748) est dans le tableau des subventions.",
    source="OCCE, compte rendu financier, tableau des subventions",
)
def grant_not_tabled(registers: Registers, _: Terms) -> Iterator[Remark]:
    """Money that is paid back is no subsidy received."""
    missing = [grant for grant in registers.grants if grant.tabled is None and grant.received > 0]
    if len(missing) > EACH:
        text = f"{len(missing)} subventions ne sont pas dans le tableau des subventions."
        yield Remark(text, "Compléter le tableau", Place.SUBSIDIES)
        return
    for grant in missing:
        who = sentence(named(grant.piece or "", grant.body))
        text = f"{who} est une subvention de {format_amount(grant.received)} qui n’est pas dans le tableau des subventions."
        yield _remark(grant, text, "L’ajouter au tableau")


@check(
    code="subvention-autre-objet",
    severity=Severity.ALERTE,
    scope=Scope.REGISTERS,
    rule="Ce qu’une subvention est dite avoir payé est une charge du cahier, et n’est payé qu’une fois.",
    source="Loi 2000-321, art. 10 ; OCCE, compte rendu financier, tableau des subventions",
)
def spent_on_something_else(registers: Registers, terms: Terms) -> Iterator[Remark]:
    explained = "vos totaux n’expliquent pas" if terms.direct else "le cahier n’explique plus"
    for grant in registers.grants:
        if grant.astray:
            amount = format_amount(grant.astray)
            text = f"La subvention {_from(grant)} aurait payé {amount} que {explained}\u202f: revoyez ses dépenses."
            yield _remark(grant, text, "Revoir ses dépenses")


@check(
    code="subvention-non-justifiee",
    severity=Severity.ALERTE,
    scope=Scope.REGISTERS,
    rule="Le compte rendu d’une subvention est envoyé à qui l’a donnée, au plus tard le jour dit.",
    source="Loi 2000-321, art. 10",
)
def grant_not_justified(registers: Registers, _: Terms) -> Iterator[Remark]:
    """From the day after the last one on."""
    for grant in registers.grants:
        if grant.justify_before and grant.justified_on is None:
            text = f"La subvention {_from(grant)} devait être justifiée au plus tard le {format_date(grant.justify_before)}."
            yield replace(_remark(grant, text, "Préparer le compte rendu"), since=days_after(grant.justify_before, 1))


def _from(grant: Grant) -> str:
    piece = f", pièce {grant.piece.strip()}" if grant.piece and grant.piece.strip() else ""
    return f"de «\u202f{grant.body.strip() or 'organisme non précisé'}\u202f»{piece}"


def _remark(grant: Grant, text: str, mend: str) -> Remark:
    return Remark(text, mend, Place.SUBSIDIES, grant.operation, grant.piece)
