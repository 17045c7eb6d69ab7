"""What an AD and the federation set, group by group: what each thing is called, how its value is written."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum, auto
from typing import Any, Final

from django.http import Http404

from retkoop.domain.school_year import SchoolYear
from retkoop.network.figures import FIGURES, RULE_NAMES, Figure
from retkoop.ui.days import format_full, format_long

DUE_NAMES: Final = frozenset({"crf_due_days", "membership_due_days"})
"""Figures that are days, counted from a 31 August: the end of the year for the accounts, its eve for the adhésion."""


class Sort(Enum):
    """What a setting holds: a figure, a list of words, a yes or no, a day, a line of text, an address, an image, a chart."""

    FIGURE = auto()
    WORDS = auto()
    FLAG = auto()
    DAY = auto()
    TEXT = auto()
    ADDRESS = auto()
    IMAGE = auto()
    CHART = auto()


@dataclass(frozen=True, slots=True)
class Item:
    """A thing that can be set."""

    name: str
    label: str
    help: str
    sort: Sort
    figure: Figure | None = None

    def written(self, value: Any, year: SchoolYear) -> str:  # noqa: ANN401 -- what JSON holds
        """Write a value as people read it."""
        if self.figure:
            return self._figure_written(self.figure, int(value), year)
        return _WRITTEN[self.sort](value)

    def _figure_written(self, figure: Figure, value: int, year: SchoolYear) -> str:
        if self.name not in DUE_NAMES:
            return figure.written(value)
        start = year.last_day if self.name == "crf_due_days" else year.previous.last_day
        return f"{figure.written(value)}, le {format_long(start + timedelta(days=value))}"


def _chart_written(value: Mapping[str, Any]) -> str:
    named = [f"{code} {label}" for code, label in value.get("labels", {}).items()]
    added = [f"{row['code']} {row['label']}{' (masqué)' if row.get('hidden') else ''}" for row in value.get("added", ())]
    told = [f"Noms\u202f: {', '.join(named)}." if named else "", f"Comptes ajoutés\u202f: {', '.join(added)}." if added else ""]
    return " ".join(filter(None, told)) or "rien de changé"


_WRITTEN: Final[Mapping[Sort, Callable[[Any], str]]] = {
    Sort.FLAG: lambda value: "oui" if value else "non",
    Sort.DAY: lambda value: format_full(date.fromisoformat(value)) if value else "sans date",
    Sort.IMAGE: lambda value: "une image" if value else "aucune",
    Sort.CHART: _chart_written,
    Sort.WORDS: lambda value: ", ".join(value) or "aucun mot",
    Sort.TEXT: lambda value: value or "le nom de l’association",
    Sort.ADDRESS: lambda value: value or "aucune adresse",
}


@dataclass(frozen=True, slots=True)
class Group:
    """Things that are set together, in one form; `national`: the federation sets them too."""

    slug: str
    title: str
    words: str
    items: tuple[Item, ...]
    national: bool = True

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(item.name for item in self.items)

    @property
    def has_effect(self) -> bool:
        """Tell whether the checks of books depend on it."""
        return not RULE_NAMES.isdisjoint(self.names)


def _figures(group: str) -> tuple[Item, ...]:
    return tuple(Item(one.name, one.label, one.help, Sort.FIGURE, one) for one in FIGURES if one.group == group)


_WORDS: Final = (
    Item("forbidden_words", "Achats interdits", "Une alerte paraît quand une dépense contient l’un de ces mots.", Sort.WORDS),
    Item("tolerated_words", "Achats tolérés", "Un conseil demande à quoi la dépense a servi.", Sort.WORDS),
    Item("harmless_phrases", "Achats permis", "Ces expressions contiennent un mot d’une autre liste, et restent permises.", Sort.WORDS),
    Item("durable_words", "Biens durables", "Ce qui dure se note au compte 680, même acheté pour une sortie.", Sort.WORDS),
    Item("service_words", "Sorties et services", "Ce qui se vit ne s’inscrit pas à l’inventaire.", Sort.WORDS),
    Item("vague_labels", "Libellés trop vagues", "Seuls dans un libellé, ces mots ne disent rien.", Sort.WORDS),
)

GROUPS: Final[tuple[Group, ...]] = (
    Group("dates", "Dates de l’année", "Ce que les coopératives doivent avoir envoyé, et quand.", _figures("Fin d’année")),
    Group("tarifs", "Tarifs de l’adhésion", "Ce que coûte l’adhésion de l’année.", _figures("Tarifs de l’adhésion")),
    Group("prelevements", "Prélèvements", "Les délais d’un prélèvement SEPA.", _figures("Prélèvements")),
    Group("alertes", "Plafonds et délais", "À partir de quand le cahier prévient.", _figures("Alertes du cahier")),
    Group("achats", "Achats et libellés", "Les mots qui révèlent un achat. Accents, majuscules et pluriels ne comptent pas.", _WORDS),
    Group("verificateurs", "Vérificateurs", "Combien signent les comptes, et qui.", _figures("Vérificateurs")),
    Group("documents", "Documents", "Ce qu’un fichier peut peser.", _figures("Documents")),
    Group(
        "premiere-connexion",
        "Première connexion",
        "Le mot de passe de départ est « coop » et les cinq derniers caractères du RNE. Un RNE est public\u202f: vous pouvez l’arrêter "
        "à une date, ou préférer les liens d’activation.",
        (
            Item("initial_password", "Le mot de passe de départ ouvre l’activation", "", Sort.FLAG),
            Item("initial_password_until", "Jusqu’au", "Dernier jour. Laissez vide pour ne pas fixer de fin.", Sort.DAY),
        ),
    ),
    Group(
        "courriels",
        "Courriels et relances",
        "Sous quel nom votre association écrit, et où vont les réponses.",
        (
            Item("reminder_sender", "Nom de l’expéditeur", "Vide\u202f: le nom de votre association.", Sort.TEXT),
            Item("reminder_reply", "Adresse pour les réponses", "Celle de votre association. Les écoles y répondent.", Sort.ADDRESS),
            *_figures("Relances"),
        ),
        national=False,
    ),
    Group(
        "signature",
        "Signature",
        "L’image que portent les lettres de votre association.",
        (Item("signature", "Image de la signature", "PNG ou JPEG, 2 Mo au plus, sur fond blanc.", Sort.IMAGE),),
        national=False,
    ),
)

_CHART: Final = Item("chart", "Plan comptable", "", Sort.CHART)
ITEMS: Final = {item.name: item for item in (*(item for group in GROUPS for item in group.items), _CHART)}


def group_named(slug: str, *, national: bool) -> Group:
    """Return a group by its name in addresses, of those that the federation sets where it is `national`. Raises Http404."""
    found = next((group for group in GROUPS if group.slug == slug and (group.national or not national)), None)
    if found is None:
        raise Http404
    return found


def item_named(name: str) -> Item:
    """Return a thing that can be set. Raises Http404."""
    if name not in ITEMS:
        raise Http404
    return ITEMS[name]
