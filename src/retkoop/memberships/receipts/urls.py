"""Payments of adhésions, as the AD keeps them."""

from __future__ import annotations

from django.urls import URLPattern, path

from retkoop.memberships.receipts.views import deposits, payments, statements

coop_urls: list[URLPattern] = []

association_urls: list[URLPattern] = [
    path("adhesions/paiements/", payments.payments, name="membership_payments"),
    path("adhesions/paiements/nouveau/", payments.new_payment, name="new_membership_payment"),
    path("adhesions/paiements/journal/", payments.receipts_journal, name="receipts_journal"),
    path("adhesions/paiements/<int:key>/", payments.payment, name="membership_payment"),
    path("adhesions/cheques/", deposits.deposits, name="cheque_deposits"),
    path("adhesions/cheques/<int:number>/", deposits.deposit, name="cheque_deposit"),
    path("adhesions/cheques/<int:number>/bordereau/", deposits.slip, name="cheque_deposit_slip"),
    path("adhesions/releves/", statements.received_statements, name="received_statements"),
    path("adhesions/releves/propositions/", statements.accept_proposals, name="accept_proposals"),
    path("adhesions/releves/<int:key>/", statements.received_line, name="received_line"),
]

federation_urls: list[URLPattern] = []

public_urls: list[URLPattern] = []
