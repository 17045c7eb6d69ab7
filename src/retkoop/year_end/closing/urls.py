"""The end of a year as the coop sees it (`coop_urls`), and as its AD does."""

from __future__ import annotations

from django.urls import path

from retkoop.year_end.closing.views import association, coop

coop_urls = [
    path("cloture/", coop.closing, name="closing"),
    path("cloture/expliquer/", coop.explain, name="explain_finding"),
    path("cloture/remarques/<int:key>/", coop.answer, name="answer_remark"),
]

association_urls = [
    path("revue/", association.reviews, name="reviews"),
    path("revue/saisie/", association.entry_for_all, name="entry_for_all"),
    path("revue/<str:rne>/<str:year>/", association.review, name="review"),
    path("revue/<str:rne>/<str:year>/remarque/", association.remark, name="review_remark"),
    path("revue/<str:rne>/<str:year>/decision/", association.decide, name="review_decision"),
    path("revue/<str:rne>/<str:year>/saisie/", association.entry, name="review_entry"),
]
