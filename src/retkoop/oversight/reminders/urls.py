from __future__ import annotations

from django.urls import path

from retkoop.oversight.reminders.views import campaigns, compose, paper

urlpatterns = [
    path("relances/", campaigns.reminders, name="reminders"),
    path("relances/nouvelle/", compose.new, name="new_reminder"),
    path("relances/calendrier/", campaigns.calendar, name="reminder_calendar"),
    path("relances/<int:key>/", campaigns.campaign, name="campaign"),
    path("relances/<int:key>/courriers/", paper.letters, name="campaign_letters"),
    path("relances/<int:key>/courriers.pdf", paper.document, name="campaign_letters_pdf"),
    path("relances/<int:key>/modifier/", compose.change, name="change_campaign"),
    path("relances/<int:key>/arreter/", campaigns.stop, name="stop_campaign"),
    path("relances/<int:key>/interrupteur/", campaigns.switch, name="switch_campaign"),
]
