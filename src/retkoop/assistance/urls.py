"""Help from afar as the coop sees it (`coop_urls`), its AD, and the federation."""

from __future__ import annotations

from django.urls import path

from retkoop.assistance.views import association, coop, federation, presence

coop_urls = [
    path("aide/", coop.help_page, name="help"),
    path("aide/visites/vues/", coop.see_visits, name="see_visits"),
    path("aide/<int:key>/", coop.help_thread, name="help_thread"),
    path("aide/<int:key>/regle/", coop.settle, name="settle_thread"),
    path("aide/<int:key>/vu/", coop.see, name="see_thread"),
    path("presence/", presence.presence, name="presence"),
]

association_urls = [
    path("aide/", association.threads, name="association_help"),
    path("aide/reponses/", association.answers, name="canned_answers"),
    path("aide/reponses/<int:key>/", association.answer, name="canned_answer"),
    path("aide/reponses/<int:key>/supprimer/", association.remove, name="remove_canned_answer"),
    path("aide/statistiques/", association.statistics, name="help_statistics"),
]

federation_urls = [
    path("aide/", federation.answers, name="federation_answers"),
    path("aide/<int:key>/", federation.answer, name="federation_answer"),
    path("aide/<int:key>/supprimer/", federation.remove, name="remove_federation_answer"),
    path("aide/statistiques/", federation.statistics, name="federation_help_statistics"),
]
