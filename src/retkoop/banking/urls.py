from __future__ import annotations

from django.urls import path

from retkoop.banking.views import cash, statements

urlpatterns = [
    path("rapprochement/", statements.reconciliation, name="reconciliation"),
    path("rapprochement/etat/", statements.reconciliation_report, name="reconciliation_report"),
    path("rapprochement/<int:key>/", statements.statement, name="statement"),
    path("rapprochement/<int:key>/jusqu-au/", statements.tick_until, name="tick_until"),
    path("rapprochement/<int:key>/depointer/", statements.untick_many, name="untick_many"),
    path("rapprochement/<int:key>/ecart/", statements.gap_clues, name="gap_clues"),
    path("rapprochement/<int:key>/modifier/", statements.edit, name="edit_statement"),
    path("rapprochement/<int:key>/supprimer/", statements.remove, name="remove_statement"),
    path("rapprochement/<int:key>/clore/", statements.close, name="close_statement"),
    path("rapprochement/<int:key>/rouvrir/", statements.reopen, name="reopen_statement"),
    path("caisse/", cash.cash, name="cash"),
    path("caisse/total/", cash.cash_total, name="cash_total"),
    path("caisse/<int:key>/supprimer/", cash.remove, name="remove_cash_count"),
    path("caisse/<int:key>/retablir/", cash.restore, name="restore_cash_count"),
]
