"""Questionnaires as the federation writes them (`federation_urls`), and their answers as an AD counts them (`association_urls`)."""

from __future__ import annotations

from django.urls import path

from retkoop.year_end.cra.views import association, federation

association_urls = [
    path("activites/", association.activities, name="activities"),
    path("activites/reponses/", association.activity_texts, name="activity_texts"),
    path("activites/export/", association.export_activities, name="export_activities"),
]

federation_urls = [
    path("questionnaires/", federation.versions, name="questionnaires"),
    path("questionnaires/brouillon/", federation.draft, name="questionnaire_draft"),
    path("questionnaires/<int:key>/", federation.questionnaire, name="questionnaire"),
    path("questionnaires/<int:key>/apercu/", federation.preview, name="questionnaire_preview"),
    path("questionnaires/<int:key>/partie/", federation.section, name="questionnaire_section"),
    path("questionnaires/<int:key>/question/", federation.question, name="questionnaire_question"),
    path("questionnaires/<int:key>/ordre/", federation.arrange, name="questionnaire_arrange"),
    path("questionnaires/<int:key>/publier/", federation.publish, name="questionnaire_publish"),
    path("questionnaires/<int:key>/supprimer/", federation.delete, name="questionnaire_delete"),
]
