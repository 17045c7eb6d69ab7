"""What remains to be done before a CRF can leave: the lamps, the errors, the end of the year."""

from __future__ import annotations

from dataclasses import dataclass

from retkoop.books.home import meaning
from retkoop.books.page import LAMP_PAGES, CoopPage
from retkoop.domain.dates import format_date
from retkoop.domain.standing import LampState
from retkoop.ui.templates import plural


@dataclass(frozen=True, slots=True)
class Step:
    """Something that a CRF waits for; `page` is the URL name of where it is done."""

    title: str
    sentence: str
    action: str
    page: str
    done: bool


def steps_to_crf(page: CoopPage) -> list[Step]:
    """Return what a CRF waits for, in the order in which to do it; done or not."""
    return [_errors(page), *_lamps(page), _end_of_year(page)]


def _errors(page: CoopPage) -> Step:
    count = page.findings.erreurs
    if not count:
        return Step("Aucune erreur dans le cahier", "Alertes et conseils n’empêchent pas l’envoi.", "Voir la liste", "findings", done=True)
    counted = f"{page.findings.count} erreurs" if count == page.findings.total > 99 else plural(count, "erreur")
    return Step(f"{counted} à corriger", "Le CRF ne peut pas partir avec une erreur.", "Corriger", "findings", done=False)


def _lamps(page: CoopPage) -> list[Step]:
    actions = {"bilan": "Voir le bilan", "rapprochement": "Pointer le relevé", "caisse": "Compter la caisse"}
    return [
        Step(
            title=lamp.text,
            sentence=meaning(lamp, can_write=page.can_write),
            action=actions[lamp.name],
            page=LAMP_PAGES[lamp.name],
            done=lamp.state is LampState.GOOD,
        )
        for lamp, _ in page.lamps
    ]


def _end_of_year(page: CoopPage) -> Step:
    last = format_date(page.year.last_day)
    if page.today > page.year.last_day:
        return Step("L’année est finie", f"Elle s’est arrêtée le {last}.", "Ouvrir le cahier", "cahier", done=True)
    return Step(
        "L’année court encore",
        f"Le compte rendu s’arrête au {last}\u202f: ses chiffres changeront.",
        "Ouvrir le cahier",
        "cahier",
        done=False,
    )
