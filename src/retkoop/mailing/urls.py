from __future__ import annotations

from django.urls import path

from retkoop.mailing import views

urlpatterns = [path("demo/courriels/", views.mailbox, name="mailbox")]
