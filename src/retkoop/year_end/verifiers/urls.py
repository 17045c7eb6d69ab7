"""The page of the vérificateurs as the coop sees it (`coop_urls`), and their own, which name no coop (`public_urls`)."""

from __future__ import annotations

from django.urls import path

from retkoop.year_end.verifiers.views import board, teachers, visit

coop_urls = [
    path("verificateurs/", board.verifiers, name="verifiers"),
    path("verificateurs/redemander/", board.ask_again, name="ask_signatures_again"),
    path("verificateurs/quitus/", board.quitus_paper, name="quitus_paper"),
    path("verificateurs/quitus/signe/", board.upload_quitus, name="upload_quitus"),
    path("verificateurs/emargement/", board.teachers_paper, name="teachers_paper"),
    path("verificateurs/emargement/signer/", board.add_teacher, name="add_teacher"),
    path("verificateurs/emargement/<int:key>/retirer/", board.withdraw_teacher, name="withdraw_teacher"),
    path("verificateurs/mandat/<int:key>/signer/", board.sign_as_mandataire, name="sign_as_mandataire"),
    path("verificateurs/<int:key>/papier/", board.invitation_paper, name="invitation_paper"),
    path("verificateurs/<int:key>/renvoyer/", board.resend, name="resend_invitation"),
    path("verificateurs/<int:key>/retirer/", board.end_invitation, name="end_invitation"),
    path("verificateurs/<int:key>/code/", board.give_code, name="give_signing_code"),
]

public_urls = [
    path("verifier/<str:token>/", visit.start, name="verifier"),
    path("verifier/<str:token>/crf/", visit.crf, name="verifier_crf"),
    path("verifier/<str:token>/chercher/", visit.search, name="verifier_search"),
    path("verifier/<str:token>/demander/", visit.ask, name="verifier_ask"),
    path("verifier/<str:token>/operation/<int:key>/", visit.operation, name="verifier_operation"),
    path("verifier/<str:token>/document/<int:key>/fichier/", visit.document_file, name="verifier_document_file"),
    path("verifier/<str:token>/document/<int:key>/page/<int:number>/", visit.document_page, name="verifier_document_page"),
    path("verifier/<str:token>/signer/", visit.sign, name="verifier_sign"),
    path("emargement/<str:token>/", teachers.emargement, name="emargement"),
]
