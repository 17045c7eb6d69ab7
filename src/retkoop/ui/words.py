"""Words of the trade, explained where they stand: what a teacher who is no accountant needs, in one or two sentences."""

from __future__ import annotations

from typing import Final

WORDS: Final = {
    "arrêté de caisse": "Compter les billets et les pièces, puis vérifier que le total est celui de la caisse dans les comptes.",
    "avoir": "Ce que la coopérative possède : l’argent en banque, en caisse et dans les régies encore ouvertes.",
    "bilan": "La photo de l’argent de la coopérative au 31 août : ce qu’elle possède d’un côté, d’où cela vient de l’autre. "
    "Les deux totaux doivent être égaux.",
    "caisse": "L’argent liquide de la coopérative. Elle ne peut jamais être négative : on ne sort pas de billets que l’on n’a pas.",
    "cahier": "Le cahier de comptabilité : une ligne pour chaque somme reçue ou payée, dans l’ordre des dates.",
    "charge": "Ce que la coopérative dépense : sorties, livres, assurance… Les comptes qui commencent par 6.",
    "compte": "Le type de dépense ou de recette, par exemple 618 pour les activités éducatives. Cherchez-le par un mot : « musée ».",
    "compte de fonctionnement": "Le total de l’année par type de dépense et de recette. La différence est le résultat.",
    "cra": "Le compte rendu d’activités : ce que la coopérative a fait de son année, en quelques questions.",
    "crf": "Le compte rendu financier : toutes les pages de comptes de l’année, envoyées à l’OCCE en septembre.",
    "exercice": "L’année comptable : du 1er septembre au 31 août.",
    "justificatif": "La facture, le ticket ou le reçu qui prouve l’opération. Chaque ligne du cahier a le sien.",
    "libellé": "Ce que vous diriez de l’opération en quelques mots : « Entrées au musée, CE1 ».",
    "mandataire": "La personne à qui l’OCCE confie les comptes de la coopérative pour l’année.",
    "passation": "Le passage des comptes d’un mandataire au suivant.",
    "pièce": "Le numéro que vous écrivez sur la facture ou le reçu, et que vous reportez dans le cahier : D01, R01…",
    "pointer": "Cocher une opération quand on la voit sur le relevé de la banque.",
    "produit": "Ce que la coopérative reçoit : fêtes, subventions, participations… Les comptes qui commencent par 7.",
    "quitus": "L’accord signé des vérificateurs aux comptes, après avoir contrôlé l’année.",
    "rapprochement": "Comparer le relevé de la banque et les comptes. Les opérations pas encore passées à la banque expliquent l’écart.",
    "régie d’avance": "De l’argent confié à un enseignant pour ses petits achats. Il rend le reste et les tickets avant le 31 août.",
    "relevé": "Le document où la banque écrit toutes les opérations du compte et ce qu’il reste à une date.",
    "reliquat": "Ce qu’il reste d’une avance, rendu à la coopérative.",
    "report à nouveau": "Ce que la coopérative possédait le 31 août dernier : l’année commence avec.",
    "résultat": "Les recettes moins les dépenses de l’année.",
    "solde": "Ce qu’il reste sur un compte.",
    "tiers": "L’autre personne ou organisme : qui a été payé, ou qui a payé.",
    "ventilation": "Dire à quoi a servi la somme : sur un compte, ou partagée sur plusieurs.",
    "vérificateurs aux comptes": "Deux personnes au moins, dont un parent, qui contrôlent les comptes de l’année.",
    "virement interne": "De l’argent qui passe de la caisse à la banque, ou l’inverse : ni une dépense, ni une recette.",
}


def explanation(word: str) -> str:
    """Return the explanation of a word of WORDS, whatever its case. Raises KeyError for any other."""
    return WORDS[word.lower()].replace(" :", "\u00a0:").replace("« ", "«\u00a0").replace(" »", "\u00a0»")
