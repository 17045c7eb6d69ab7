"""The verbs of a chart of accounts: labels, sub-accounts, accounts that the federation adds; by AD and year, kept as one setting.

An account that books use stays: it can be hidden, so that nobody chooses it any more, and never be taken away.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from copy import deepcopy
from typing import Any, Final

from retkoop.audit.services import Author, writing
from retkoop.books.models import AccountTotal
from retkoop.domain.chart import MOST_SUB_ACCOUNTS, Account, Chart, national_code, sub_account
from retkoop.domain.school_year import SchoolYear
from retkoop.network.models import FEDERATION_CHAIN, DepartmentalAssociation
from retkoop.network.queries import GivenSettings, chart_of_settings, given_settings
from retkoop.network.services import set_values

_NAME: Final = "chart"


class ChartRefusal(ValueError):
    """An account cannot be changed so; the message says why in French."""


def own_side(association: DepartmentalAssociation | None, given: GivenSettings) -> Mapping[str, Any]:
    """Return what an AD (or the federation) itself changes: {labels: {code: label}, added: [{code, label, examples, hidden}]}."""
    side = given.own if association else given.national
    return {"labels": {}, "added": [], **side.get(_NAME, {})}


@contextmanager
def _changing(*, author: Author, association: DepartmentalAssociation | None, year: SchoolYear) -> Iterator[tuple[dict[str, Any], Chart]]:
    """Yield what the AD changes in its chart, to be changed further, and the chart that it makes; keep it at the end."""
    with writing(association.chain if association else FEDERATION_CHAIN, author):
        if association:
            association.given.clear()
        given = given_settings(association, year)
        own = deepcopy(dict(own_side(association, given)))
        yield own, chart_of_settings(given)
        kept = {side: held for side, held in own.items() if held}
        set_values(author=author, association=association, year=year, values={_NAME: kept})


def relabel(*, author: Author, association: DepartmentalAssociation | None, year: SchoolYear, account: str, label: str) -> None:
    """Give an account another label; an empty one gives it back the label of the federation. Raises ChartRefusal."""
    with _changing(author=author, association=association, year=year) as (own, chart):
        _refuse_label(chart, label, account)
        own["labels"].pop(account, None)
        if label:
            own["labels"][account] = label


def add_account(  # noqa: PLR0913 -- an account, all named
    *,
    author: Author,
    association: DepartmentalAssociation | None,
    year: SchoolYear,
    parent: str,
    label: str,
    examples: tuple[str, ...] = (),
) -> Account:
    """Add a sub-account to a national account, or the account `parent` itself where the chart has none of that code.

    Raises ChartRefusal.
    """
    with _changing(author=author, association=association, year=year) as (own, chart):
        _refuse_label(chart, label)
        main = chart.by_name.get(parent)
        added = _next_of(chart, main, label, examples) if main else _new_main(chart, association, parent, label, examples)
        own["added"].append({"code": added.code, "label": label, "examples": list(examples), "hidden": False})
    return added


def change_account(  # noqa: PLR0913 -- an account, all named
    *,
    author: Author,
    association: DepartmentalAssociation | None,
    year: SchoolYear,
    account: str,
    label: str,
    examples: tuple[str, ...],
    hidden: bool,
) -> None:
    """Change an account that was added. Raises ChartRefusal."""
    with _changing(author=author, association=association, year=year) as (own, chart):
        _refuse_label(chart, label, account)
        _added(own, account).update(label=label, examples=list(examples), hidden=hidden)


def remove_account(*, author: Author, association: DepartmentalAssociation | None, year: SchoolYear, account: str) -> None:
    """Take away an account that was added, and that no book of the year or of a later one uses. Raises ChartRefusal."""
    with _changing(author=author, association=association, year=year) as (own, chart):
        row = _added(own, account)
        if is_used(association, year, account):
            raise ChartRefusal("Ce compte sert dans des cahiers\u202f: il ne peut plus être supprimé. Vous pouvez le masquer.")
        if any(national_code(one.code) == account != one.code for one in chart.accounts):
            raise ChartRefusal("Ce compte a des sous-comptes\u202f: supprimez-les d’abord.")
        own["added"].remove(row)


def is_used(association: DepartmentalAssociation | None, year: SchoolYear, account: str) -> bool:
    """Tell whether a book of a year, or of a later one, moved an account."""
    totals = AccountTotal.objects.filter(account=account, book__start__gte=year.start).exclude(debit=0, credit=0)
    return (totals.filter(book__coop__association=association) if association else totals).exists()


def _added(own: Mapping[str, Any], account: str) -> dict[str, Any]:
    found: dict[str, Any] | None = next((row for row in own["added"] if row["code"] == account), None)
    if found is None:
        raise ChartRefusal("Ce compte n’a pas été ajouté ici.")
    return found


def _refuse_label(chart: Chart, label: str, account: str = "") -> None:
    twin = next((one for one in chart.accounts if one.label == label and one.code != account), None)
    if twin:
        raise ChartRefusal(f"Ce nom est déjà celui du compte {twin.alias}.")


def _next_of(chart: Chart, main: Account, label: str, examples: tuple[str, ...]) -> Account:
    for number in range(1, MOST_SUB_ACCOUNTS + 1):
        found = sub_account(main, number, label, examples=examples)
        if found.code not in chart.by_name:
            return found
    raise ChartRefusal(f"Le compte {main.alias} a déjà {MOST_SUB_ACCOUNTS} sous-comptes.")


def _new_main(chart: Chart, association: DepartmentalAssociation | None, code: str, label: str, examples: tuple[str, ...]) -> Account:
    if association:
        raise ChartRefusal("Choisissez un compte du plan national.")
    parent = Account(code, code[:3], chart.accounts[0].nature, label, examples)
    if parent.alias in chart.by_name:
        raise ChartRefusal(f"Le numéro {parent.alias} est déjà celui d’un compte.")
    return parent
