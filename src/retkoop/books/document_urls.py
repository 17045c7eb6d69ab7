"""Documents and vouchers: their pages, and how operations are proven."""

from __future__ import annotations

from django.urls import path

from retkoop.books.views import documents, phone, vouchers

urlpatterns = [
    path("cahier/<int:key>/justificatifs/", vouchers.add, name="add_vouchers"),
    path("cahier/<int:key>/justificatifs/<int:document>/retirer/", vouchers.part, name="part_document"),
    path("cahier/<int:key>/preuve/", vouchers.say, name="say_proof"),
    path("cahier/<int:key>/attestation/", vouchers.attestation, name="attestation"),
    path("documents/", documents.documents, name="documents"),
    path("documents/manquants/", vouchers.missing, name="missing_vouchers"),
    path("documents/manquants/papier/", vouchers.say_all, name="say_all_on_paper"),
    path("documents/manquants/papier/annuler/", vouchers.take_back_all, name="take_back_papers"),
    path("documents/telephone/", phone.invite, name="phone_invite"),
    path("documents/telephone/recus/", phone.arrived, name="phone_arrived"),
    path("documents/<int:key>/", documents.document, name="document"),
    path("documents/<int:key>/joindre/", vouchers.join, name="join_document"),
    path("documents/<int:key>/supprimer/", documents.remove, name="remove_document"),
    path("documents/<int:key>/retablir/", documents.restore, name="restore_document"),
]
