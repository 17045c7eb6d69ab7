"""Chart of accounts (plan comptable): the 6 and 7 accounts over which a coop splits what moved.

The chart is data, valid from a year to a year; codes are text (`62810008`) with a short alias (`628`). The accounts of
class 1 and 5 are few and the same for all: they are named here, because the rules speak of them.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property, lru_cache
from importlib import resources
from typing import Final

BANK: Final = "512"
POSTAL: Final = "514"
CASH: Final = "530"
REGIE: Final = "54"
CARRIED_PROFIT: Final = "110"
CARRIED_LOSS: Final = "119"
SUSPENSE: Final = "471"
"""Compte d’attente: what operations have moved and their split does not explain yet; zero in a right book."""

TREASURY: Final = (BANK, POSTAL, CASH, REGIE)
"""The accounts whose sum is what the coop owns (l’avoir)."""

SHORTEST_START: Final = 3
"""So many first digits of a code name its account, where no other code has them."""

MOST_SUB_ACCOUNTS: Final = 99
_OF_OCCE: Final = re.compile(r"[67]\d{6}8")
_FIRST_DIGITS: Final = 5

LONGEST_SEARCH: Final = 200
MOST_WORDS: Final = 10
"""As much of a search as is looked for: each word is a condition, and a database takes no thousand of them."""

FIXED_LABELS: Final = {
    BANK: "Banque",
    POSTAL: "Compte chèque postal",
    CASH: "Caisse",
    REGIE: "Régies d’avance",
    CARRIED_PROFIT: "Report à nouveau (solde créditeur)",
    CARRIED_LOSS: "Report à nouveau (solde débiteur)",
    SUSPENSE: "À ventiler",
}


class UnknownAccount(ValueError):
    """No such account in this chart; the message says so in French."""


def national_code(code: str) -> str:
    """Return the national account under which a sub-account (sous-compte) counts: `61800008` for `61800018`; any other code as it is."""
    return f"{code[:_FIRST_DIGITS]}008" if _OF_OCCE.fullmatch(code) else code


class Nature(StrEnum):
    """The side of the compte de fonctionnement on which an account stands."""

    CHARGE = "charge"
    PRODUIT = "produit"


@dataclass(frozen=True, slots=True)
class Account:
    """A 6 or 7 account: code, short alias, label, and the everyday words that lead to it. One that is `hidden` is proposed no more."""

    code: str
    alias: str
    nature: Nature
    label: str
    examples: tuple[str, ...] = ()
    hidden: bool = False

    @property
    def is_sub_account(self) -> bool:
        return national_code(self.code) != self.code


def sub_account(parent: Account, number: int, label: str, *, examples: tuple[str, ...] = (), hidden: bool = False) -> Account:
    """Return the sub-account of a national account that bears a number from 1 to 99: `61800018`, `618-01` under 618."""
    return Account(f"{parent.code[:_FIRST_DIGITS]}{number:02}8", f"{parent.alias}-{number:02}", parent.nature, label, examples, hidden)


@dataclass(frozen=True)
class Chart:
    """The accounts of one year, in the order of their codes, hidden ones and sub-accounts too."""

    accounts: tuple[Account, ...]

    @cached_property
    def offered(self) -> tuple[Account, ...]:
        """The accounts among which one may still choose."""
        return tuple(account for account in self.accounts if not account.hidden)

    @cached_property
    def mains(self) -> tuple[Account, ...]:
        """The accounts of the CRF: those that are no sub-account."""
        return tuple(account for account in self.offered if not account.is_sub_account)

    def extended(self, labels: Mapping[str, str], added: Iterable[Account]) -> Chart:
        """Return this chart with other labels (by code) and more accounts; one that is there already, it replaces."""
        named = {one.code: replace(one, label=labels.get(one.code, one.label)) for one in self.accounts} | {one.code: one for one in added}
        return Chart(tuple(named[code] for code in sorted(named)))

    @cached_property
    def by_name(self) -> dict[str, Account]:
        return {name: account for account in self.accounts for name in (account.alias, account.code)}

    def resolve(self, name: str) -> Account:
        """Return the account of a code, an alias, or the first digits of one code alone: `6281`. Raises UnknownAccount."""
        found = self.by_name.get(name.strip()) or self._sole_start(name.strip())
        if found is None:
            raise UnknownAccount(f"Le compte « {name} » n’existe pas dans le plan comptable.")
        return found

    def _sole_start(self, digits: str) -> Account | None:
        alike = [account for account in self.mains if account.code.startswith(digits)] if len(digits) >= SHORTEST_START else []
        return alike[0] if len(alike) == 1 else None

    def label(self, code: str) -> str:
        """Return the label of any account of a book, fixed ones too; the code itself where the chart lost it."""
        account = self.by_name.get(code)
        return account.label if account else FIXED_LABELS.get(code, code)

    def alias(self, code: str) -> str:
        """Return the short name of an account (`618`); the code itself where the chart lost it."""
        account = self.by_name.get(code)
        return account.alias if account else code

    def search(self, words: str) -> tuple[Account, ...]:
        """Return the accounts whose code, alias, label or examples hold the start of every word, best first.

        An account whose number starts with the words comes first, then labels, then examples, each as typed before
        its singular; accents and case do not count: "photos" finds 607 and 707, then the "appareil photo" of 680.
        """
        wanted = fold(words).split()
        ranked = [(rank, account) for account in self.accounts if (rank := _rank(account, wanted)) is not None]
        return tuple(account for _, account in sorted(ranked, key=lambda pair: pair[0]))


def _rank(account: Account, wanted: list[str]) -> int | None:
    if len(wanted) == 1 and (account.alias.startswith(wanted[0]) or account.code.startswith(wanted[0])):
        return 0
    label = fold(account.label).split()
    everything = [*label, *fold(" ".join(account.examples)).split()]
    singular = [_singular(word) for word in wanted]
    grades = ((wanted, label), (singular, label), (wanted, everything), (singular, everything))
    return next((rank for rank, (starts, words) in enumerate(grades, start=1) if _start_words(starts, words)), None)


def _singular(word: str) -> str:
    return word[:-1] if len(word) > 3 and word.endswith(("s", "x")) else word


def _start_words(starts: list[str], words: list[str]) -> bool:
    return all(any(word.startswith(start) for word in words) for start in starts)


@lru_cache(maxsize=4096)  # the same labels and names come again and again
def fold(text: str) -> str:
    """Lower-case `text` without accents, with anything but letters and digits as one space: the form to compare."""
    plain = unicodedata.normalize("NFKD", text).casefold().replace("œ", "oe").replace("æ", "ae")
    kept = "".join(character if character.isalnum() else " " for character in plain if not unicodedata.combining(character))
    return " ".join(kept.split())


def search_words(typed: str) -> list[str]:
    """Return the words to search for, each once: the first ten of the first 200 characters, whoever types more."""
    return list(dict.fromkeys(fold(typed[:LONGEST_SEARCH]).split()))[:MOST_WORDS]


def read_chart(text: str) -> Chart:
    """Read a chart from CSV (`code;alias;nature;label;examples`), the form of the data files."""
    rows = csv.DictReader(text.splitlines(), delimiter=";")
    accounts = (
        Account(
            code=row["code"],
            alias=row["alias"],
            nature=Nature(row["nature"]),
            label=row["label"],
            examples=tuple(example.strip() for example in row["examples"].split(",") if example.strip()),
        )
        for row in rows
    )
    return Chart(tuple(sorted(accounts, key=lambda account: account.code)))


def national_chart() -> Chart:
    """Return OCCE's own nomenclature, in force since 2022-2023 and until the federation publishes another."""
    return read_chart(resources.files(__package__).joinpath("data/chart-2022.csv").read_text(encoding="utf-8"))
