from __future__ import annotations

from django.urls import path

from retkoop.network.views import association, coop_file, start

urlpatterns = [
    path("", start.start, name="start"),
    path("federation/", start.federation, name="federation"),
    path("ad/<str:department>/", association.coops, name="association"),
    path("ad/<str:department>/coops/nouvelle/", association.new_coop, name="new_coop"),
    path("ad/<str:department>/coops/<str:rne>/", coop_file.coop_file, name="coop_file"),
    path("ad/<str:department>/coops/<str:rne>/mandats/", coop_file.give_mandate, name="give_mandate"),
    path("ad/<str:department>/coops/<str:rne>/mandats/<int:key>/fin/", coop_file.end_mandate, name="end_mandate"),
    path("ad/<str:department>/coops/<str:rne>/lien/", coop_file.coop_link, name="coop_link"),
    path("ad/<str:department>/coops/<str:rne>/reinitialisation/", coop_file.reset_account, name="reset_account"),
    path("ad/<str:department>/equipe/", association.staff, name="staff"),
    path("ad/<str:department>/equipe/<int:key>/fin/", association.end_role, name="end_role"),
    path("ad/<str:department>/reglages/", association.association_settings, name="association_settings"),
]
