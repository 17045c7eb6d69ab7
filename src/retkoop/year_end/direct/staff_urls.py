"""The AD's own workbook (`association_urls`)."""

from __future__ import annotations

from django.urls import path

from retkoop.year_end.direct.views import workbook

association_urls = [
    path("classeur/", workbook.workbook, name="workbook"),
    path("classeur/exemple/", workbook.show_workbook, name="show_workbook"),
    path("classeur/case/", workbook.point_cell, name="point_cell"),
    path("classeur/publier/", workbook.publish_workbook, name="publish_workbook"),
    path("classeur/supprimer/", workbook.delete_workbook, name="delete_workbook"),
]
