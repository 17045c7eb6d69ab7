"""The figures and words that an AD may set for a year, with the federation's defaults (paramètres)."""

from __future__ import annotations

from dataclasses import dataclass

from retkoop.domain.money import Cents


@dataclass(frozen=True, slots=True)
class Rules:
    """What the checks hold a book against; amounts in cents, delays in days.

    The defaults are the federation's; an AD overrides any of them from a school year on (settings of `network`).
    Words are compared whole, in the singular or the plural, without accents or case.
    """

    regie_ceiling: Cents = 150_00
    cash_payment_ceiling: Cents = 1_000_00
    """Legal ceiling of a payment in cash, Code monétaire et financier, art. D112-3."""
    cash_ceiling: Cents = 300_00
    durable_threshold: Cents = 500_00
    unpointed_days: int = 60
    silent_days: int = 60
    free_deposits: int = 12
    """Deposits of cash that the bank takes without a fee in a year."""
    forbidden_words: tuple[str, ...] = (
        "salaire",
        "fiche de paie",
        "feuille de paie",
        "bulletin de paie",
        "paie de l’animateur",
        "paie de l’intervenant",
        "livret d’épargne",
        "livret épargne",
        "livret A",
        "livret bleu",
        "vers le livret",
        "vers livret",
        "sur livret",
        "virement livret",
        "virement sur le livret",
        "versement livret",
        "versement sur le livret",
        "compte épargne",
        "téléphone",
        "téléphonie",
        "abonnement mobile",
        "forfait mobile",
        "manuel scolaire",
        "photocopieur",
        "photocopieuse",
        "location copieur",
    )
    """Words that reveal a purchase that a coop may not make, in a label or the name of a tiers."""
    tolerated_words: tuple[str, ...] = ()
    """Words of a purchase that an AD tolerates, and of which it wants to know what for."""
    harmless_phrases: tuple[str, ...] = (
        "téléphone arabe",
        "téléphone en carton",
        "téléphone en pot",
        "téléphone à ficelle",
        "livret à colorier",
        "livret à compléter",
        "livret à dessiner",
        "livret à fabriquer",
        "livret à imprimer",
        "livret à lire",
        "livret à relier",
        "livret à remplir",
        "location de vélo",
        "sortie vélo",
        "sortie à vélo",
        "piste de vélo",
    )
    """Phrases that hold a forbidden or tolerated word, or a thing that lasts, and mean no harm."""
    durable_words: tuple[str, ...] = (
        "appareil photo",
        "appareil numérique",
        "armoire",
        "caméra",
        "camescope",
        "enceinte",
        "four",
        "imprimante",
        "meuble",
        "micro-ondes",
        "mobilier",
        "ordinateur",
        "réfrigérateur",
        "sono",
        "table de ping-pong",
        "tablette",
        "trottinette",
        "tricycle",
        "télévision",
        "vélo",
        "vidéoprojecteur",
    )
    """Words of what lasts, and is durable even where it is bought for an outing."""
    service_words: tuple[str, ...] = (
        "animation",
        "atelier",
        "autocar",
        "bus",
        "car",
        "château",
        "cinéma",
        "classe découverte",
        "classe de mer",
        "classe de neige",
        "classe verte",
        "concert",
        "entrée",
        "hébergement",
        "intervenant",
        "intervention",
        "musée",
        "parc",
        "patinoire",
        "piscine",
        "séjour",
        "sortie",
        "spectacle",
        "théâtre",
        "train",
        "transport",
        "visite",
        "voyage",
        "zoo",
    )
    """Words of what is lived and not kept: a dear outing is no durable good."""
    vague_labels: tuple[str, ...] = (
        "achat",
        "autre",
        "carte bancaire",
        "CB",
        "chèque",
        "chq",
        "course",
        "dépense",
        "dépôt",
        "divers",
        "diverse",
        "facture",
        "fourniture",
        "frais",
        "matériel",
        "paiement",
        "recette",
        "règlement",
        "remb",
        "rembt",
        "remboursement",
        "vente",
        "virement",
    )
    """Words that tell nothing, alone or together, to whoever reads the book in ten years."""
