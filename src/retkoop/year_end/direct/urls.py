"""The compte rendu of a year that was kept elsewhere."""

from __future__ import annotations

from django.urls import path

from retkoop.year_end.direct.views import end, sheet, year

urlpatterns = [
    path("compte-rendu-direct/", year.direct, name="direct"),
    path("compte-rendu-direct/choisir/", year.choose, name="choose_direct"),
    path("compte-rendu-direct/quitter/", year.leave, name="leave_direct"),
    path("compte-rendu-direct/depart/", year.opening, name="direct_opening"),
    path("compte-rendu-direct/totaux/", year.totals, name="direct_totals"),
    path("compte-rendu-direct/totaux/sommes/", year.sums, name="direct_sums"),
    path("compte-rendu-direct/banque/", end.bank, name="direct_bank"),
    path("compte-rendu-direct/banque/pas-encore/", end.add_unpointed, name="add_unpointed"),
    path("compte-rendu-direct/banque/pas-encore/<int:key>/retirer/", end.remove_unpointed, name="remove_unpointed"),
    path("compte-rendu-direct/caisse/", end.cash, name="direct_cash"),
    path("compte-rendu-direct/tableur/", sheet.sheet, name="direct_sheet"),
    path("compte-rendu-direct/tableur/modele/", sheet.model, name="direct_model"),
    path("compte-rendu-direct/tableur/noter/", sheet.confirm, name="confirm_sheet"),
    path("compte-rendu-direct/subventions/", end.subsidies, name="direct_subsidies"),
    path("compte-rendu-direct/subventions/<int:key>/", end.subsidy, name="direct_subsidy"),
    path("compte-rendu-direct/subventions/<int:key>/retirer/", end.remove_subsidy, name="remove_direct_subsidy"),
]
