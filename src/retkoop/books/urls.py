from __future__ import annotations

from django.urls import path

from retkoop.books.views import cahier, findings, history, home, opening, operation

urlpatterns = [
    path("", home.home, name="home"),
    path("cahier/", cahier.cahier, name="cahier"),
    path("cahier/saisie/", cahier.redraw, name="redraw"),
    path("cahier/verifier/", cahier.check, name="check_operation"),
    path("cahier/imprimer/", cahier.print_cahier, name="print_cahier"),
    path("cahier/corbeille/", operation.trash, name="trash"),
    path("cahier/<int:key>/", operation.operation, name="operation"),
    path("cahier/<int:key>/saisie/", operation.redraw_edited, name="redraw_edited"),
    path("cahier/<int:key>/verifier/", operation.check_edited, name="check_edited"),
    path("cahier/<int:key>/supprimer/", operation.delete, name="delete_operation"),
    path("cahier/<int:key>/retablir/", operation.restore, name="restore_operation"),
    path("report/", opening.opening, name="opening"),
    path("report/avant/", opening.add_carried_item, name="add_carried_item"),
    path("report/avant/<int:key>/supprimer/", opening.remove_carried_item, name="remove_carried_item"),
    path("report/avant/<int:key>/retablir/", opening.restore_carried_item, name="restore_carried_item"),
    path("a-corriger/", findings.findings, name="findings"),
    path("historique/", history.history, name="history"),
]
