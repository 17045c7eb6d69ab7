"""Direct debits: the mandate on the coop’s page, collections on the AD’s."""

from __future__ import annotations

from django.urls import URLPattern, path

from retkoop.memberships.debits.views import association, coop, returns

coop_urls: list[URLPattern] = [
    path("adhesion/prelevement/", coop.debit_mandate, name="debit_mandate"),
    path("adhesion/prelevement/<int:key>/mandat.pdf", coop.paper, name="debit_mandate_paper"),
    path("adhesion/prelevement/<int:key>/fin/", coop.end, name="end_debit_mandate"),
]

association_urls: list[URLPattern] = [
    path("adhesions/prelevements/", association.collections, name="collections"),
    path("adhesions/prelevements/retours/", returns.returns, name="debit_returns"),
    path("adhesions/prelevements/retours/enregistrer/", returns.take, name="take_debit_returns"),
    path("adhesions/prelevements/<int:key>/", association.collection, name="collection"),
    path("adhesions/prelevements/<int:key>/fichier/<str:schema>/", association.download, name="collection_file"),
    path("adhesions/prelevements/<int:key>/remise/", association.act, {"verb": "remise"}, name="hand_collection_in"),
    path("adhesions/prelevements/<int:key>/encaissement/", association.act, {"verb": "encaissement"}, name="settle_collection"),
    path("adhesions/prelevements/<int:key>/annulation/", association.act, {"verb": "annulation"}, name="cancel_collection"),
    path("adhesions/prelevements/<int:key>/refus/", association.call_back, name="call_collection_back"),
    path("adhesions/prelevements/<int:key>/retrait/<int:debit>/", association.remove, name="take_debit_out"),
    path("adhesions/prelevements/<int:key>/retour/<int:debit>/", returns.one, name="return_debit"),
]

federation_urls: list[URLPattern] = []

public_urls: list[URLPattern] = []
