from __future__ import annotations

from django.urls import path

from retkoop.oversight.national.views import announcements, federation, open_data

urlpatterns = [
    path("federation/", federation.federation, name="federation"),
    path("federation/recalculer/", federation.recount, name="recount"),
    path("federation/totaux/", federation.totals, name="national_totals"),
    path("federation/totaux.<str:suffix>", federation.totals_file, name="national_totals_file"),
    path("federation/totaux/<str:account>/", federation.account_totals, name="national_account"),
    path("federation/versions/", federation.versions_in_force, name="versions_in_force"),
    path("federation/donnees-ouvertes/", open_data.open_data, name="open_data"),
    path("federation/donnees-ouvertes/<str:year>/publier/", open_data.publish_year, name="publish_year"),
    path("federation/donnees-ouvertes/<str:year>/retirer/", open_data.withdraw_year, name="withdraw_year"),
    path("federation/annonces/", announcements.announcements, name="announcements"),
    path("federation/annonces/<int:key>/", announcements.announcement, name="announcement"),
    path("federation/annonces/<int:key>/retirer/", announcements.withdraw_announcement, name="withdraw_announcement"),
    path("annonces/", announcements.announcements_here, name="announcements_here"),
    path("annonces/<int:key>/lu/", announcements.read_announcement, name="read_announcement"),
    path("donnees-ouvertes/", open_data.public_data, name="public_data"),
    path("donnees-ouvertes/<str:year>.<str:suffix>", open_data.public_file, name="public_file"),
]
