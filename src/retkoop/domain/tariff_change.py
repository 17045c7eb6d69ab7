"""Prices of an adhésion that an AD changed while a coop was looking at its form: what was read, beside what is asked since."""

from __future__ import annotations

from collections.abc import Mapping

from retkoop.domain.fees import BASIS_LABELS, Basis, InsuranceRule, Tariff
from retkoop.domain.money import Cents, format_amount

PER_MEMBER = f" {BASIS_LABELS[Basis.MEMBER]}"


def tariff_mark(tariff: Tariff) -> dict[str, Cents]:
    """Return the price of each line that a coop may be asked for, in cents, by a key that also tells how it is counted."""
    told = {"member": tariff.member}
    if tariff.insurance and tariff.insurance_rule is not InsuranceRule.NONE:
        told[f"insurance {tariff.insurance_rule}"] = tariff.insurance
    if tariff.magazine:
        told["magazine"] = tariff.magazine
    return told | {f"{one.key} {one.basis}{' optional' if one.optional else ''}": one.price for one in tariff.extras}


def tariff_changes(read: Mapping[str, Cents], tariff: Tariff) -> list[str]:
    """Return in words what has changed since a coop `read` a mark of the prices: nothing where they are the same."""
    asked, names = tariff_mark(tariff), _names(tariff)
    before = {key.partition(" ")[0]: price for key, price in read.items()}
    told = [
        _changed(*names[key.partition(" ")[0]], before.get(key.partition(" ")[0]), price)
        for key, price in asked.items()
        if read.get(key) != price
    ]
    gone = len(before.keys() - {key.partition(" ")[0] for key in asked})
    if gone:
        told.append("une ligne n’est plus demandée" if gone == 1 else f"{gone} lignes ne sont plus demandées")
    return told


def _names(tariff: Tariff) -> dict[str, tuple[str, str]]:
    """Return what each line is called and what its price is counted by, by key."""
    rules = {InsuranceRule.COMPULSORY: ", toujours comprise"}
    return {
        "member": ("cotisation", PER_MEMBER),
        "insurance": (f"assurance{rules.get(tariff.insurance_rule, '')}", PER_MEMBER),
        "magazine": ("abonnement à Animation & Éducation", ""),
        **{one.key: (one.label, "" if one.basis is Basis.FREE else f" {BASIS_LABELS[one.basis]}") for one in tariff.extras},
    }


def _changed(name: str, basis: str, before: Cents | None, asked: Cents) -> str:
    price = f"{format_amount(asked)}{basis}" if asked else "montant libre"
    return f"{name} {price}" + (f" au lieu de {format_amount(before)}" if before and before != asked else "")
