from __future__ import annotations

from django.urls import path

from retkoop.registers.views import deliberations, home, inventory, subsidies

urlpatterns = [
    path("registres/", home.registers, name="registers"),
    path("registres/inventaire/", inventory.inventory, name="inventory"),
    path("registres/inventaire/imprimer/", inventory.print_inventory, name="print_inventory"),
    path("registres/inventaire/export/", inventory.export_inventory, name="export_inventory"),
    path("registres/inventaire/etiquettes/", inventory.labels, name="inventory_labels"),
    path("registres/inventaire/nouveau/", inventory.new_item, name="new_item"),
    path("registres/inventaire/achat/<int:key>/", inventory.list_purchase, name="list_purchase"),
    path("registres/inventaire/<int:key>/", inventory.item, name="inventory_item"),
    path("registres/inventaire/<int:key>/supprimer/", inventory.remove_item, name="remove_item"),
    path("registres/inventaire/<int:key>/retablir/", inventory.restore_item, name="restore_item"),
    path("registres/subventions/", subsidies.subsidies, name="subsidies"),
    path("registres/subventions/nouvelle/", subsidies.new_subsidy, name="new_subsidy"),
    path("registres/subventions/<int:key>/", subsidies.subsidy, name="subsidy"),
    path("registres/subventions/<int:key>/depenses/", subsidies.spendings, name="subsidy_spendings"),
    path("registres/subventions/<int:key>/compte-rendu/", subsidies.report, name="subsidy_report"),
    path("registres/subventions/<int:key>/supprimer/", subsidies.remove_subsidy, name="remove_subsidy"),
    path("registres/subventions/<int:key>/retablir/", subsidies.restore_subsidy, name="restore_subsidy"),
    path("registres/deliberations/", deliberations.deliberations, name="deliberations"),
    path("registres/deliberations/imprimer/", deliberations.print_deliberations, name="print_deliberations"),
    path("registres/deliberations/nouvelle/", deliberations.new_deliberation, name="new_deliberation"),
    path("registres/deliberations/<int:key>/", deliberations.deliberation, name="deliberation"),
    path("registres/deliberations/<int:key>/supprimer/", deliberations.remove_deliberation, name="remove_deliberation"),
    path("registres/deliberations/<int:key>/retablir/", deliberations.restore_deliberation, name="restore_deliberation"),
]
