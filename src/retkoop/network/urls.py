from __future__ import annotations

from django.urls import path

from retkoop.network.views import activations, association, coop_file, directory, people, start

urlpatterns = [
    path("", start.start, name="start"),
    path("federation/annuaire/", directory.federation_directory, name="federation_directory"),
    path("federation/equipe/", people.federation_staff, name="federation_staff"),
    path("federation/equipe/<int:key>/fin/", people.end_federation_role, name="end_federation_role"),
    path("federation/equipe/<int:key>/lien/", people.federation_link, name="federation_link"),
    path("ad/<str:department>/annuaire/", directory.association_directory, name="association_directory"),
    path("ad/<str:department>/activations/", activations.activations, name="activations"),
    path("ad/<str:department>/activations/lettres/", activations.letters, name="activation_letters"),
    path("ad/<str:department>/activations/courriels/", activations.mails, name="activation_mails"),
    path("ad/<str:department>/coops/nouvelle/", directory.new_coop, name="new_coop"),
    path("ad/<str:department>/coops/annuaire/", directory.open_coops, name="open_coops"),
    path("ad/<str:department>/coops/<str:rne>/", coop_file.coop_file, name="coop_file"),
    path("ad/<str:department>/coops/<str:rne>/fiche/", coop_file.change_coop, name="change_coop"),
    path("ad/<str:department>/coops/<str:rne>/annuaire/", coop_file.follow_directory, name="follow_directory"),
    path("ad/<str:department>/coops/<str:rne>/acces/", people.give_access, name="give_access"),
    path("ad/<str:department>/coops/<str:rne>/acces/<int:key>/fin/", people.end_access, name="end_access"),
    path("ad/<str:department>/coops/<str:rne>/acces/<int:key>/lien/", people.access_link, name="access_link"),
    path("ad/<str:department>/coops/<str:rne>/mandats/", coop_file.give_mandate, name="give_mandate"),
    path("ad/<str:department>/coops/<str:rne>/mandats/<int:key>/fin/", coop_file.end_mandate, name="end_mandate"),
    path("ad/<str:department>/coops/<str:rne>/lien/", coop_file.coop_link, name="coop_link"),
    path("ad/<str:department>/coops/<str:rne>/reinitialisation/", coop_file.reset_account, name="reset_account"),
    path("ad/<str:department>/equipe/", association.staff, name="staff"),
    path("ad/<str:department>/equipe/<int:key>/fin/", association.end_role, name="end_role"),
    path("ad/<str:department>/equipe/<int:key>/role/", people.other_role, name="other_role"),
    path("ad/<str:department>/equipe/<int:key>/lien/", people.staff_link, name="staff_link"),
]
