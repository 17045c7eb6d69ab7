"""What a year still waits for before it leaves: one list, for the page, for the call to sign and for the sending.

Useful from the first day of the year: what is not due yet says when it will be.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Final

from retkoop.books.findings import COUNTED, Told, all_findings_on
from retkoop.books.home import meaning
from retkoop.books.page import CoopPage
from retkoop.domain.checks.evidence import statement_wanted
from retkoop.domain.checks.finding import Severity
from retkoop.domain.closing import ClosingState, signatures_missing
from retkoop.domain.dates import format_date
from retkoop.domain.deadline import time_left
from retkoop.domain.standing import LampState
from retkoop.network.queries import settings_of
from retkoop.ui.templates import plural
from retkoop.year_end.closing.queries import DUE_SETTING, closing_and_report_of, due_in, explanations_of
from retkoop.year_end.cra.queries import cra_with
from retkoop.year_end.models import ActivityReport, Explanation, YearClosing
from retkoop.year_end.verifiers.queries import RULE_SETTINGS, mandataires_of, missing_signatures, rule_in

STATEMENT: Final = frozenset({"releve-manquant"})
REGIES: Final = frozenset({"regie-negative", "regie-apres-juin", "regie-ouverte"})
SUBSIDIES: Final = frozenset({"tableau-des-subventions", "subvention-hors-tableau", "subvention-autre-objet", "subvention-non-justifiee"})
INVENTORY: Final = frozenset({"bien-non-inventorie"})
IDLE: Final = frozenset({"erreurs", "alertes", "releve", "subventions", "inventaire", "regies"})
"""What is right in a year of which nothing is noted: it says nothing of what was done."""


@dataclass(frozen=True, slots=True)
class Line:
    """A thing that a year waits for: its state, in plain words, and where it is done. `needed`: nothing leaves without it."""

    code: str
    title: str
    sentence: str
    done: bool
    needed: bool
    action: str
    href: str


@dataclass(frozen=True, slots=True)
class ToExplain:
    """An alerte and what the coop says of it. `stale`: what it explains has changed since, and is to be read again."""

    told: Told
    explanation: Explanation | None

    @property
    def stale(self) -> bool:
        return self.explanation is not None and self.explanation.message != self.told.message

    @property
    def done(self) -> bool:
        return self.explanation is not None and not self.stale

    @property
    def operation(self) -> int:
        return self.told.operation_id or 0


@dataclass
class Preparation:
    """The preparation of a year, as it stands on the day of its page."""

    page: CoopPage

    @cached_property
    def _kept(self) -> tuple[YearClosing, ActivityReport | None]:
        return closing_and_report_of(self.page.book)

    @property
    def closing(self) -> YearClosing:
        return self._kept[0]

    @property
    def state(self) -> ClosingState:
        return ClosingState(self.closing.state)

    @cached_property
    def findings(self) -> Sequence[Told]:
        kept = self.page.findings
        return kept.gravest if kept.total <= COUNTED else all_findings_on(self.page.book, self.page.today)

    @cached_property
    def alertes(self) -> list[ToExplain]:
        """The alertes that the coop explains; the statement that is missing is no matter of explanation."""
        found = [told for told in self.findings if told.severity == Severity.ALERTE and told.code not in STATEMENT]
        if not found:
            return []
        explained = explanations_of(self.page.book)
        once: dict[tuple[str, int], Told] = {}
        for told in found:
            once.setdefault((told.code, told.operation_id or 0), told)
        return [ToExplain(told, explained.get(key)) for key, told in once.items()]

    @cached_property
    def settings(self) -> Mapping[str, object]:
        return settings_of(self.page.coop.association, self.page.year, RULE_SETTINGS | {DUE_SETTING})

    @cached_property
    def signatures_missing(self) -> list[str]:
        """Which signatures the sending still waits for; nobody has signed before they were called to."""
        if self.closing.called_at is None:
            return signatures_missing([], mandataires_of(self.page.book), rule_in(self.settings))
        return missing_signatures(self.page.book)

    @cached_property
    def due(self) -> date:
        """The day by which the AD wants the accounts."""
        return due_in(self.settings, self.page.year)

    @property
    def time_left(self) -> str | None:
        """How long it is until that day, once the year is over; None before."""
        return time_left(self.due, self.page.today) if self._is_over else None

    @property
    def is_late(self) -> bool:
        return self.page.today > self.due

    @property
    def left(self) -> int:
        """How many things remain to be done."""
        return sum(line.needed and not line.done for line in self.lines)

    @cached_property
    def lines(self) -> list[Line]:
        """What the year waits for, in the order in which to do it."""
        lines = [*self._accounts(), *self._registers(), self._activities(), self._year(), self._signatures()]
        standing = self.page.standing
        if standing.operation_count and not standing.awaits_totals:
            return lines
        first = [] if standing.awaits_totals else [self._blank()]
        return [*first, *(line for line in lines if not (line.done and line.code in IDLE))]

    @property
    def before_signing(self) -> list[str]:
        """Why nobody can be asked to sign yet; nothing where all is ready."""
        return [f"{line.title}. {line.sentence}" for line in self.lines if line.needed and not line.done and line.code != "signatures"]

    @property
    def before_sending(self) -> list[str]:
        """Why the accounts cannot leave yet; nothing where all is ready."""
        return [*self.before_signing, *self.signatures_missing]

    def _line(self, code: str, title: str, sentence: str, action: str, page: str, *, done: bool, needed: bool = True) -> Line:  # noqa: PLR0913 -- a line is these facts
        return Line(code, title, sentence, done, needed, action, self.page.url(page))

    def _accounts(self) -> list[Line]:
        return [self._errors(), self._explained(), *self._lamps(), self._statement()]

    def _blank(self) -> Line:
        """What a year without any operation says first; where it began with something, it may have stayed so."""
        begun = self.page.standing.has_opening
        said = "Si rien n’a été reçu ni payé cette année, c’est juste." if begun else "Les comptes de l’année sont à saisir."
        return self._line("saisie", "Rien n’est encore noté", said, "Ouvrir le cahier", "cahier", done=False, needed=not begun)

    def _errors(self) -> Line:
        count = sum(told.severity == Severity.ERREUR for told in self.findings)
        if not count and self.page.standing.awaits_totals:
            said = "Un montant par compte, et ce qu’il y avait à la fin."
            return self._line("erreurs", "Totaux de l’année à saisir", said, "Saisir", "direct_totals", done=False)
        if not count:
            books = "les totaux" if self.page.book.direct else "le cahier"
            return self._line("erreurs", f"Aucune erreur dans {books}", "Les calculs sont justes.", "Revoir", "findings", done=True)
        first = next(told.message for told in self.findings if told.severity == Severity.ERREUR)
        return self._line("erreurs", f"{plural(count, 'erreur')} à corriger", first, "Corriger", "findings", done=False)

    def _explained(self) -> Line:
        waiting = [one for one in self.alertes if not one.done]
        if not waiting:
            said = "Chaque alerte a son explication." if self.alertes else "Rien à expliquer."
            return self._line("alertes", "Alertes expliquées", said, "Revoir", "closing", done=True)
        title = f"{plural(len(waiting), 'alerte')} à corriger ou à expliquer"
        return self._line(
            "alertes", title, "Corrigez, ou expliquez en une phrase\u202f: elle ira dans le CRF.", "Expliquer", "closing", done=False
        )

    def _lamps(self) -> list[Line]:
        page, direct, awaits = self.page, self.page.book.direct, self.page.standing.awaits_totals
        actions = {
            "bilan": "Revoir les totaux" if direct else "Voir le bilan",
            "rapprochement": "Compléter la banque" if direct else "Pointer le relevé",
            "caisse": "Compter la caisse",
        }
        noted = {"rapprochement": page.book.statement_balance, "caisse": page.book.count_total}
        lines = []
        for lamp, _ in page.lamps:
            said, action = meaning(lamp, can_write=page.can_write, direct=direct), actions[lamp.name]
            if awaits and noted.get(lamp.name) is not None:
                said, action = "C’est noté\u202f: les totaux diront si c’est juste.", "Revoir"
            if not (awaits and lamp.name == "bilan"):  # the totals have their own line
                done = lamp.state is LampState.GOOD
                lines.append(self._line(lamp.name, lamp.text, said, action, page.lamp_page(lamp.name), done=done))
        return lines

    def _statement(self) -> Line:
        wanted = statement_wanted(self.page.standing, self.page.year)
        if wanted is None:
            return self._line("releve", "Pas de relevé à joindre", "Rien n’est passé par la banque.", "Revoir", "documents", done=True)
        joined = self.page.book.statement_document
        if joined is not None and joined >= wanted:
            return self._line("releve", "Relevé bancaire joint", "Le dernier relevé de l’année est là.", "Revoir", "documents", done=True)
        told = self._first(STATEMENT)
        said = told.message if told else "Joignez-le quand la banque l’aura édité."
        return self._line("releve", "Dernier relevé bancaire à joindre", said, "Joindre le relevé", "documents", done=False)

    def _registers(self) -> list[Line]:
        subsidies = "direct_subsidies" if self.page.book.direct else "subsidies"
        return [
            self._register("subventions", SUBSIDIES, "Subventions à jour", "Tableau des subventions à compléter", subsidies),
            self._register("inventaire", INVENTORY, "Inventaire à jour", "Inventaire à compléter", "inventory"),
            self._register("regies", REGIES, "Régies soldées", "Régies à solder", "findings"),
        ]

    def _register(self, code: str, checks: Collection[str], good: str, bad: str, page: str) -> Line:
        told = self._first(checks)
        if told is None:
            return self._line(code, good, "Les contrôles n’y trouvent rien à redire.", "Revoir", page, done=True)
        # alertes may be explained, erreurs have their own line: neither holds the sending a second time
        return self._line(code, bad, told.message, "Compléter", page, done=False, needed=False)

    def _activities(self) -> Line:
        far = cra_with(self.page.book, self._kept[1]).state
        if far.finished:
            return self._line("cra", "Compte rendu d’activités terminé", "Il partira avec le CRF.", "Revoir", "cra", done=True)
        title = "Compte rendu d’activités à terminer" if far.begun else "Compte rendu d’activités à remplir"
        if far.begun:
            return self._line("cra", title, f"{plural(far.answered, 'réponse')} sur {far.of}.", "Continuer", "cra", done=False)
        said = "Il n’est pas commencé\u202f: racontez l’année en quelques réponses."
        return self._line("cra", title, said, "Commencer", "cra", done=False)

    def _first(self, codes: Collection[str]) -> Told | None:
        return next((told for told in self.findings if told.code in codes), None)

    @property
    def _is_over(self) -> bool:
        return self.page.today >= self.page.year.last_day

    def _year(self) -> Line:
        last, action = format_date(self.page.year.last_day), "Ouvrir le compte rendu" if self.page.book.direct else "Ouvrir le cahier"
        if self._is_over:
            return self._line("annee", "L’année est finie", f"Elle s’est arrêtée le {last}.", action, "cahier", done=True)
        sentence = f"Le compte rendu s’arrête au {last}\u202f: il partira à partir de ce jour."
        return self._line("annee", "L’année court encore", sentence, action, "cahier", done=False)

    def _signatures(self) -> Line:
        if self.state in (ClosingState.SENT, ClosingState.ACCEPTED, ClosingState.CLOSED):
            return self._line("signatures", "Signatures recueillies", "Tous ont signé.", "Revoir", "verifiers", done=True)
        missing = self.signatures_missing
        if not missing:
            return self._line("signatures", "Signatures recueillies", "Tous ont signé.", "Revoir", "verifiers", done=True)
        return self._line("signatures", "Vérificateurs et signatures", " ".join(missing), "Inviter et signer", "verifiers", done=False)
