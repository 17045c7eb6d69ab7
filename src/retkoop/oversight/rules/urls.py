from __future__ import annotations

from django.urls import path

from retkoop.oversight.rules.views import chart, signature, values

association_urls = [
    path("reglages/", values.overview, name="association_settings"),
    path("reglages/plan/", chart.chart, name="association_chart"),
    path("reglages/plan/ajouter/", chart.add, name="association_add_account"),
    path("reglages/plan/compte/<str:account>/", chart.change, name="association_change_account"),
    path("reglages/signature/", signature.signature, name="association_signature"),
    path("reglages/signature/image/", signature.image, name="association_signature_image"),
    path("reglages/historique/<slug:name>/", values.history, name="association_setting_history"),
    path("reglages/apercu/<int:key>/", values.preview, name="association_rules_preview"),
    path("reglages/<slug:group>/", values.group, name="association_setting_group"),
]

federation_urls = [
    path("reglages/", values.overview, name="federation_settings"),
    path("reglages/historique/<slug:name>/", values.history, name="federation_setting_history"),
    path("reglages/apercu/<int:key>/", values.preview, name="federation_rules_preview"),
    path("reglages/<slug:group>/", values.group, name="federation_setting_group"),
    path("plan/", chart.chart, name="federation_chart"),
    path("plan/ajouter/", chart.add, name="federation_add_account"),
    path("plan/compte/<str:account>/", chart.change, name="federation_change_account"),
]
