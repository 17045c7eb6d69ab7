"""The first page of a coop's year, in values: the word at the top, what each lamp means, the first steps, the pictures of the money."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import accumulate
from typing import Final

from retkoop.books.findings import COUNTED
from retkoop.books.models import Book
from retkoop.books.page import CoopPage
from retkoop.books.queries import KeptDay
from retkoop.domain.chart import Chart
from retkoop.domain.dates import format_date
from retkoop.domain.money import format_amount
from retkoop.domain.reports.income_statement import IncomeStatementRow, income_statement
from retkoop.domain.standing import Lamp, LampState, Standing
from retkoop.ui.charts import BarChart, LineChart, Series, bar_chart, line_chart
from retkoop.ui.templates import plural

FIRST: Final = 5
"""So many things to mend stand on the first page; the others are a link away."""

_MEANINGS: Final = {
    ("bilan", LampState.GOOD): ("Ce que la coopérative possède est expliqué au centime près.", ""),
    ("bilan", LampState.TODO): ("Il s’allumera avec la première saisie.", ""),
    ("bilan", LampState.BAD): ("Une opération n’est pas entièrement ventilée.", "La liste à corriger dit laquelle."),
    ("rapprochement", LampState.GOOD): ("La banque et le cahier disent la même chose.", ""),
    ("rapprochement", LampState.TODO): (
        "Il compare le relevé de la banque au cahier.",
        "Recopiez son solde, puis cochez ce que vous y voyez.",
    ),
    ("rapprochement", LampState.BAD): ("La banque et le cahier ne disent pas la même chose.", "Cherchons ensemble d’où vient l’écart."),
    ("caisse", LampState.GOOD): ("Les billets et les pièces comptés font bien le total du cahier.", ""),
    ("caisse", LampState.TODO): ("Elle compare les billets et les pièces au cahier.", "Comptez-les : la réponse vient aussitôt."),
    ("caisse", LampState.BAD): ("Le total compté n’est pas celui du cahier.", "Recomptez, ou cherchez l’opération oubliée."),
}
"""What each lamp says, and what whoever may write does about it."""

_DIRECT_MEANINGS: Final = {
    ("bilan", LampState.TODO): ("Il s’allumera avec les totaux de l’année.", ""),
    ("bilan", LampState.BAD): (
        "Les totaux de l’année n’expliquent pas ce qu’il y a à la fin.",
        "Un total, une subvention, le départ ou la fin est à revoir.",
    ),
    ("rapprochement", LampState.GOOD): ("La banque et vos totaux disent la même chose.", ""),
    ("rapprochement", LampState.TODO): ("Il compare le relevé de la banque à vos totaux.", "Donnez le solde du relevé de fin d’année."),
    ("rapprochement", LampState.BAD): (
        "La banque et vos totaux ne disent pas la même chose.",
        "Dites ce que le relevé ne montre pas encore.",
    ),
    ("caisse", LampState.GOOD): ("Les billets et les pièces comptés font bien le total dit.", ""),
    ("caisse", LampState.TODO): ("Elle compare les billets et les pièces à vos totaux.", "Comptez-les\u202f: la réponse vient aussitôt."),
    ("caisse", LampState.BAD): ("Le total compté n’est pas celui que vous avez dit.", "Recomptez, ou revoyez les totaux."),
}
"""What they say of a year of which the compte rendu alone is filled in."""


def meaning(lamp: Lamp, *, can_write: bool, direct: bool = False) -> str:
    """Say what a lamp means, and to those who may write, what to do about it; `direct`: the year was kept elsewhere."""
    key = lamp.name, lamp.state
    fact, advice = _DIRECT_MEANINGS.get(key, _MEANINGS[key]) if direct else _MEANINGS[key]
    return f"{fact} {advice}" if advice and can_write else fact


@dataclass(frozen=True, slots=True)
class Headline:
    """How the year stands: the heading of the page, and a sentence under it."""

    title: str
    sentence: str


def headline(page: CoopPage) -> Headline:
    """Say how the year stands, the gravest first."""
    if not page.standing.operation_count:
        return _beginning(page)
    if page.findings.erreurs:
        return _wrong(page.findings.erreurs)
    if page.findings.total:
        count = f"plus de {COUNTED}" if page.findings.total > COUNTED else str(page.findings.total)
        points, them = ("un point", "le") if page.findings.total == 1 else (f"{count} points", "les")
        return Headline(f"Aucune erreur, {points} à regarder", f"Rien ne presse : regardez-{them} quand vous aurez un moment.")
    if all(lamp.state is LampState.GOOD for lamp, _ in page.lamps):
        return Headline("Bravo, tout est en ordre", "Le bilan, la banque et la caisse sont d’accord.")
    book = "les totaux" if page.book.direct else "le cahier"
    return Headline("Tout va bien", f"Rien à corriger dans {book}. Les voyants disent ce qu’il reste à faire.")


def _beginning(page: CoopPage) -> Headline:
    if page.book.direct:
        return Headline(f"Le compte rendu {page.year}", "Il se remplit étape par étape, dans l’ordre que vous voulez.")
    if page.today > page.year.last_day:
        return Headline(f"Rien n’est noté en {page.year}", "Le cahier de cette année est resté vide.")
    sentence = "Le cahier est ouvert. Voici par où commencer." if page.can_write else "Le cahier est ouvert, rien n’y est encore noté."
    return Headline(f"Bienvenue dans l’année {page.year}", sentence)


def _wrong(count: int) -> Headline:
    if count == 1:
        return Headline("Une erreur à corriger", "Elle fausse les comptes : corrigez-la d’abord.")
    told = f"Plus de {COUNTED}" if count > COUNTED else str(count)
    return Headline(f"{told} erreurs à corriger", "Elles faussent les comptes : corrigez-les d’abord.")


@dataclass(frozen=True, slots=True)
class HomeWord:
    """What a room above says on the first page, and the page (URL name) of a book where it is dealt with; `wrong`: it presses."""

    title: str
    sentence: str
    book: Book
    wrong: bool
    page: str
    link: str


@dataclass(frozen=True, slots=True)
class Step:
    """One of the first steps of a year; `page` is the URL name of where it is taken."""

    title: str
    sentence: str
    action: str
    page: str
    done: bool = False


def first_steps(page: CoopPage) -> list[Step]:
    """Return the first steps of a book in which nothing is noted yet but its opening; none for any other."""
    standing = page.standing
    if standing.operation_count or page.book.direct:
        return []
    return [
        Step("Notez le report à nouveau", _opening_sentence(standing), "Noter le report", "opening", done=standing.has_opening),
        Step(
            "Notez une première opération",
            "Une dépense ou une recette, avec sa pièce. Le compte se cherche par un mot.",
            "Ouvrir le cahier",
            "cahier",
        ),
        Step(
            "Pointez le relevé de la banque",
            "Dès qu’il arrive : son solde, puis une coche par opération.",
            "Ouvrir le rapprochement",
            "reconciliation",
        ),
        Step("Comptez la caisse", "Combien de billets, combien de pièces ? Vous saurez aussitôt si le compte y est.", "Compter", "cash"),
    ]


def _opening_sentence(standing: Standing) -> str:
    if standing.has_opening:
        return f"C’est fait : l’année commence avec {format_amount(standing.carried_forward)}."
    previous = standing.year.previous
    if standing.previous_assets is not None:
        return f"{previous} s’est terminée avec {format_amount(standing.previous_assets)} : c’est déjà rempli, il reste à vérifier."
    day = format_date(previous.last_day)
    return f"Ce que la coopérative avait en banque et en caisse le {day}. Si elle vient de naître, passez à la suite."


def money_chart(book: Book, days: Sequence[KeptDay], today: date) -> LineChart | None:
    """Draw bank and cash at the end of each day of the year so far; None where nothing has moved, or nobody knows on which day."""
    if not days or book.direct:
        return None
    bank = _running(book, book.opening_bank, ((day.day, day.bank) for day in days))
    cash = _running(book, book.opening_cash, ((day.day, day.cash) for day in days))
    return line_chart(
        "L’argent au fil de l’année", book.year, [Series("Banque", bank), Series("Caisse", cash)], until=max(today, days[-1].day)
    )


def _running(book: Book, opening: int, moves: Iterable[tuple[date, int]]) -> tuple[tuple[date, int], ...]:
    sums = accumulate(moves, lambda so_far, move: (move[0], so_far[1] + move[1]), initial=(book.year.first_day, opening))
    return tuple(sums)


def account_charts(standing: Standing, chart: Chart) -> list[BarChart]:
    """Draw recettes, then dépenses, by account, the largest first; a side where nothing has moved is left out."""
    statement = income_statement(standing.totals, chart)
    sides = (("Recettes", statement.produits, "a"), ("Dépenses", statement.charges, "b"))
    return [_bars(f"{name} : {format_amount(sum(row.amount for row in rows))}", rows, key) for name, rows, key in sides if rows]


def _bars(title: str, rows: Iterable[IncomeStatementRow], key: str) -> BarChart:
    ranked = sorted(rows, key=lambda row: (-row.amount, row.account))
    return bar_chart(title, [(f"{row.alias} · {row.label}", row.amount) for row in ranked], key=key)


def operations_told(standing: Standing) -> str:
    """Say how many operations the book holds and of when the last one is."""
    if standing.last_operation is None:
        return "Aucune opération pour l’instant"
    return f"{plural(standing.operation_count, 'opération')}, la dernière du {format_date(standing.last_operation)}"
