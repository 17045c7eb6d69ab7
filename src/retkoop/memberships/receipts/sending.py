"""A statement file that is sent: imported, or, where it holds several accounts, asked which of them is read."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpRequest

from retkoop.audit.services import AlreadySubmitted
from retkoop.banking.statement_files import LARGEST_FILE, SeveralAccounts, UnreadableStatement
from retkoop.books.writable import Refused
from retkoop.memberships.receipts.forms import AccountForm, StatementFileForm
from retkoop.memberships.receipts.holding import HeldFile, account_used, held_file, hold
from retkoop.memberships.receipts.statements import ImportedLines, import_statement
from retkoop.network.access import AssociationAccess
from retkoop.ui.templates import plural


class Sending:
    """What the page asks: for a file (`form`), and, once one holds several accounts, for the account (`choice`)."""

    choice: AccountForm | None = None

    def __init__(self, request: HttpRequest, access: AssociationAccess) -> None:
        self._request, self._access = request, access
        self._chooses = "held" in request.POST
        fresh = self._chooses or request.method != "POST"
        self.form = StatementFileForm(
            None if fresh else request.POST, None if fresh else request.FILES, initial={"submission": uuid.uuid4()}
        )

    def done(self) -> bool:
        """Import what was sent; why it cannot be is said in its form."""
        try:
            return self._chosen() if self._chooses else self._sent()
        except AlreadySubmitted:
            return True

    def _sent(self) -> bool:
        if not self.form.is_valid():
            return False
        sent = self.form.cleaned_data["fichier"]
        # one byte more than is taken, so that a file that is too large is told as such, and never read whole
        data = sent.read(LARGEST_FILE + 1)
        try:
            try:
                self._tell(self._import(sent.name, data, "", self.form.cleaned_data["submission"]))
            except SeveralAccounts as several:
                self._ask(*hold(self._access, sent.name, data, several.found))
                return False
        except (UnreadableStatement, Refused) as refusal:
            self.form.add_error("fichier", str(refusal))
            return False
        return True

    def _ask(self, held: HeldFile, token: str) -> None:
        initial = {"held": token, "submission": uuid.uuid4(), "account": account_used(self._access.association, held)}
        self.choice = AccountForm(choices=held.choices, initial=initial)
        self.form = StatementFileForm(initial={"submission": uuid.uuid4()})

    def _chosen(self) -> bool:
        try:
            held = held_file(self._access, self._request.POST.get("held", ""))
            self.choice = AccountForm(self._request.POST, choices=held.choices)
            if not self.choice.is_valid():
                return False
            account, _ = held.accounts[self.choice.cleaned_data["account"]]
            self._tell(self._import(held.name, held.data, account, self.choice.cleaned_data["submission"]))
        except (UnreadableStatement, Refused) as refusal:
            messages.error(self._request, str(refusal))
        return True

    def _import(self, name: str, data: bytes, account: str, submission: uuid.UUID) -> ImportedLines:
        return import_statement(access=self._access, name=name, data=data, account=account, submission=submission)

    def _tell(self, done: ImportedLines) -> None:
        """Say what an import made, and what its reader should know."""
        known = f" {plural(done.known, 'était déjà là', 'étaient déjà là')}." if done.known else ""
        nothing = not (done.new or done.known)
        told = "Ce relevé ne contient aucune opération." if nothing else f"{plural(done.new, 'ligne nouvelle', 'lignes nouvelles')}.{known}"
        messages.success(self._request, told)
        for remark in done.remarks:
            messages.warning(self._request, remark)
